// Fused steps of an ensemble on the GPU: plain pointers, sizes and a stream.
#pragma once

#include <cstdint>

#include "core/compute/block.h"

struct CUstream_st;

namespace basin::cuda {

/// What a launch does: `steps` steps of `chains` chains from `first_step` on. theta (chains x 2), numbers, loss_sums
/// and alive (one a step, zeroed by the caller) lie on the device; the functor is on the host and is copied.
struct StepJob {
    const void* functor = nullptr;
    float* theta = nullptr;
    std::uint64_t chains = 0;
    std::uint64_t seed = 0;
    std::uint32_t lane = 0;
    std::uint32_t first_step = 0;
    std::uint32_t steps = 0;
    const BlockNumbers* numbers = nullptr;
    EscapeBox box;
    double* loss_sums = nullptr;
    std::uint32_t* alive = nullptr;
};

/// Queues the job on the stream and returns the cudaError_t of the launch, or -1 where landscape or method have no
/// kernel.
int launch_steps(const char* landscape, const char* method, const StepJob& job, CUstream_st* stream);

}  // namespace basin::cuda
