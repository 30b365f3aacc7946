// The arithmetic of one number of theta, shared by the verbs, the fused kernels and CUDA: one spelling, equal bytes.
#pragma once

#include "core/compute/math.h"

namespace basin::element {

BASIN_INLINE float perturbed(float x, float scale, float noise)
{
    return x + scale * noise;
}

BASIN_INLINE float decayed(float gradient, float weight_decay, float theta)
{
    return gradient + weight_decay * theta;
}

BASIN_INLINE float descended(float theta, float step_size, float direction)
{
    return theta - step_size * direction;
}

/// radius / (|g| + 1e-12), the factor of SAM's ascent; `squares` is the sum of the squared components.
BASIN_INLINE float ascent_factor(float radius, float squares)
{
    return radius / (math::sqrt(squares) + 1e-12F);
}

}  // namespace basin::element
