// One word for what a lane is doing.
#pragma once

#include <QString>

#include "widgets/bridge/run_controller.h"

namespace basin {

/// "running", "evaluating", "waiting", "paused", "stopped", "finished" or "failed". Lanes are evaluated also while the
/// run stands at its start.
QString lane_state_text(const LaneStatus& lane, RunController::State run);

}  // namespace basin
