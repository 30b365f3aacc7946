// A lane as panels name and draw it.
#pragma once

#include <QString>
#include <vector>

namespace basin {

class RunController;

/// `style` is an index for lane_style(); what is not visible is drawn faded or not at all.
struct ShownLane {
    QString label;
    int style = 0;
    bool visible = true;
};

/// Those of the experiment that its run has, in order. Window's thread only.
std::vector<ShownLane> shown_lanes(const RunController& controller);

/// Hides a lane that is shown and shows one that is hidden, as a click on a chart's legend asks; curves that are not
/// lanes are passed over. Window's thread only.
void toggle_lane(RunController& controller, int curve);

}  // namespace basin
