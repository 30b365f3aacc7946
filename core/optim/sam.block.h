#pragma once

#include "core/compute/block.h"
#include "core/compute/element.h"

namespace basin {

/// SAM on SGD without momentum: see sam.cpp.
struct SamBlock {
    static constexpr bool kPerturbs = false;
    static constexpr bool kDiffuses = false;

    template <class Gradient>
    BASIN_INLINE static void step(const Gradient& gradient, const BlockNumbers& numbers, const ChainNoise&, float& x,
                                  float& y)
    {
        float gx = 0;
        float gy = 0;
        gradient(x, y, gx, gy);
        const float factor = element::ascent_factor(numbers.radius, gx * gx + gy * gy);
        float hx = 0;
        float hy = 0;
        gradient(element::perturbed(x, factor, gx), element::perturbed(y, factor, gy), hx, hy);
        x = element::descended(x, numbers.step_size, element::decayed(hx, numbers.weight_decay, x));
        y = element::descended(y, numbers.step_size, element::decayed(hy, numbers.weight_decay, y));
    }
};

}  // namespace basin
