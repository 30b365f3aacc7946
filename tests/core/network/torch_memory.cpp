#include "tests/core/network/torch_memory.h"

#include <c10/core/CPUAllocator.h>
#include <torch/torch.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "core/network/evaluation_memory.h"
#include "core/network/network.h"
#include "core/network/network_loss.h"

namespace torch_memory {
namespace {

using namespace basin;

constexpr int kClasses = 10;

struct Made {
    Model model;
    NetworkLoss loss;
};

Made make(const Case& what)
{
    for (const NetworkEntry* entry : network_entries()) {
        if (entry->key != what.network) {
            continue;
        }
        Params params(network_schema(*entry));
        if (!what.widths.empty()) {
            params.set("widths", what.widths);
        }
        if (!what.variant.empty()) {
            params.set("variant", what.variant);
        }
        params.set("loss", what.loss);
        return {entry->make(params, {what.example_shape, kClasses}), network_loss(params)};
    }
    throw std::invalid_argument("no network " + what.network);
}

/// Hands on to the allocator that was there before, and keeps count.
class Counting final : public c10::Allocator {
public:
    c10::DataPtr allocate(std::size_t bytes) override
    {
        if (limit != 0 && bytes >= limit) {
            throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "out of memory");
        }
        c10::DataPtr memory = under->allocate(bytes);
        void* place = memory.get();
        const std::lock_guard lock(mutex);
        now += static_cast<std::int64_t>(bytes);
        most = std::max(most, now);
        if (place != nullptr) {
            held.insert_or_assign(place, std::pair{std::move(memory), bytes});
        }
        return {place, place, &Counting::free, at::kCPU};
    }
    c10::DeleterFnPtr raw_deleter() const override { return &Counting::free; }
    static void free(void* place)
    {
        Counting& mine = counting();
        const std::lock_guard lock(mine.mutex);
        if (const auto known = mine.held.find(place); known != mine.held.end()) {
            mine.now -= static_cast<std::int64_t>(known->second.second);
            mine.held.erase(known);
        }
    }
    void copy_data(void* to, const void* from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }

    static Counting& counting()
    {
        static Counting one;
        return one;
    }
    void begin(std::size_t bytes)
    {
        under = c10::GetCPUAllocator();
        limit = bytes;
        now = most = 0;
        c10::SetCPUAllocator(this);
    }
    void end() const { c10::SetCPUAllocator(under); }

    std::mutex mutex;
    std::unordered_map<void*, std::pair<c10::DataPtr, std::size_t>> held;
    c10::Allocator* under = nullptr;
    std::size_t limit = 0;
    std::int64_t now = 0;
    std::int64_t most = 0;
};

}  // namespace

std::uint64_t estimated(const Case& what)
{
    const Made made = make(what);
    return evaluation_bytes(made.model, made.loss, what.example_shape, what.examples, what.gradient);
}

std::uint64_t measured(const Case& what)
{
    const Made made = make(what);
    std::vector<std::int64_t> shape = what.example_shape;
    shape.insert(shape.begin(), what.examples);
    const at::Tensor inputs = at::rand(shape);
    const at::Tensor labels = at::randint(0, kClasses, {what.examples}, at::kLong);
    std::vector<at::Tensor> parameters;
    for (const LayoutBlock& block : made.model.layout.blocks) {
        parameters.push_back(at::randn(block.shape).requires_grad_(what.gradient));
    }
    std::vector<at::Tensor> buffers;
    for (const LayoutBlock& block : made.model.buffer_layout.blocks) {
        buffers.push_back(at::ones(block.shape));
    }
    const at::AutoGradMode mode(what.gradient);
    Counting::counting().begin(0);
    {
        const at::Tensor outputs = made.model.forward({.examples = inputs,
                                                       .parameters = parameters,
                                                       .buffers = buffers,
                                                       .training = what.gradient,
                                                       .dropout = {}});
        const at::Tensor loss = mean_loss(made.loss, outputs, labels);
        if (what.gradient) {
            torch::autograd::grad({loss}, parameters);
        }
    }
    Counting::counting().end();
    return static_cast<std::uint64_t>(Counting::counting().most);
}

Limit::Limit(std::size_t bytes)
{
    Counting::counting().begin(bytes);
}

Limit::~Limit()
{
    Counting::counting().end();
}

}  // namespace torch_memory
