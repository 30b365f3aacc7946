// Every objective that a spec can name, landscapes and networks alike.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalog/params.h"
#include "core/objective/objective.h"

namespace basin {

struct NetworkEntry;

/// What a spec's "objective" says: {"landscape": key, ...} or {"network": key, ...}. Dotted parameter keys are
/// nested JSON objects: "label_noise.rate" is {"label_noise": {"rate": ...}}.
struct ObjectiveSpec {
    std::string kind;  // "landscape" or "network"
    std::string key;
    Params params;
    bool operator==(const ObjectiveSpec&) const = default;
};

/// One choice of the objective menu; `schema` is complete (a landscape's with `gradient_noise`, a network's with
/// data set, batch size, label noise and the model's own).
struct ObjectiveEntry {
    std::string kind;
    std::string key;
    std::string label;
    std::string help;
    std::string formula;
    std::string reference;
    ParamSchema schema;
};

/// Landscapes first, then networks (present also in a build without LibTorch, whose make_objective then says so).
const std::vector<ObjectiveEntry>& objective_entries();
/// Throws std::invalid_argument that names the nearest known key.
const ObjectiveEntry& find_objective(std::string_view kind, std::string_view key);
/// Settings that show something on an objective; new lanes are filled with them.
struct Suggestion {
    std::vector<std::vector<double>> points;  // empty: its own start
    double step_size = 0.01;
    double momentum = 0;
    double beta = 20;
    std::optional<double> sigma;   // empty: coupled to beta
    std::optional<double> epochs;  // of a network
};
Suggestion suggestion(const ObjectiveSpec& spec);
/// A landscape's own parameters: what its entry's `make` takes.
Params landscape_params(const ObjectiveSpec& spec);
const NetworkEntry& find_network(std::string_view key);
/// Reads data files where there are any; throws std::invalid_argument naming file or key.
std::unique_ptr<Objective> make_objective(const ObjectiveSpec& spec, Backend& backend, std::uint64_t seed);

}  // namespace basin
