// Our plug-in for NVIDIA GPUs, loaded.
#pragma once

#include <string>

#include "core/compute/cuda_table.h"
#include "core/compute/device.h"

namespace basin {

/// What became of looking for a GPU. The table is null where there is none to be used, and `info.reason` says why. A
/// library that was loaded stays so until the program ends.
struct CudaLibrary {
    const cuda::Table* table = nullptr;
    DeviceInfo info;
};

CudaLibrary load_cuda(const DeviceSearch& search);

}  // namespace basin
