// What landscape kernels and methods share when they are fused: blocks of particles that do several steps in cache.
//
// A method joins with one header, core/optim/<key>.block.h, which defines (key "fsgld": FsgldBlock)
//
//     struct FsgldBlock {
//         static constexpr bool kPerturbs = true;   // noise.perturbation_* is drawn
//         static constexpr bool kDiffuses = true;   // noise.langevin_* is drawn
//         template <class Gradient>
//         BASIN_INLINE static void step(const Gradient& gradient, const BlockNumbers& numbers, const ChainNoise& noise,
//                                       float& x, float& y);
//     };
//
// It includes nothing above core/compute, is compiled once for each landscape and instruction set, and must spell its
// arithmetic with the functions of element.h, so that it gives the bytes that the method's verbs give.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/compute/rng.h"

namespace basin {

struct ComputeKernels;

/// Chains of a block: 512 are 4 KiB of theta and 12 KiB of noise, which stay in a first-level cache of 32 KiB.
constexpr std::size_t kBlockChains = 512;

/// A method's numbers in one step, schedules evaluated; a method uses those it has.
struct BlockNumbers {
    float step_size = 0;
    float weight_decay = 0;
    float perturbation = 0;              // sigma
    float noise_scale = 0;               // sqrt(2 step_size / beta)
    float radius = 0;                    // rho
    NoiseKind kind = NoiseKind::normal;  // of the perturbation
    bool record = false;                 // the loss after this step is wanted
};

/// One chain's noise in one step.
struct ChainNoise {
    float perturbation_x, perturbation_y;
    float langevin_x, langevin_y;
};

/// Outside it a particle has escaped: it becomes NaN for good.
struct EscapeBox {
    float center_x = 0;
    float center_y = 0;
    float reach_x = 0;
    float reach_y = 0;
};

/// One block of at most kBlockChains chains and what is to be done with it. `first_chain` is a multiple of
/// kBlockChains; `theta` points at that chain.
struct BlockJob {
    const void* functor = nullptr;
    const ComputeKernels* compute = nullptr;
    float* theta = nullptr;
    std::uint64_t first_chain = 0;
    std::size_t chains = 0;
    std::uint64_t seed = 0;
    std::uint32_t lane = 0;
    std::uint32_t first_step = 0;
    std::size_t steps = 0;
    const BlockNumbers* numbers = nullptr;  // one a step
    float gradient_noise = 0;
    EscapeBox box;
    /// One number a step: the sum of the values of the particles that have not escaped (where `record`), their count.
    double* loss_sums = nullptr;
    std::uint32_t* alive = nullptr;
};

/// A method on a landscape, compiled for one instruction set.
struct BlockKernel {
    const char* method;
    void (*run)(const BlockJob& job);
    void (*run_noisy)(const BlockJob& job);  // with gradient noise
};

}  // namespace basin
