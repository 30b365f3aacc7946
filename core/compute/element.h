// The arithmetic of one number of theta, or of one chain of two, shared by the verbs, the fused kernels and CUDA: one
// spelling, equal bytes.
#pragma once

#include "core/compute/backend.h"
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

/// The momentum buffer after a step; see Descent. `keep` is 1 - dampening.
BASIN_INLINE float accelerated(float buffer, float decayed, float momentum, float keep, bool first)
{
    return first ? decayed : momentum * buffer + keep * decayed;
}

/// What theta goes along, from that buffer.
BASIN_INLINE float direction(float buffer, float decayed, float momentum, bool nesterov)
{
    return nesterov ? decayed + momentum * buffer : buffer;
}

/// theta after a step of AdamW, and its moments; `largest` with amsgrad only. See Adaptation.
template <bool kLargest>
BASIN_INLINE float adapted(const Adaptation& now, float theta, float gradient, float& first_moment,
                           float& second_moment, float* largest)
{
    first_moment = first_moment + now.first_share * (gradient - first_moment);
    second_moment = now.second_keep * second_moment + now.second_share * (gradient * gradient);
    float in_root = second_moment;
    if constexpr (kLargest) {
        in_root = *largest > second_moment ? *largest : second_moment;
        *largest = in_root;
    }
    const float root = math::sqrt(in_root) / now.root_correction + now.epsilon;
    return now.keep * theta - now.step_size * (first_moment / root);
}

/// ASAM's metric.
BASIN_INLINE float metric(float x, float eta)
{
    return math::abs(x) + eta;
}

/// x gone uphill along T^2 g, T the metric.
BASIN_INLINE float ascended_in_metric(float x, float g, float eta, float factor)
{
    const float scale = metric(x, eta);
    return perturbed(x, factor, scale * (scale * g));
}

/// radius / (|g| + 1e-12), the factor of SAM's ascent; `squares` is the sum of the squared components.
BASIN_INLINE float ascent_factor(float radius, float squares)
{
    return radius / (math::sqrt(squares) + 1e-12F);
}

/// SAM's ascent of one chain of two.
BASIN_INLINE void ascend_pair(float* y, const float* x, const float* g, float radius)
{
    const float gx = g[0];
    const float gy = g[1];
    const float factor = ascent_factor(radius, gx * gx + gy * gy);
    y[0] = perturbed(x[0], factor, gx);
    y[1] = perturbed(x[1], factor, gy);
}

/// ASAM's, both in its metric.
BASIN_INLINE void ascend_pair_in_metric(float* y, const float* x, const float* g, float radius, float eta)
{
    const float metric_x = metric(x[0], eta);
    const float metric_y = metric(x[1], eta);
    const float ux = metric_x * g[0];
    const float uy = metric_y * g[1];
    const float factor = radius / (math::sqrt(ux * ux + uy * uy) + 1e-16F);
    y[0] = perturbed(x[0], factor, metric_x * ux);
    y[1] = perturbed(x[1], factor, metric_y * uy);
}

/// y, which is noise, becomes x + scale * |x| * y.
BASIN_INLINE void perturb_pair(float* y, const float* x, float scale)
{
    const float norm = math::sqrt(x[0] * x[0] + x[1] * x[1]);
    y[0] = perturbed(x[0], scale * norm, y[0]);
    y[1] = perturbed(x[1], scale * norm, y[1]);
}

}  // namespace basin::element
