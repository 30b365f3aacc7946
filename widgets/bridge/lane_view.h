// One lane as the window sees it in this frame.
#pragma once

#include <vector>

#include "core/run/runner.h"
#include "widgets/bridge/history.h"

namespace basin {

/// What panels draw of a lane. Owned and refreshed by RunController once a frame; window's thread only.
struct LaneView {
    /// Index into the palette of lane_style.h. Stays with the lane when others come and go.
    int style = 0;
    /// False while the user has hidden the lane: nothing of it is drawn.
    bool visible = true;
    LaneStatus status;
    LaneHistory history;
    /// Data-set metrics so far, in the order of RunController::metricKeys().
    std::vector<MetricsRow> metrics;
    /// Newest positions; `snapshot_number` grows when they are replaced, 0 while there are none.
    const Snapshot* snapshot = nullptr;
    std::uint64_t snapshot_number = 0;
};

}  // namespace basin
