// Memory of the GPU, and what becomes of the plug-in's failures.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/compute/cuda_table.h"

namespace basin {

/// Throws DeviceFailed in CUDA's words where `status` is not 0.
void check_cuda(const cuda::Table& table, cuda::Status status);

/// Bytes on the device, freed with the object.
using CudaBytes = std::unique_ptr<void, void (*)(void*)>;

/// Zeros. Throws OutOfMemory that states what was wanted and what is free.
CudaBytes allocate_cuda(const cuda::Table& table, CUstream_st* stream, std::uint64_t bytes);

/// An array on the device that grows and never shrinks; what it held is lost when it grows. One thread.
template <class T>
class CudaScratch {
public:
    T* reserve(const cuda::Table& table, CUstream_st* stream, std::uint64_t count)
    {
        if (count > count_) {
            bytes_.reset();
            count_ = 0;
            bytes_ = allocate_cuda(table, stream, count * sizeof(T));
            count_ = count;
        }
        return static_cast<T*>(bytes_.get());
    }

private:
    CudaBytes bytes_{nullptr, nullptr};
    std::uint64_t count_ = 0;
};

}  // namespace basin
