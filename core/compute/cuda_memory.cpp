#include "core/compute/cuda_memory.h"

#include <algorithm>
#include <string>

namespace basin {

void check_cuda(const cuda::Table& table, cuda::Status status)
{
    if (status == cuda::kOutOfMemory) {
        throw OutOfMemory(std::string("the GPU has no memory left for this step (") + table.message(status) +
                          "): use fewer chains, fewer lanes or a smaller batch");
    }
    if (status != 0) {
        throw DeviceFailed(std::string("the GPU failed: ") + table.message(status));
    }
}

CudaBytes allocate_cuda(const cuda::Table& table, CUstream_st* stream, std::uint64_t bytes)
{
    void* data = nullptr;
    const cuda::Status status = table.allocate(stream, &data, std::max<std::uint64_t>(bytes, 256));
    CudaBytes memory(data, table.release);
    if (status == cuda::kOutOfMemory) {
        std::uint64_t free = 0;
        std::uint64_t total = 0;
        table.memory(&free, &total);
        throw OutOfMemory("an array of " + std::to_string(bytes / sizeof(float)) + " numbers (4 bytes each, " +
                          std::to_string(bytes >> 20U) + " MiB) does not fit into the GPU's memory, of which " +
                          std::to_string(free >> 20U) + " of " + std::to_string(total >> 20U) +
                          " MiB are free: use fewer chains");
    }
    check_cuda(table, status);
    return memory;
}

}  // namespace basin
