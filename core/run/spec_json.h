// What the files spec_*.cpp share: the JSON value between a spec and its text.
#pragma once

#include <string>
#include <vector>

#include "core/run/json.h"
#include "core/run/json_params.h"
#include "core/run/spec.h"

namespace basin {

/// The top level's keys in the documented order.
const std::vector<std::string>& spec_keys();

/// As parse_spec, from a value.
ExperimentSpec spec_from_json(const Json& json, const std::string& source);
/// Complete, keys in the documented order.
Json spec_to_json(const ExperimentSpec& spec);

/// What no single key can tell: unique labels, parameters that exclude each other, the points' dimension, changes in
/// their order. Throws std::invalid_argument that begins with `source`.
void check_spec(const ExperimentSpec& spec, const std::string& source);

}  // namespace basin
