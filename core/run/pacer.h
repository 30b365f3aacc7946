// Steps per second, kept by waiting.
#pragma once

#include <chrono>
#include <cstdint>

namespace basin {

/// Says how far a run may have come by now. Steps come in portions of at least some milliseconds; a run that cannot
/// keep the pace is not made to catch up later. Reads no clock itself. A value.
class Pacer {
public:
    using Clock = std::chrono::steady_clock;

    /// From `now` on, at `step`; 0: as fast as it goes.
    void set(double steps_per_second, std::uint64_t step, Clock::time_point now);
    /// After a pause.
    void restart(std::uint64_t step, Clock::time_point now) { set(pace_, step, now); }
    bool paced() const { return pace_ > 0; }

    /// The step that may be reached by `now`; at most a quarter of a second of steps beyond `step`.
    std::uint64_t allowed(std::uint64_t step, Clock::time_point now);
    /// When the next portion after `step` is due, or an hour after `now` when that is sooner: then ask again.
    Clock::time_point due(std::uint64_t step, Clock::time_point now) const;

private:
    std::uint64_t portion() const;

    double pace_ = 0;
    std::uint64_t origin_step_ = 0;
    Clock::time_point origin_{};
};

}  // namespace basin
