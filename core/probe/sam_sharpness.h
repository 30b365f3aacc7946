// How much the loss rises within a ball of radius rho: what SAM descends.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace basin {

/// The loss at a point; its gradient too where the second span is not empty.
using LossAt = std::function<double(std::span<const double> at, std::span<double> gradient)>;

/// step    L(theta + rho g/|g|) - L(theta) = rho |g| + rho^2/2 g'Hg/|g|^2 + O(rho^3);
/// ascent  L at the end of `steps` steps of length 2 rho / steps along the gradient, each projected onto the ball, -
/// L(theta):
///         a lower bound of the ball's maximum.
/// P. Foret, A. Kleiner, H. Mobahi, B. Neyshabur, "Sharpness-aware minimization", ICLR 2021.
struct SamSharpness {
    double step = 0;
    double ascent = 0;
};

/// Losses and gradients that it asks for.
constexpr std::size_t sam_evaluations(std::size_t steps)
{
    return 1 + steps;
}

/// `gradient` is that at theta; it must not be zero, which has no direction. Throws std::runtime_error where the loss
/// ceases to be finite.
SamSharpness sam_sharpness(const LossAt& loss_at, std::span<const double> theta, double loss,
                           std::span<const double> gradient, double rho, std::size_t steps);

}  // namespace basin
