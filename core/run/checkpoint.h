// Everything a run needs to go on after its process is gone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/optim/optimizer.h"

namespace basin {

/// One lane at a step that it has finished.
struct LaneCheckpoint {
    std::uint64_t step = 0;
    Counts counts;
    double loss = 0;
    double seconds = 0;
    double optimizer_seconds = 0;
    bool failed = false;
    bool owes_metrics = false;  // due at `step`, cut off by a stop; the row of that step is not written
    std::string message;
    std::vector<std::pair<std::string, double>> metrics;             // the newest
    std::vector<std::pair<std::string, std::vector<float>>> arrays;  // what Stepper::arrays() names
};

/// A scheduled measurement whose answer is not in the files yet.
struct PendingProbe {
    std::size_t lane = 0;
    std::size_t probe = 0;
    std::uint64_t step = 0;
    OptimizerEntry::Measure measure;
    double step_size = 0;
    std::size_t input = 0;  // index in Checkpoint::probe_inputs, shared by the probes of one lane and step
};

struct ProbeArrays {
    std::vector<float> theta;
    std::vector<float> buffers;
};

/// A change that was made by hand and had acted; `value` is JSON.
struct AppliedChange {
    std::uint64_t step = 0;
    std::size_t lane = 0;
    std::string key;
    std::string value;
};

/// A value. Written as FOLDER/checkpoint/state.bin (layout in FORMAT.md): first to state.bin.tmp, to the disk, then
/// renamed, so that at every moment one whole checkpoint is there once the first one is.
struct Checkpoint {
    static constexpr int kVersion = 1;
    std::string spec_hash;
    std::string program;
    int threads = 0;
    std::string device = "cpu";  // its key, and of a GPU its name
    std::string card;
    double seconds = 0;
    std::vector<LaneCheckpoint> lanes;
    std::vector<PendingProbe> pending;
    std::vector<ProbeArrays> probe_inputs;
    std::vector<AppliedChange> changes;               // all that acted, the spec's own included, in their order
    std::map<std::string, std::uint64_t> file_sizes;  // what the text files of the folder are cut back to
};

std::filesystem::path checkpoint_file(const std::filesystem::path& folder);

/// Throws std::runtime_error when it cannot be written; the previous checkpoint is then still whole.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint);

/// Throws std::invalid_argument with one sentence: damaged, cut short, or of another version.
Checkpoint read_checkpoint(const std::filesystem::path& folder);

}  // namespace basin
