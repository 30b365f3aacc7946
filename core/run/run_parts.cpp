#include "core/run/run_parts.h"

namespace basin {

RunParts RunParts::from_catalogs()
{
    return {[](Device device) { return find_device(device); },
            [](Device device) { return device_memory(device); },
            [](Device device, int threads) { return make_backend(device, threads); },
            [](const ObjectiveSpec& spec, Backend& backend, std::uint64_t seed) {
                return make_objective(spec, backend, seed);
            },
            find_optimizer,
            find_probe};
}

}  // namespace basin
