#include "core/landscape/landscape.h"
#include "core/network/network.h"
#include "core/objective/landscape_objective.h"
#include "core/run/objectives.h"

namespace basin {

std::unique_ptr<Objective> make_objective(const ObjectiveSpec& spec, Backend& backend, std::uint64_t seed)
{
    find_objective(spec.kind, spec.key);  // names the nearest where there is none
    if (spec.kind == "network") {
        return make_network_objective(find_network(spec.key), spec.params, backend, seed);
    }
    return std::make_unique<LandscapeObjective>(find_landscape(spec.key).make(landscape_params(spec)),
                                                spec.params.number("gradient_noise"), backend);
}

}  // namespace basin
