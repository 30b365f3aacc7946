// The flagship's fSGLD update as somebody would write it by hand: one loop, nothing general.
#pragma once

#include <cstddef>
#include <cstdint>

namespace basin::bench {

/// Particles as two arrays; moves particles [first, last) (multiples of 512) `steps` steps on and adds each step's sum
/// of losses to loss_sums[step] when `losses` is set. May use fused multiply-add and the C library's vector
/// mathematics.
using HandwrittenLoop = void (*)(float* x, float* y, std::size_t first, std::size_t last, std::size_t steps,
                                 std::uint32_t first_step, bool losses, double* loss_sums);

/// The best one this CPU can run.
HandwrittenLoop handwritten_flagship();

}  // namespace basin::bench
