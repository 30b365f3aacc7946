#pragma once

#include "core/compute/block.h"
#include "core/compute/element.h"

namespace basin {

/// SGD without momentum: see sgd.cpp.
struct SgdBlock {
    static constexpr bool kPerturbs = false;
    static constexpr bool kDiffuses = false;

    template <class Gradient>
    BASIN_INLINE static void step(const Gradient& gradient, const BlockNumbers& numbers, const ChainNoise&, float& x,
                                  float& y)
    {
        float gx = 0;
        float gy = 0;
        gradient(x, y, gx, gy);
        x = element::descended(x, numbers.step_size, element::decayed(gx, numbers.weight_decay, x));
        y = element::descended(y, numbers.step_size, element::decayed(gy, numbers.weight_decay, y));
    }
};

}  // namespace basin
