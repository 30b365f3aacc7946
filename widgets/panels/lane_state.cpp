#include "widgets/panels/lane_state.h"

namespace basin {

namespace {

/// Of a lane that has not come to its end.
QString running_text(RunController::State run, LanePhase phase)
{
    if (phase == LanePhase::evaluating) {
        return QStringLiteral("evaluating");
    }
    if (phase != LanePhase::stepping) {
        return QStringLiteral("waiting");
    }
    switch (run) {
        case RunController::State::running:
            return QStringLiteral("running");
        case RunController::State::paused:
            return QStringLiteral("paused");
        case RunController::State::stopped:
            return QStringLiteral("stopped");
        default:
            return QStringLiteral("waiting");
    }
}

}  // namespace

QString lane_state_text(const LaneStatus& lane, RunController::State run)
{
    switch (lane.state) {
        case LaneState::running:
            return running_text(run, noticeable_phase(lane));
        case LaneState::finished:
            return QStringLiteral("finished");
        case LaneState::failed:
            break;
    }
    return QStringLiteral("failed");
}

}  // namespace basin
