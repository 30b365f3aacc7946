// Which machines numbers can live on: the CPU, always, and the first NVIDIA GPU where there is one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/compute/backend.h"

namespace basin {

/// "cpu", "cuda": the word of the command line and of the window's settings.
const char* device_key(Device device);
/// Throws std::invalid_argument that names the nearest known word.
Device parse_device(std::string_view key);

/// Where the libraries are looked for; tests name others. An empty plug-in is the first libbasin_cuda.so of: the
/// program's own folder, ../lib beside it, the loader's path. BASIN_CUDA_DRIVER and BASIN_CUDA_PLUG_IN in the
/// environment name others where these are left as they are.
struct DeviceSearch {
    std::string driver = "libcuda.so.1";
    std::string plug_in{};
};

/// What is known of a device without using it.
struct DeviceInfo {
    Device device = Device::cpu;
    bool usable = false;
    std::string name{};             // "NVIDIA H100 80GB HBM3"; the CPU: "CPU avx512"
    std::uint64_t total_bytes = 0;  // its memory; the machine's for the CPU
    int capability = 0;             // 90 for compute capability 9.0; 0 for the CPU
    std::string reason{};           // one sentence, where it is not usable

    /// A GPU's name; empty for the CPU.
    std::string card() const { return device == Device::cpu ? std::string() : name; }
};

/// Asks the driver and, where that has a device, loads our plug-in; nothing of CUDA is loaded where the first question
/// fails. Never throws; takes milliseconds (with a driver some hundred, the first time). No memory of the device is
/// taken. Any thread.
DeviceInfo find_device(Device device, const DeviceSearch& search = {});

struct DeviceMemory {
    std::uint64_t free_bytes = 0;
    std::uint64_t total_bytes = 0;
};

/// What is free at this moment. On a GPU the first call takes the few hundred MB that every program using it takes.
/// Throws std::invalid_argument with the reason where the device is not usable. Any thread.
DeviceMemory device_memory(Device device, const DeviceSearch& search = {});

/// A backend of its own on that device; `threads` are those of its CPU side, 0: as many as the machine has cores.
/// Throws std::invalid_argument with the reason where the device is not usable.
std::unique_ptr<Backend> make_backend(Device device, int threads = 0, const DeviceSearch& search = {});

}  // namespace basin
