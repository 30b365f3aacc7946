// The verbs of the CPU backend as plain functions, one table an instruction set. They run on the caller's thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/compute/backend.h"

namespace basin {

struct ComputeKernels {
    /// Numbers of `blocks` consecutive counter blocks from `first_block`, output k of block i at to_k[i].
    void (*fill_noise)(float* to_a, float* to_b, float* to_c, float* to_d, std::size_t blocks,
                       std::uint64_t first_block, NoiseKind kind, const RngKey& key);
    /// The element-wise verbs of Backend on [first, first + count) of the flat array; `first` is a multiple of 4 and
    /// the pointers are those of the whole array.
    void (*perturb)(float* y, const float* x, std::size_t first, std::size_t count, float scale, NoiseKind kind,
                    const RngKey& key);
    void (*descend)(float* theta, float* momentum_buffer, const float* gradient, std::size_t first, std::size_t count,
                    const Descent& descent);
    void (*adapt)(float* theta, float* first_moment, float* second_moment, float* largest, const float* gradient,
                  std::size_t first, std::size_t count, const Adaptation& adaptation);
    void (*add_scaled)(float* y, float a, const float* x, std::size_t first, std::size_t count);
    void (*scale)(float* y, float a, std::size_t first, std::size_t count);
    /// y = x + factor * g.
    void (*step_along)(float* y, const float* x, const float* g, std::size_t first, std::size_t count, float factor);
    /// The sum of squares of at most some thousand numbers.
    double (*sum_squares)(const float* x, std::size_t first, std::size_t count);
    /// The sum of (T g)^2 with T = |x| + eta, and y = x + factor * T^2 g.
    double (*adaptive_squares)(const float* x, const float* g, std::size_t first, std::size_t count, float eta);
    void (*adaptive_step_along)(float* y, const float* x, const float* g, std::size_t first, std::size_t count,
                                float factor, float eta);
    /// SAM's ascent for chains of two coordinates, and ASAM's with both in its metric.
    void (*ascend_pairs)(float* y, const float* x, const float* g, std::size_t first_chain, std::size_t chains,
                         float radius);
    void (*ascend_adaptive_pairs)(float* y, const float* x, const float* g, std::size_t first_chain, std::size_t chains,
                                  float radius, float eta);
    /// y = x + scale * |x| * y, the norm over a chain's two coordinates.
    void (*perturb_pairs)(float* y, const float* x, std::size_t first_chain, std::size_t chains, float scale);
};

const ComputeKernels& compute_kernels(Isa isa);

}  // namespace basin
