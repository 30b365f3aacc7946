#include "core/run/run_parts.h"

namespace basin {

RunParts RunParts::from_catalogs()
{
    return {[](int threads) { return make_cpu_backend(threads); },
            [](const ObjectiveSpec& spec, Backend& backend, std::uint64_t seed) {
                return make_objective(spec, backend, seed);
            },
            find_optimizer, find_probe};
}

}  // namespace basin
