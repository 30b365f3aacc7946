// Where the steps of a run must be cut, whatever the clock says.
#pragma once

#include <cstdint>
#include <vector>

namespace basin {

/// The steps at which something other than stepping happens: changes, probes, metrics, the end, and where an endless
/// run begins to record more sparsely. A pure function of the spec, so that every run of it does the same. A value.
struct RoundPlan {
    /// A lane records at most about this many rows; a power of two.
    static constexpr std::uint64_t kDenseRows = std::uint64_t{1} << 20U;

    std::uint64_t total = 0;          // 0: endless
    std::uint64_t record_every = 0;   // 0: by itself
    std::uint64_t metrics_every = 0;  // 0: never
    std::vector<std::uint64_t> probes_every;
    std::vector<std::uint64_t> changes;  // ascending

    /// Steps between two rows while going from `step` to next_cut(step). Chosen by itself: 1, or ceil(total / 2^20)
    /// when the end is known; else it doubles at each power of two from 2^20 on.
    std::uint64_t rows_every(std::uint64_t step) const;
    /// The first step after `step` where stepping has to pause for something; 2^64 - 1 when there is none.
    std::uint64_t next_cut(std::uint64_t step) const;
    /// Whether a lane that comes to `step` records it.
    bool row_at(std::uint64_t step) const;
    bool metrics_at(std::uint64_t step) const;
    bool probe_at(std::size_t probe, std::uint64_t step) const;
};

}  // namespace basin
