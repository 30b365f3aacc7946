// The description of an experiment: a value, one JSON file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalog/params.h"
#include "core/run/objectives.h"

namespace basin {

struct LaneSpec {
    std::string label;
    std::string optimizer;
    Params params;
    bool operator==(const LaneSpec&) const = default;
};

struct ProbeSpec {
    std::string probe;
    Params params;
    std::uint64_t every = 0;
    bool operator==(const ProbeSpec&) const = default;
};

/// A live parameter that was changed by hand: in force from `step` on.
struct ChangeSpec {
    std::uint64_t step = 0;
    std::size_t lane = 0;
    std::string key;
    ParamValue value;
    bool operator==(const ChangeSpec&) const = default;
};

/// One objective, several lanes, one seed, some probes. Equal specs give equal runs. All defaults are filled in.
struct ExperimentSpec {
    static constexpr int kVersion = 1;
    std::string name;
    std::uint64_t seed = 1;
    ObjectiveSpec objective;
    StartSpec start;
    std::size_t chains = 1;
    /// Empty: runs until stopped. A network's `epochs` is turned into steps when the objective is made.
    std::optional<std::uint64_t> steps;
    std::optional<double> epochs;
    std::uint64_t record_every = 0;   // 0: so that a lane records at most about a million rows
    std::uint64_t metrics_every = 0;  // 0: each epoch of a network
    bool share_noise = true;          // lanes see equal noise (common random numbers)
    std::vector<LaneSpec> lanes;
    std::vector<ProbeSpec> probes;
    std::vector<ChangeSpec> changes;
    bool operator==(const ExperimentSpec&) const = default;
};

/// Throws std::invalid_argument: one sentence with `source` (a file name), the key's path ("lanes[1].beta") and
/// what would be right. An unknown key names the nearest known one.
ExperimentSpec parse_spec(std::string_view json, const std::string& source);
ExperimentSpec read_spec(const std::filesystem::path& file);
/// Complete JSON, keys in the documented order, indented; parse_spec gives the same value back.
std::string format_spec(const ExperimentSpec& spec);
/// Writes through a temporary file, so that a failing write leaves the old file; throws std::invalid_argument.
void write_spec(const ExperimentSpec& spec, const std::filesystem::path& file);
/// Sets one value by its path ("lanes[0].beta", "objective.batch_size", "lanes.fSGLD.beta") from text: --set.
ExperimentSpec with_value(const ExperimentSpec& spec, std::string_view path, std::string_view text);
/// SHA-256 of format_spec's text.
std::string hash_spec(const ExperimentSpec& spec);
/// JSON Schema (draft 2020-12) of the spec, generated from the catalogs.
std::string spec_schema();

/// A new lane with the optimizer's defaults and the objective's suggestions, its label unique in `spec`.
LaneSpec suggest_lane(const ExperimentSpec& spec, std::string_view optimizer);
/// The same lanes on another objective, with that objective's suggested start, step size, beta and sigma.
ExperimentSpec with_objective(const ExperimentSpec& spec, std::string_view kind, std::string_view key);

}  // namespace basin
