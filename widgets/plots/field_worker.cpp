#include "widgets/plots/field_worker.h"

namespace basin {

FieldWorker::FieldWorker(QObject* parent) : QObject(parent)
{
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

FieldWorker::~FieldWorker()
{
    thread_.request_stop();
    {
        const std::lock_guard lock(mutex_);
        current_.request_stop();
    }
    thread_.join();
}

void FieldWorker::request(FieldRequest request)
{
    {
        const std::lock_guard lock(mutex_);
        wanted_ = std::move(request);
        done_.reset();
        current_.request_stop();
    }
    wake_.notify_one();
}

std::shared_ptr<const FieldPicture> FieldWorker::take()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(done_, nullptr);
}

void FieldWorker::work(const std::stop_token& stop)
{
    while (true) {
        FieldRequest request;
        std::stop_token superseded;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return wanted_.has_value(); })) {
                return;
            }
            request = *std::exchange(wanted_, std::nullopt);
            current_ = std::stop_source();
            superseded = current_.get_token();
        }
        if (stop.stop_requested()) {
            return;
        }
        std::optional<FieldPicture> picture = compute_field(request, superseded);
        if (!picture) {
            continue;
        }
        {
            const std::lock_guard lock(mutex_);
            if (superseded.stop_requested()) {
                continue;
            }
            done_ = std::make_shared<const FieldPicture>(*std::move(picture));
        }
        Q_EMIT ready();  // queued: this is not the receiver's thread
    }
}

}  // namespace basin
