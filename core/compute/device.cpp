#include "core/compute/device.h"

#include <unistd.h>

#include <stdexcept>

#include "core/compute/cuda_backend.h"
#include "core/compute/cuda_library.h"

namespace basin {
namespace {

std::uint64_t pages(int which)
{
    return static_cast<std::uint64_t>(sysconf(which)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

CudaLibrary usable_cuda(const DeviceSearch& search)
{
    CudaLibrary library = load_cuda(search);
    if (!library.info.usable) {
        throw std::invalid_argument("device: cuda cannot be used: " + library.info.reason);
    }
    return library;
}

}  // namespace

const char* device_key(Device device)
{
    return device == Device::cuda ? "cuda" : "cpu";
}

Device parse_device(std::string_view key)
{
    for (const Device device : {Device::cpu, Device::cuda}) {
        if (key == device_key(device)) {
            return device;
        }
    }
    throw std::invalid_argument("device is \"" + std::string(key) + "\": must be cpu or cuda");
}

DeviceInfo find_device(Device device, const DeviceSearch& search)
{
    if (device == Device::cuda) {
        return load_cuda(search).info;
    }
    DeviceInfo info{.device = Device::cpu, .usable = true, .name = "CPU", .total_bytes = pages(_SC_PHYS_PAGES)};
    try {
        info.name = std::string("CPU ") + isa_name(choose_isa());
    } catch (const std::invalid_argument& wish) {  // BASIN_ISA
        info.usable = false;
        info.reason = wish.what();
    }
    return info;
}

DeviceMemory device_memory(Device device, const DeviceSearch& search)
{
    if (device == Device::cpu) {
        return {.free_bytes = pages(_SC_AVPHYS_PAGES), .total_bytes = pages(_SC_PHYS_PAGES)};
    }
    const CudaLibrary library = usable_cuda(search);
    DeviceMemory memory;
    if (const cuda::Status status = library.table->memory(&memory.free_bytes, &memory.total_bytes); status != 0) {
        throw std::invalid_argument("device: cuda cannot be used: " + std::string(library.table->message(status)));
    }
    return memory;
}

std::unique_ptr<Backend> make_backend(Device device, int threads, const DeviceSearch& search)
{
    if (device == Device::cuda) {
        const CudaLibrary library = usable_cuda(search);
        try {
            return make_cuda_backend(library, threads);
        } catch (const DeviceFailed& failure) {
            throw std::invalid_argument(std::string("device: cuda cannot be used: ") + failure.what());
        }
    }
    return make_cpu_backend(threads);
}

}  // namespace basin
