// What a run comes to, as text.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/run/runner.h"

namespace basin {

/// Content of summary.json and of basin-run's last line. A value.
struct RunSummary {
    std::string name;
    std::string spec_hash;
    RunState state = RunState::idle;
    std::string message;
    std::uint64_t total_steps = 0;  // 0: endless
    std::vector<std::string> optimizers;
    std::vector<LaneStatus> lanes;
    std::vector<std::pair<std::string, std::string>> data_files;  // name, SHA-256
    std::string device;
    std::string card;    // of a GPU: its name
    std::string driver;  // and its driver's version
    std::string backend;
    int threads = 0;
    double seconds = 0;
};

/// JSON, keys in the order of FORMAT.md, indented; equal but for "machine" and "timing" in equal runs.
std::string format_summary(const RunSummary& summary);

struct RunSetup;
struct RunBoard;
/// As the board shows it now; only members of `run` that stay as they are while it goes on are read.
RunSummary summarize(const RunSetup& run, const RunBoard& board, RunState state, const std::string& message);

const char* run_state_name(RunState state);
const char* lane_state_name(LaneState state);

}  // namespace basin
