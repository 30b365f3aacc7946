#include "core/run/run_memory.h"

#include <unistd.h>

#include <cmath>
#include <fstream>
#include <stdexcept>

#include "core/run/run_setup.h"

namespace basin {
namespace {

/// cuBLAS's workspaces (32 MB each on the largest GPUs), cuDNN's, and the code of both; measured by nobody: an
/// allowance.
constexpr std::uint64_t kGpuLibraries = 300'000'000;
/// On a GPU a batch is held by what runs before it is recorded, and by the recording.
constexpr std::uint64_t kHeldOnGpu = 2;

double free_memory()
{
    std::ifstream file("/proc/meminfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("MemAvailable:")) {
            const std::size_t digits = line.find_first_of("0123456789");
            const std::size_t end = line.find(' ', digits);
            return parse_number(line.substr(digits, end - digits)).value_or(0) * 1024;
        }
    }
    return static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// In double: more chains can be asked for than bytes can be counted.
double lane_bytes(const RunSetup& run, const RunParts& parts)
{
    double arrays = 0;
    for (const LaneSpec& lane : run.spec.lanes) {
        const OptimizerEntry& optimizer = parts.optimizer(lane.optimizer);
        arrays += 1 + static_cast<double>(scratch_arrays(optimizer, lane.params));  // theta and what a step needs
        for (const StateSpec& state : optimizer.states(lane.params)) {
            arrays += state.scope == StateSpec::Scope::parameter ? static_cast<double>(state.per) : 0;
        }
    }
    return static_cast<double>(run.spec.chains) * static_cast<double>(run.objective->dim()) * arrays * sizeof(float);
}

RunMemory reckon(const RunSetup& run, double lanes)
{
    const bool gpu_network = run.device.device != Device::cpu && run.objective->landscape() == nullptr;
    const MemoryNeed need = run.objective->memory();
    RunMemory memory;
    memory.lanes = static_cast<std::uint64_t>(lanes);
    memory.data = need.data;
    memory.evaluation = need.evaluation * (gpu_network ? kHeldOnGpu : 1);
    memory.libraries = gpu_network ? kGpuLibraries : 0;
    return memory;
}

}  // namespace

std::string byte_words(double bytes)
{
    return bytes < 1e9 ? format_number(std::ceil(bytes / 1e6)) + " MB"
                       : format_number(std::ceil(bytes / 1e8) / 10) + " GB";
}

std::string memory_words(const RunMemory& memory)
{
    const auto part = [](std::uint64_t bytes, const char* what) {
        return bytes == 0 ? std::string() : ", " + byte_words(static_cast<double>(bytes)) + what;
    };
    const std::string others = part(memory.data, " of data") + part(memory.evaluation, " for a batch") +
                               part(memory.libraries, " for the GPU's libraries");
    return byte_words(static_cast<double>(memory.total())) + " (" + byte_words(static_cast<double>(memory.lanes)) +
           " for the lanes" + others + ")";
}

RunMemory reckoned_memory(const RunSetup& run, const RunParts& parts)
{
    const bool gpu = run.device.device != Device::cpu;
    const double available = gpu ? static_cast<double>(parts.memory(run.device.device).free_bytes) : free_memory();
    const double needed = lane_bytes(run, parts);
    if (needed > available) {
        throw std::invalid_argument(
            "chains: " + format_number(static_cast<double>(run.spec.chains)) + " chains of " +
            std::to_string(run.objective->dim()) + " numbers in " + std::to_string(run.spec.lanes.size()) +
            " lanes need " + format_number(std::ceil(needed / 1e8) / 10) + " GB of " + (gpu ? "the GPU's " : "") +
            "memory, and " + format_number(std::ceil(available / 1e8) / 10) + " GB are free");
    }
    const RunMemory memory = reckon(run, needed);
    if (static_cast<double>(memory.total() - memory.data) > available) {
        throw std::invalid_argument("batch_size: this run needs " + memory_words(memory) + " of " +
                                    (gpu ? "the memory of " + run.device.name : "memory") + ", and " +
                                    byte_words(available) +
                                    " are free; take a smaller batch_size or evaluation_batch, a smaller network, or "
                                    "fewer lanes");
    }
    return memory;
}

}  // namespace basin
