// From a spec to a run that is ready to start.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/run/lane.h"
#include "core/run/probe_worker.h"
#include "core/run/recorder.h"
#include "core/run/round_plan.h"
#include "core/run/run_memory.h"
#include "core/run/run_parts.h"
#include "core/run/runner.h"

namespace basin {

/// Everything one run owns besides its threads. Members are in the order of their making: later ones use earlier ones.
struct RunSetup {
    ExperimentSpec spec;
    RunOptions options;
    std::string spec_hash;
    DeviceInfo device;
    std::unique_ptr<Backend> backend;
    std::unique_ptr<Objective> objective;
    std::vector<std::string> metric_keys;
    std::vector<std::pair<std::string, std::string>> data_files;
    RunMemory memory;  // as estimated
    RoundPlan plan;
    std::size_t start_groups = 1;
    std::vector<std::unique_ptr<Lane>> lanes;
    ProbeWorker::Parts probes;
    std::unique_ptr<Recorder> recorder;  // null: nothing is written
    std::vector<AppliedChange> applied;  // before the resumed step
    std::vector<ChangeSpec> coming;      // by step; the spec's, and by hand after the checkpoint
    std::vector<ProbeJob> pending;       // not answered at the checkpoint
    double seconds = 0;                  // of the run before it was resumed
    bool resumed = false;                // from a checkpoint: lanes stand where it was taken
};

/// Checks what parse_spec cannot know (memory, folders, checkpoints), reads data, makes lanes and probes, and last the
/// folder. Throws std::invalid_argument with one sentence and then leaves nothing behind.
RunSetup make_run(ExperimentSpec spec, RunOptions options, const RunParts& parts);

/// Where measurements beside the run compute: a network's on the run's device, a landscape's on the CPU.
Device side_device(const RunSetup& run);

/// JSON of a changed value, as changes.csv and checkpoints hold it.
std::string change_text(const ParamValue& value);

}  // namespace basin
