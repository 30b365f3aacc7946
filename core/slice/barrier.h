// The height between two solutions.
#pragma once

#include <optional>
#include <span>

#include "core/slice/slice_spec.h"

namespace basin {

/// On the line theta(t) = (1 - t) a + t b: height = max over 0 <= t <= 1 of L(t) - ((1 - t) L(0) + t L(1)), which is at
/// least 0. For networks an upper bound only of what separates two solutions: neurons may be permuted.
/// J. Frankle, G. Dziugaite, D. Roy, M. Carbin, "Linear mode connectivity and the lottery ticket hypothesis", ICML
/// 2020.
struct Barrier {
    double height = 0;
    double t = 0;      // where
    double loss = 0;   // L there
    double first = 0;  // L(0)
    double last = 0;   // L(1)
};

/// Of the points that are known so far (not NaN); empty until both ends are. Throws std::invalid_argument when the axis
/// has no points at t = 0 and t = 1, or values are not one a point.
std::optional<Barrier> barrier(const SliceAxis& axis, std::span<const double> losses);

}  // namespace basin
