// Launches on the GPU, and what the plug-in asks of the CUDA runtime.
#pragma once

#include <cuda_runtime.h>

#include "core/compute/cuda_table.h"
#include "core/landscape/cuda/block_steps.h"

namespace basin::cuda {

/// A thread of a block, seen from itself.
struct GpuCrew {
    Pair pair;

    template <class Piece>
    BASIN_INLINE void each([[maybe_unused]] const Piece& piece)
    {
#if defined(__CUDA_ARCH__)
        piece(threadIdx.x, pair);
#endif
    }
    BASIN_INLINE void barrier()
    {
#if defined(__CUDA_ARCH__)
        __syncthreads();
#endif
    }
    BASIN_INLINE void warp_barrier()
    {
#if defined(__CUDA_ARCH__)
        __syncwarp();
#endif
    }
    BASIN_INLINE void add([[maybe_unused]] std::uint32_t& to, [[maybe_unused]] std::uint32_t what)
    {
#if defined(__CUDA_ARCH__)
        atomicAdd(&to, what);
#endif
    }
};

constexpr unsigned kEachThreads = 256;

template <class Body>
__global__ void __launch_bounds__(kEachThreads) run_each(const Body body, const std::uint64_t count)
{
    const std::uint64_t i = std::uint64_t{blockIdx.x} * kEachThreads + threadIdx.x;
    if (i < count) {
        body(i);
    }
}

template <class Body>
__global__ void __launch_bounds__(kBlockThreads) run_blocks(const __grid_constant__ Body body)
{
    __shared__ BlockShared shared;
    GpuCrew crew;
    body(crew, blockIdx.x, shared);
}

struct GpuMachine {
    static constexpr std::uint32_t kRuntime = CUDART_VERSION;

    template <class Body>
    static Status launch(CUstream_st* stream, const Body& body)
    {
        const std::uint64_t count = body.count();
        if (count == 0) {
            return 0;
        }
        const auto blocks = static_cast<unsigned>((count + kEachThreads - 1) / kEachThreads);
        run_each<<<blocks, kEachThreads, 0, stream>>>(body, count);
        return static_cast<Status>(cudaGetLastError());
    }
    template <class Body>
    static Status launch_blocks(CUstream_st* stream, const Body& body)
    {
        run_blocks<<<static_cast<unsigned>(body.blocks()), kBlockThreads, 0, stream>>>(body);
        return static_cast<Status>(cudaGetLastError());
    }

    static const char* message(Status status);
    static Status memory(std::uint64_t* free, std::uint64_t* total);
    static Status open(CUstream_st** stream);
    static void close(CUstream_st* stream);
    static Status allocate(CUstream_st* stream, void** data, std::uint64_t bytes);
    static void release(void* data);
    static Status upload(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    static Status download(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    static Status copy(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    static Status wait(CUstream_st* stream);
};

}  // namespace basin::cuda
