#include "core/network/data/batch_order.h"

#include <algorithm>

#include "core/network/data/permutation.h"

namespace basin {

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
    return epochs_.of(wanted, [&] { return permutation(wanted, examples_); });
}

}  // namespace basin
