// Follows a run on a terminal or as JSON lines.
#pragma once

#include <csignal>

#include "app/run_arguments.h"
#include "core/run/runner.h"

namespace basin {

/// Runs to the end, or until `interrupted` becomes true: then the run is stopped, which leaves a checkpoint where it
/// has a folder. Returns the exit status.
int watch_run(Runner& runner, const RunArguments& arguments, const volatile std::sig_atomic_t& interrupted);

}  // namespace basin
