#include "core/probe/particle_sample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace basin {

std::size_t ParticleSample::size(const ProbeInput& input)
{
    return std::min(input.chains, kMost);
}

ParticleSample::ParticleSample(const ProbeInput& input)
{
    const std::size_t count = size(input);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t chain = i * input.chains / count;
        const Point point{input.theta[2 * chain], input.theta[2 * chain + 1]};
        if (std::isfinite(point.x) && std::isfinite(point.y)) {
            at.push_back(point);
        } else {
            ++lost;
        }
    }
    if (at.empty()) {
        throw std::runtime_error("all particles have escaped, so there is no place to measure the curvature at");
    }
}

std::string ParticleSample::note() const
{
    return lost == 0 ? std::string()
                     : std::to_string(lost) + " of " + std::to_string(lost + at.size()) +
                           " particles have escaped and are left out.";
}

ProbeValue mean_value(std::string key, const RunningMean& mean)
{
    if (mean.count() == 0) {
        return {std::move(key), std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    }
    return {std::move(key), mean.mean(), mean.error()};
}

}  // namespace basin
