// What the lane worker shows to whoever asks.
#pragma once

#include <mutex>
#include <vector>

#include "core/run/runner.h"

namespace basin {

/// Copies behind a mutex that is held only to copy, and what lanes are at without one. Any thread.
struct RunBoard {
    explicit RunBoard(std::size_t lane_count) : metrics(lane_count), phases(lane_count) {}

    mutable std::mutex mutex;
    std::vector<LaneStatus> lanes;
    std::vector<std::vector<MetricsRow>> metrics;  // a lane each, until taken
    std::vector<ProbeReport> reports;              // until taken
    std::vector<ChangeSpec> applied;               // changes that have acted
    std::vector<ChangeSpec> coming;                // and those that will
    double seconds = 0;
    LanePhases phases;
};

}  // namespace basin
