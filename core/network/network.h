// Networks on data, as objectives. This header and the schemas need no LibTorch; the models do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/catalog/params.h"
#include "core/objective/objective.h"

namespace basin {

struct DataSet;
struct Model;
struct ModelTask;

/// Settings that learn something with this model; new lanes are filled with them.
struct NetworkSuggestion {
    double step_size = 0.02;
    double momentum = 0.9;
    double beta = 1e8;
    std::optional<double> sigma;  // empty: coupled to beta
    double epochs = 20;
};

/// One model family. Its complete schema is `network_schema(entry)`: data set, train_size, batch_size,
/// label_noise.kind, label_noise.rate, ... and the model's own parameters.
struct NetworkEntry {
    std::string key;
    std::string label;
    std::string help;
    std::string formula;
    std::string reference;
    ParamSchema schema;  // the model's own
    NetworkSuggestion suggestion;
    /// Throws std::invalid_argument when the model does not fit the data or a parameter makes no sense.
    Model (*make)(const Params& params, const ModelTask& task);
};

std::span<const NetworkEntry* const> network_entries();
ParamSchema network_schema(const NetworkEntry& entry);

/// False in a build without LibTorch; make_network_objective then throws and says so.
bool networks_available();

/// Reads the data, draws subset and label noise from `seed`, builds the model. Throws std::invalid_argument with one
/// sentence that names the file or the key.
std::unique_ptr<Objective> make_network_objective(const NetworkEntry& entry, const Params& params, Backend& backend,
                                                  std::uint64_t seed);
/// The same on data that was made before: what `params` say of data set, sizes and label noise is not looked at.
std::unique_ptr<Objective> make_network_objective(const NetworkEntry& entry, const Params& params, Backend& backend,
                                                  DataSet set);

}  // namespace basin
