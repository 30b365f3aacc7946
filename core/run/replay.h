// A run's folder as a spec that repeats it.
#pragma once

#include <filesystem>

#include "core/run/spec.h"

namespace basin {

/// The folder's spec with everything in its changes.csv among its changes, so that a run of it repeats the bytes.
/// Throws std::invalid_argument with one sentence that names the file and line.
ExperimentSpec replay_spec(const std::filesystem::path& folder);

}  // namespace basin
