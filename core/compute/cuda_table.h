// The face of libbasin_cuda.so: one C function that returns a table of C functions. No CUDA header is needed here.
//
// Program and plug-in come from one build. `abi` and `bytes` are compared before anything else of the table is read:
// raise kAbi with every change of this file, of backend.h's Descent and Adaptation or of block.h's BlockNumbers.
#pragma once

#include <cstdint>

#include "core/compute/backend.h"
#include "core/compute/block.h"
#include "core/compute/device_landscape.h"

struct CUstream_st;

namespace basin::cuda {

constexpr std::uint32_t kAbi = 4;
constexpr const char* kPlugInFile = "libbasin_cuda.so";
constexpr const char* kTableFunction = "basin_cuda_table";

/// 0: done. Else a cudaError_t.
using Status = int;
/// Out of device memory, as CUDA numbers it.
constexpr Status kOutOfMemory = 2;

struct ChainPiece;
struct Pieces;

/// Fused steps, see EnsembleJob. loss_sums and alive have blocks x steps numbers (blocks of kBlockChains chains).
struct StepJob {
    float* theta;
    std::uint64_t chains;
    std::uint64_t seed;
    std::uint32_t lane;
    std::uint32_t first_step;
    std::uint32_t steps;
    float gradient_noise;
    EscapeBox box;
    double* loss_sums;
    std::uint32_t* alive;
    BlockNumbers numbers[EnsembleJob::kMaximumSteps];
};

/// loss_sums and alive have a number a block.
struct MeasureJob {
    float* theta;
    std::uint64_t chains;
    std::uint32_t losses;  // not 0: wanted
    EscapeBox box;
    double* loss_sums;
    std::uint32_t* alive;
};

/// The blocks' sums added in order, one of `totals` a step.
struct BlockSums {
    const double* loss_sums;
    const std::uint32_t* alive;
    std::uint64_t blocks;
    std::uint64_t steps;
    EnsembleTotals* totals;
};

struct MethodRow {
    const char* key;  // null: the end
    Status (*steps)(CUstream_st* stream, const void* functor, const StepJob* job);
    Status (*noisy_steps)(CUstream_st* stream, const void* functor, const StepJob* job);  // with gradient noise
};

/// A landscape's kernels; `functor` is the float Stretched functor on the host, of functor_bytes.
struct LandscapeRow {
    const char* key;
    std::uint64_t functor_bytes;
    Status (*evaluate)(CUstream_st* stream, const void* functor, const float* theta, std::uint64_t chains,
                       float* values, float* gradient);
    Status (*measure)(CUstream_st* stream, const void* functor, const MeasureJob* job);
    const MethodRow* methods;
};

/// All array pointers are the device's unless a comment says otherwise. What takes a stream is queued there and may
/// report the failure of something that was queued before. Any thread; calls for one stream from one at a time.
struct Table {
    std::uint32_t abi;
    std::uint32_t bytes;
    std::uint32_t runtime;  // CUDA's version as 1000 * major + 10 * minor

    /// What a status means, in CUDA's words.
    const char* (*message)(Status status);
    /// Free and total bytes of the device.
    Status (*memory)(std::uint64_t* free, std::uint64_t* total);
    Status (*open)(CUstream_st** stream);
    void (*close)(CUstream_st* stream);
    /// Zeros, at a multiple of 256.
    Status (*allocate)(CUstream_st* stream, void** data, std::uint64_t bytes);
    void (*release)(void* data);
    /// Host to device, device to host (both return when it is done) and device to device (queued).
    Status (*upload)(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    Status (*download)(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    Status (*copy)(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    Status (*wait)(CUstream_st* stream);

    /// `count` of the chains of `dim` numbers, spread evenly.
    Status (*gather)(CUstream_st* stream, float* to, std::uint64_t count, const float* from, std::uint64_t chains,
                     std::uint64_t dim);

    // The verbs of Backend; x of `perturb` may be null: zeros.
    Status (*perturb)(CUstream_st* stream, float* y, const float* x, std::uint64_t size, float scale, NoiseKind kind,
                      const RngKey* key);
    Status (*descend)(CUstream_st* stream, float* theta, float* buffer, const float* gradient, std::uint64_t size,
                      const Descent* descent);
    Status (*adapt)(CUstream_st* stream, float* theta, float* first_moment, float* second_moment, float* largest,
                    const float* gradient, std::uint64_t size, const Adaptation* adaptation);
    Status (*add_scaled)(CUstream_st* stream, float* y, float a, const float* x, std::uint64_t size);
    Status (*scale)(CUstream_st* stream, float* y, float a, std::uint64_t size);
    /// Over pieces of chains (see cuda/chain_bodies.h): SAM's and ASAM's ascent, and noise that each piece scales.
    Status (*ascend_pieces)(CUstream_st* stream, const Pieces* pieces, float* y, const float* x, const float* g,
                            double radius, double tiny, float eta);
    Status (*perturb_pieces)(CUstream_st* stream, const Pieces* pieces, float* y, const float* x, float scale,
                             const RngKey* key);
    /// The same for chains of two numbers, in float.
    Status (*ascend_pairs)(CUstream_st* stream, float* y, const float* x, const float* g, std::uint64_t chains,
                           float radius);
    Status (*ascend_adaptive_pairs)(CUstream_st* stream, float* y, const float* x, const float* g, std::uint64_t chains,
                                    float radius, float eta);
    Status (*perturb_pairs)(CUstream_st* stream, float* y, const float* x, std::uint64_t chains, float scale,
                            const RngKey* key);

    Status (*add_blocks)(CUstream_st* stream, const BlockSums* sums);
    const LandscapeRow* landscapes;
    std::uint64_t landscape_count;
};

using TableFunction = const Table* (*)();

}  // namespace basin::cuda
