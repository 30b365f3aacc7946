#include "core/run/lane_phase.h"

namespace basin {

const char* lane_phase_name(LanePhase phase)
{
    switch (phase) {
        case LanePhase::stepping:
            return "stepping";
        case LanePhase::evaluating:
            return "evaluating";
        case LanePhase::waiting:
            return "waiting";
        case LanePhase::waiting_for_probe:
            return "waiting_for_probe";
    }
    return "";
}

void LanePhases::set_all(LanePhase phase)
{
    for (std::atomic<LanePhase>& one : phases_) {
        one.store(phase, std::memory_order_release);
    }
}

void LanePhases::step()
{
    set_all(LanePhase::stepping);
}

void LanePhases::begin_evaluations()
{
    began_.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
}

void LanePhases::evaluate(std::size_t lane)
{
    share_.store(0, std::memory_order_relaxed);
    for (std::size_t i = 0; i < phases_.size(); ++i) {
        phases_[i].store(i == lane ? LanePhase::evaluating : LanePhase::waiting, std::memory_order_release);
    }
}

void LanePhases::evaluated(double share)
{
    share_.store(share, std::memory_order_relaxed);
}

void LanePhases::wait_for_probe(std::size_t lane)
{
    phases_[lane].store(LanePhase::waiting_for_probe, std::memory_order_release);
}

LanePhase LanePhases::phase(std::size_t lane) const
{
    return phases_[lane].load(std::memory_order_acquire);
}

double LanePhases::share() const
{
    return share_.load(std::memory_order_relaxed);
}

double LanePhases::seconds() const
{
    const Clock::duration passed = Clock::now().time_since_epoch() - Clock::duration(began_.load());
    return std::chrono::duration<double>(passed).count();
}

}  // namespace basin
