#include "core/run/measuring_speed.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace basin {
namespace {

/// Seconds of an evaluation beside which what it has to prepare the first time is little; ResNets take them.
constexpr double kLong = 1;

}  // namespace

std::optional<double> seconds_per_example(Objective& objective, std::uint64_t seed, const std::function<double()>& now)
{
    // A curvature takes its sample in pieces of as many, so that this is what its gradient costs; on a LeNet 25 ms.
    constexpr std::size_t kExamples = 256;
    CurvatureRequest request{.sample = kExamples, .seed = seed, .kept_bytes = 0};
    const auto cost = objective.curvature_cost(request, CurvatureMatrix::hessian);
    if (!cost) {
        return {};
    }
    request.sample = static_cast<std::size_t>(cost->examples);
    std::vector<float> theta(objective.dim());
    std::vector<float> buffers(objective.buffer_layout().size());
    objective.start(theta, buffers, 1, {}, seed);
    const auto curvature = objective.curvature(theta, buffers, request);
    const std::vector<double> at(theta.begin(), theta.end());
    std::vector<double> gradient(at.size());
    bool finite = curvature != nullptr;
    const auto evaluation = [&] {
        const double before = now();
        finite = std::isfinite(curvature->evaluate(at, gradient));
        return now() - before;
    };
    double fastest = finite ? evaluation() : 0;
    if (!finite) {
        return {};
    }
    if (fastest < kLong) {
        fastest = evaluation();
        fastest = std::min(fastest, evaluation());
    }
    return fastest / cost->examples;
}

}  // namespace basin
