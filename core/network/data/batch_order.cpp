#include "core/network/data/batch_order.h"

#include <algorithm>
#include <utility>

#include "core/network/data/permutation.h"

namespace basin {
namespace {

/// A method that asks for several batches a step takes as many draws; more than this is recomputed, not wrong.
constexpr std::size_t kRemembered = 8;

bool same(const RngKey& a, const RngKey& b)
{
    return a.seed == b.seed && a.step == b.step && a.draw == b.draw && a.lane == b.lane;
}

}  // namespace

BatchOrder::BatchOrder(std::size_t examples, std::size_t batch_size)
    : examples_(examples), batch_size_(std::min(batch_size, examples))
{
}

std::size_t BatchOrder::first(std::uint64_t step) const
{
    return static_cast<std::size_t>(step % steps_per_epoch()) * batch_size_;
}

std::size_t BatchOrder::batch_size(std::uint64_t step) const
{
    return std::min(batch_size_, examples_ - first(step));
}

RngKey BatchOrder::epoch_key(const BatchKey& key) const
{
    return {key.seed, Stream::batch, static_cast<std::uint32_t>(key.step / steps_per_epoch()), key.draw, key.lane};
}

std::span<const std::uint32_t> BatchOrder::batch(const BatchKey& key)
{
    return epoch(key).subspan(first(key.step), batch_size(key.step));
}

std::span<const std::uint32_t> BatchOrder::epoch(const BatchKey& key)
{
    const RngKey wanted = epoch_key(key);
    const auto known =
        std::find_if(epochs_.begin(), epochs_.end(), [&](const Epoch& e) { return same(e.key, wanted); });
    if (known != epochs_.end()) {
        epochs_.splice(epochs_.begin(), epochs_, known);
    } else {
        epochs_.push_front({wanted, permutation(wanted, examples_)});
        if (epochs_.size() > kRemembered)
            epochs_.pop_back();
    }
    return epochs_.front().order;
}

}  // namespace basin
