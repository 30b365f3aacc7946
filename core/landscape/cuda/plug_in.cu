// libbasin_cuda.so's table: memory and verbs here, landscapes from files of their own.
#include "basin_landscape_rows.h"
#include "core/compute/cuda/table_of.h"
#include "core/landscape/cuda/gpu_machine.cuh"

namespace basin::cuda {
namespace {

/// A failure that was reported is not reported again by the next launch (those that cannot be mended are).
Status taken(cudaError_t error)
{
    if (error != cudaSuccess) {
        cudaGetLastError();
    }
    return static_cast<Status>(error);
}

Status copied(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes, cudaMemcpyKind kind)
{
    return bytes == 0 ? 0 : taken(cudaMemcpyAsync(to, from, bytes, kind, stream));
}

}  // namespace

const char* GpuMachine::message(Status status)
{
    return cudaGetErrorString(static_cast<cudaError_t>(status));
}

Status GpuMachine::memory(std::uint64_t* free, std::uint64_t* total)
{
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    const Status status = taken(cudaMemGetInfo(&free_bytes, &total_bytes));
    *free = free_bytes;
    *total = total_bytes;
    return status;
}

Status GpuMachine::open(CUstream_st** stream)
{
    return taken(cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking));
}

void GpuMachine::close(CUstream_st* stream)
{
    taken(cudaStreamDestroy(stream));
}

Status GpuMachine::allocate(CUstream_st* stream, void** data, std::uint64_t bytes)
{
    const Status status = taken(cudaMalloc(data, bytes));
    return status != 0 ? status : taken(cudaMemsetAsync(*data, 0, bytes, stream));
}

void GpuMachine::release(void* data)
{
    taken(cudaFree(data));
}

Status GpuMachine::upload(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes)
{
    const Status status = copied(stream, to, from, bytes, cudaMemcpyHostToDevice);
    return status != 0 ? status : wait(stream);
}

Status GpuMachine::download(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes)
{
    const Status status = copied(stream, to, from, bytes, cudaMemcpyDeviceToHost);
    return status != 0 ? status : wait(stream);
}

Status GpuMachine::copy(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes)
{
    return copied(stream, to, from, bytes, cudaMemcpyDeviceToDevice);
}

Status GpuMachine::wait(CUstream_st* stream)
{
    return taken(cudaStreamSynchronize(stream));
}

}  // namespace basin::cuda

extern "C" __attribute__((visibility("default"))) const basin::cuda::Table* basin_cuda_table()
{
    using namespace basin::cuda;
#define BASIN_ROW(key) landscape_row_##key(),
    static const LandscapeRow rows[] = {BASIN_LANDSCAPES(BASIN_ROW)};
#undef BASIN_ROW
    static const Table table = table_of<GpuMachine>(rows, sizeof(rows) / sizeof(rows[0]));
    return &table;
}
