#pragma once

#include "core/compute/block.h"
#include "core/compute/element.h"

namespace basin {

/// SGLD: see sgld.cpp.
struct SgldBlock {
    static constexpr bool kPerturbs = false;
    static constexpr bool kDiffuses = true;

    template <class Gradient>
    BASIN_INLINE static void step(const Gradient& gradient, const BlockNumbers& numbers, const ChainNoise& noise,
                                  float& x, float& y)
    {
        float gx = 0;
        float gy = 0;
        gradient(x, y, gx, gy);
        x = element::descended(x, numbers.step_size, element::decayed(gx, numbers.weight_decay, x));
        y = element::descended(y, numbers.step_size, element::decayed(gy, numbers.weight_decay, y));
        x = element::perturbed(x, numbers.noise_scale, noise.langevin_x);
        y = element::perturbed(y, numbers.noise_scale, noise.langevin_y);
    }
};

}  // namespace basin
