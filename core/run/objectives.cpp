#include "core/run/objectives.h"

#include <algorithm>

#include "core/landscape/landscape.h"
#include "core/network/network.h"
#include "core/objective/landscape_objective.h"

namespace basin {

namespace {

std::vector<ObjectiveEntry> make_entries()
{
    std::vector<ObjectiveEntry> entries;
    for (const LandscapeEntry* landscape : landscape_entries()) {
        ParamSchema schema = landscape->schema;
        schema.push_back(LandscapeObjective::gradient_noise_param());
        entries.push_back({"landscape", landscape->key, landscape->label, landscape->help, landscape->formula,
                           landscape->reference, std::move(schema)});
    }
    for (const NetworkEntry* network : network_entries()) {
        entries.push_back({"network", network->key, network->label, network->help, network->formula, network->reference,
                           network_schema(*network)});
    }
    return entries;
}

}  // namespace

const std::vector<ObjectiveEntry>& objective_entries()
{
    static const std::vector<ObjectiveEntry> entries = make_entries();
    return entries;
}

const ObjectiveEntry& find_objective(std::string_view kind, std::string_view key)
{
    std::vector<std::string> known;
    for (const ObjectiveEntry& entry : objective_entries()) {
        if (entry.kind == kind) {
            if (entry.key == key) {
                return entry;
            }
            known.push_back(entry.key);
        }
    }
    if (known.empty()) {
        throw_unknown("this build", "kind of objective", kind, {"landscape", "network"});
    }
    throw_unknown("this build", kind, key, known);
}

Params landscape_params(const ObjectiveSpec& spec)
{
    Params own(find_landscape(spec.key).schema);
    for (const ParamSpec& param : own.schema()) {
        own.set(param.key, spec.params.value(param.key));
    }
    return own;
}

const NetworkEntry& find_network(std::string_view key)
{
    find_objective("network", key);  // names the nearest where there is none
    const auto entries = network_entries();
    return **std::find_if(entries.begin(), entries.end(), [&](const auto* entry) { return entry->key == key; });
}

Suggestion suggestion(const ObjectiveSpec& spec)
{
    if (spec.kind == "network") {
        const NetworkSuggestion own = find_network(spec.key).suggestion;
        return {{}, own.step_size, own.momentum, own.beta, own.sigma, own.epochs};
    }
    const LandscapeSuggestion own = find_landscape(spec.key).make(landscape_params(spec))->suggestion();
    Suggestion settings{{}, own.step_size, 0, own.beta, own.sigma, {}};
    for (const Point& point : own.starts) {
        settings.points.push_back({point.x, point.y});
    }
    return settings;
}

}  // namespace basin
