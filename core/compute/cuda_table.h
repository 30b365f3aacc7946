// The face of libbasin_cuda.so: one C function that returns a table of C functions. No CUDA header is needed here.
//
// Program and plug-in come from one build. `abi` and `bytes` are compared before anything else of the table is read:
// raise kAbi with every change of this file, of backend.h's Descent and Adaptation or of block.h's BlockNumbers.
#pragma once

#include <cstdint>

struct CUstream_st;

namespace basin::cuda {

constexpr std::uint32_t kAbi = 1;
constexpr const char* kPlugInFile = "libbasin_cuda.so";
constexpr const char* kTableFunction = "basin_cuda_table";

/// 0: done. Else a cudaError_t, or kNoKernel.
using Status = int;
/// Out of device memory, as CUDA numbers it.
constexpr Status kOutOfMemory = 2;

/// All pointers are the device's unless a comment says otherwise. What takes a stream is queued there and may report
/// the failure of something that was queued before. Any thread; calls for one stream from one thread at a time.
struct Table {
    std::uint32_t abi;
    std::uint32_t bytes;
    std::uint32_t runtime;  // CUDA's version as 1000 * major + 10 * minor

    /// What a status means, in CUDA's words.
    const char* (*message)(Status status);
    /// Free and total bytes of the device.
    Status (*memory)(std::uint64_t* free, std::uint64_t* total);
};

using TableFunction = const Table* (*)();

}  // namespace basin::cuda
