// What a lane is doing between two looks at it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace basin {

/// Of a lane that has not come to its end. `evaluating`: its metrics are measured over whole data sets; `waiting`:
/// another lane's are; `waiting_for_probe`: the queue of its scheduled measurements is full.
enum class LanePhase : std::uint8_t { stepping, evaluating, waiting, waiting_for_probe };

const char* lane_phase_name(LanePhase phase);

/// The lanes' phases as the one thread that computes tells them and any thread reads them. Lock-free; for the eye:
/// nothing of a run depends on them.
class LanePhases {
public:
    explicit LanePhases(std::size_t lanes) : phases_(lanes) {}

    // Worker's side.

    /// All lanes step again.
    void step();
    /// Lanes will be evaluated, one after the other.
    void begin_evaluations();
    /// It is this one's turn; the others wait.
    void evaluate(std::size_t lane);
    /// `share` of the examples of the lane in hand have been looked at, 0 to 1.
    void evaluated(double share);
    void wait_for_probe(std::size_t lane);

    // Any thread.

    LanePhase phase(std::size_t lane) const;
    double share() const;
    /// Since begin_evaluations(); of no meaning while lanes step.
    double seconds() const;

private:
    using Clock = std::chrono::steady_clock;
    void set_all(LanePhase phase);

    std::vector<std::atomic<LanePhase>> phases_;
    std::atomic<double> share_{0};
    std::atomic<Clock::rep> began_{0};
};

}  // namespace basin
