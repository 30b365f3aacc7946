#include "widgets/bridge/run_builder.h"

#include <exception>
#include <utility>

#include "core/compute/thread_priority.h"

namespace basin {

RunBuilder::RunBuilder(RunParts parts)
    : parts_(std::move(parts)), thread_([this](const std::stop_token& stop) { work(stop); })
{
}

RunBuilder::~RunBuilder()
{
    thread_.request_stop();
    thread_.join();
}

void RunBuilder::order(ExperimentSpec spec, RunOptions options, std::unique_ptr<Runner> old)
{
    const std::lock_guard lock(mutex_);
    order_ = Order{std::move(spec), std::move(options)};
    if (old) {
        old_.push_back(std::move(old));
    }
    if (product_ && product_->runner) {
        old_.push_back(std::move(product_->runner));
    }
    product_.reset();
    wake_.notify_one();
}

std::optional<RunBuilder::Product> RunBuilder::take()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(product_, std::nullopt);
}

bool RunBuilder::busy() const
{
    const std::lock_guard lock(mutex_);
    return making_ || order_.has_value() || product_.has_value();
}

void RunBuilder::work(const std::stop_token& stop)
{
    let_others_go_first();  // and so do the threads of the runs that are made here
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [this] { return order_.has_value() || !old_.empty(); })) {
        std::vector<std::unique_ptr<Runner>> old = std::exchange(old_, {});
        std::optional<Order> order = std::exchange(order_, std::nullopt);
        making_ = order.has_value();
        lock.unlock();
        old.clear();
        Product product = order ? make(*order) : Product{};
        lock.lock();
        making_ = false;
        if (order && !order_) {
            product_ = std::move(product);
        } else if (product.runner) {
            old_.push_back(std::move(product.runner));
        }
    }
}

RunBuilder::Product RunBuilder::make(const Order& order) const
{
    Product product;
    try {
        if (order.spec.objective.kind == "landscape") {
            product.landscape = find_landscape(order.spec.objective.key).make(order.spec.objective.params);
        }
        product.runner = std::make_unique<Runner>(order.spec, order.options, parts_);
        product.metric_keys = product.runner->objective().metric_keys();
        product.steps_per_epoch = product.runner->objective().steps_per_epoch();
        product.training_examples = product.runner->objective().examples({}, {.full_data = true});
    } catch (const std::exception& error) {
        product = Product{};
        product.error = error.what();
    }
    return product;
}

}  // namespace basin
