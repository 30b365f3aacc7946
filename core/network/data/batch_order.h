// Which examples a step looks at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/network/recently_used.h"
#include "core/objective/objective.h"

namespace basin {

/// Batches without replacement: epoch e = step / steps_per_epoch() visits every example once, in the order
/// permutation({seed, Stream::batch, step = e, draw, lane}); the last batch of an epoch is what is left. A batch is a
/// pure function of its key; the newest permutations are only remembered. One caller at a time.
class BatchOrder {
public:
    /// A method that asks for several batches a step takes as many draws; more than this is recomputed, not wrong.
    static constexpr std::size_t kRemembered = 8;

    BatchOrder(std::size_t examples, std::size_t batch_size);

    std::size_t steps_per_epoch() const { return (examples_ + batch_size_ - 1) / batch_size_; }
    std::size_t batch_size(std::uint64_t step) const;
    /// Valid until the next call.
    std::span<const std::uint32_t> batch(const BatchKey& key);
    /// Which permutation the batch is from: what is the same for all steps of its epoch.
    RngKey epoch_key(const BatchKey& key) const;
    /// That permutation, valid until the next call, and where the batch begins in it.
    std::span<const std::uint32_t> epoch(const BatchKey& key);
    std::size_t first(std::uint64_t step) const;

private:
    std::size_t examples_;
    std::size_t batch_size_;
    RecentlyUsed<RngKey, std::vector<std::uint32_t>> epochs_{kRemembered};
};

}  // namespace basin
