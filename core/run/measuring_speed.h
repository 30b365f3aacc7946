// How fast a machine measures curvature, before anything is measured.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/objective/objective.h"

namespace basin {

/// Seconds of a gradient of one training example, as a curvature takes it, on the objective's own threads: the faster
/// of two at the objective's start, after one to warm up (which is the answer if it takes a second), of no more than
/// 256 examples. `now` tells seconds. Empty where the objective does not say what its curvature costs, or has no finite
/// loss there.
std::optional<double> seconds_per_example(Objective& objective, std::uint64_t seed, const std::function<double()>& now);

}  // namespace basin
