#include "core/run/round_plan.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace basin {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

std::uint64_t next_multiple(std::uint64_t step, std::uint64_t every)
{
    if (every == 0 || step / every >= kNever / every) {
        return kNever;
    }
    return (step / every + 1) * every;
}

}  // namespace

std::uint64_t RoundPlan::rows_every(std::uint64_t step) const
{
    if (record_every != 0) {
        return record_every;
    }
    if (total != 0) {
        return (total - 1) / kDenseRows + 1;
    }
    return step < kDenseRows ? 1 : std::bit_floor(step) / (kDenseRows / 2);
}

std::uint64_t RoundPlan::next_cut(std::uint64_t step) const
{
    std::uint64_t cut = next_multiple(step, metrics_every);
    if (total != 0) {
        cut = std::min(cut, total);
    } else if (record_every == 0) {
        cut = std::min(cut, std::max(kDenseRows, std::bit_floor(step) * 2));
    }
    for (const std::uint64_t every : probes_every) {
        cut = std::min(cut, next_multiple(step, every));
    }
    const auto change = std::upper_bound(changes.begin(), changes.end(), step);
    return change == changes.end() ? cut : std::min(cut, *change);
}

bool RoundPlan::row_at(std::uint64_t step) const
{
    return step == 0 || step % rows_every(step - 1) == 0;
}

bool RoundPlan::metrics_at(std::uint64_t step) const
{
    return metrics_every != 0 && (step % metrics_every == 0 || step == total);
}

bool RoundPlan::probe_at(std::size_t probe, std::uint64_t step) const
{
    return probes_every[probe] != 0 && step % probes_every[probe] == 0;
}

}  // namespace basin
