#include "widgets/panels/shown_lane.h"

#include <algorithm>

#include "widgets/bridge/run_controller.h"

namespace basin {

std::vector<ShownLane> shown_lanes(const RunController& controller)
{
    std::vector<ShownLane> lanes;
    for (std::size_t i = 0; i < std::min(controller.laneCount(), controller.spec().lanes.size()); ++i) {
        const LaneView& view = controller.lane(i);
        lanes.push_back({QString::fromStdString(controller.spec().lanes[i].label), view.style, view.visible});
    }
    return lanes;
}

void toggle_lane(RunController& controller, int curve)
{
    const auto lane = static_cast<std::size_t>(curve);
    if (curve >= 0 && lane < controller.laneCount()) {
        controller.setLaneVisible(lane, !controller.lane(lane).visible);
    }
}

}  // namespace basin
