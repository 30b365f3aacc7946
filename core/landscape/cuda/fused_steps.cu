// Every landscape with every fused method, compiled for the GPU from the files the CPU kernels are made of.
#include "core/landscape/cuda/fused_steps.h"

#include <cstring>

#include "core/landscape/cuda/pair_steps.h"
#include "core/landscape/kernels.h"

namespace basin::cuda {
namespace {

constexpr unsigned kThreads = 256;

/// One thread a pair of chains; all steps in registers. Losses are added up in a warp, then atomically: their last bits
/// depend on the order in which warps finish.
template <class Method, class Functor>
__global__ void step_pairs(const Functor functor, const StepJob job)
{
    const std::uint64_t pair_index = std::uint64_t{blockIdx.x} * kThreads + threadIdx.x;
    const std::uint64_t first = 2 * pair_index;
    const bool owns[2] = {first < job.chains, first + 1 < job.chains};
    Pair pair;
    for (int i = 0; i < 2; ++i) {
        pair.x[i] = owns[i] ? job.theta[2 * (first + i)] : __builtin_nanf("");
        pair.y[i] = owns[i] ? job.theta[2 * (first + i) + 1] : __builtin_nanf("");
    }
    const PairNoise noise{job.seed, job.lane, pair_index};
    for (std::uint32_t s = 0; s < job.steps; ++s) {
        pair_step<Method>(functor, job.numbers[s], job.box, noise, job.first_step + s, pair);
        std::uint32_t alive = (pair.alive[0] ? 1U : 0U) + (pair.alive[1] ? 1U : 0U);
        double loss = 0;
        if (job.numbers[s].record) {
            for (int i = 0; i < 2; ++i) {
                loss += pair.alive[i] ? static_cast<double>(functor.value(pair.x[i], pair.y[i])) : 0.0;
            }
        }
        for (int reach = 16; reach > 0; reach /= 2) {
            alive += __shfl_down_sync(0xffffffffU, alive, reach);
            loss += __shfl_down_sync(0xffffffffU, loss, reach);
        }
        if (threadIdx.x % 32 == 0) {
            atomicAdd(job.alive + s, alive);
            atomicAdd(job.loss_sums + s, loss);
        }
    }
    for (int i = 0; i < 2; ++i) {
        if (owns[i]) {
            job.theta[2 * (first + i)] = pair.x[i];
            job.theta[2 * (first + i) + 1] = pair.y[i];
        }
    }
}

template <class Method, class Functor>
int launch(const StepJob& job, CUstream_st* stream)
{
    const std::uint64_t pairs = (job.chains + 1) / 2;
    const auto blocks = static_cast<unsigned>((pairs + kThreads - 1) / kThreads);
    step_pairs<Method><<<blocks, kThreads, 0, stream>>>(*static_cast<const Functor*>(job.functor), job);
    return static_cast<int>(cudaGetLastError());
}

template <class Functor>
int launch_method(const char* method, const StepJob& job, CUstream_st* stream)
{
#define BASIN_CUDA_METHOD(key, Method)               \
    if (std::strcmp(method, #key) == 0) {            \
        return launch<Method, Functor>(job, stream); \
    }
    BASIN_BLOCK_METHODS(BASIN_CUDA_METHOD)
#undef BASIN_CUDA_METHOD
    return -1;
}

}  // namespace
}  // namespace basin::cuda

// A landscape's file gives its functor and, with BASIN_KERNEL_ISA defined, nothing else but this line.
#undef BASIN_LANDSCAPE_KERNELS
#define BASIN_LANDSCAPE_KERNELS(key, Functor)                                            \
    namespace cuda {                                                                     \
    static int launch_##key(const char* method, const StepJob& job, CUstream_st* stream) \
    {                                                                                    \
        return launch_method<Stretched<Functor<float>>>(method, job, stream);            \
    }                                                                                    \
    }

#include "basin_landscape_sources.h"

namespace basin::cuda {

int launch_steps(const char* landscape, const char* method, const StepJob& job, CUstream_st* stream)
{
#define BASIN_CUDA_LANDSCAPE(key)                 \
    if (std::strcmp(landscape, #key) == 0) {      \
        return launch_##key(method, job, stream); \
    }
    BASIN_LANDSCAPES(BASIN_CUDA_LANDSCAPE)
#undef BASIN_CUDA_LANDSCAPE
    return -1;
}

}  // namespace basin::cuda
