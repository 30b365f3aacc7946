// What a lane has recorded so far, in columns, for the curves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/run/telemetry.h"

namespace basin {

/// Every recorded row of one lane, oldest first; all columns have size() entries and steps never decrease. Grows only
/// at its end, so that who draws may remember how far it has read. generation() changes when it starts anew.
/// Window's thread only.
class LaneHistory {
public:
    void append(std::span<const RecordRow> rows);
    void clear();

    std::size_t size() const { return steps_.size(); }
    bool empty() const { return steps_.empty(); }
    std::uint64_t generation() const { return generation_; }

    std::span<const double> steps() const { return steps_; }
    std::span<const double> gradients() const { return gradients_; }
    std::span<const double> seconds() const { return seconds_; }
    /// Not finite where nothing could be computed (every particle escaped).
    std::span<const double> losses() const { return losses_; }

private:
    std::uint64_t generation_ = 0;
    std::vector<double> steps_;
    std::vector<double> gradients_;
    std::vector<double> seconds_;
    std::vector<double> losses_;
};

}  // namespace basin
