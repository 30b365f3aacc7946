#include "core/run/pacer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace basin {
namespace {

constexpr double kPortion = 0.008;  // s: twice a frame, so that movement looks even and waking costs nothing
constexpr double kLag = 0.25;       // s: what a run that fell behind may catch up at once
constexpr double kLongest = 3600;   // s: a clock's time points do not reach as far as a slow pace may
constexpr double kFastest = 1e9;    // steps/s: nothing is faster, and everything below stays in range

}  // namespace

void Pacer::set(double steps_per_second, std::uint64_t step, Clock::time_point now)
{
    pace_ = std::min(steps_per_second, kFastest);
    origin_step_ = step;
    origin_ = now;
}

std::uint64_t Pacer::portion() const
{
    return static_cast<std::uint64_t>(std::max(1.0, std::floor(pace_ * kPortion)));
}

std::uint64_t Pacer::allowed(std::uint64_t step, Clock::time_point now)
{
    if (!paced()) {
        return std::numeric_limits<std::uint64_t>::max();
    }
    const double seconds = std::chrono::duration<double>(now - origin_).count();
    const double steps = std::clamp(seconds * pace_, 0.0, 1e18);
    const std::uint64_t reached = origin_step_ + static_cast<std::uint64_t>(steps);
    const auto lag = static_cast<std::uint64_t>(std::max(1.0, kLag * pace_));
    if (reached > step + lag) {  // too far behind: what was missed is missed
        set(pace_, step + lag, now);
        return step + lag;
    }
    return reached >= step + portion() ? reached : step;
}

Pacer::Clock::time_point Pacer::due(std::uint64_t step, Clock::time_point now) const
{
    const double steps = static_cast<double>(step + portion() - origin_step_);
    // A microsecond late rather than early: allowed() then agrees, whatever was rounded.
    const double wait = steps / pace_ + 1e-6 - std::chrono::duration<double>(now - origin_).count();
    return now +
           std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::clamp(wait, 0.0, kLongest)));
}

}  // namespace basin
