// The thread that computes.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/run/command_box.h"
#include "core/run/pacer.h"
#include "core/run/probe_worker.h"
#include "core/run/run_board.h"
#include "core/run/run_channels.h"
#include "core/run/run_setup.h"
#include "core/run/summary.h"

namespace basin {

/// Takes the lanes forward in rounds and does everything between rounds: commands, changes, metrics, probes, files,
/// snapshots. What ends up in files depends on the spec and the changes alone, never on a clock. run() is the thread's
/// body and returns after CommandBox::quit(); everything else is private to that thread.
class RunWorker {
public:
    RunWorker(RunSetup& run, CommandBox& box, RunBoard& board, RunChannels& channels);
    void run();
    /// For what any thread may ask of it.
    ProbeWorker& probes() { return probes_; }

private:
    using Clock = std::chrono::steady_clock;

    void begin();
    bool turn();
    void serve();
    void obey(Commands commands);

    // One round (run_worker.cpp).
    std::uint64_t round_steps();
    bool rings_have_room(std::uint64_t rows) const;
    void apply_changes();
    void apply(const ChangeSpec& change);
    void round(std::uint64_t steps);
    void end_of_round();
    void evaluate(const std::vector<Lane*>& lanes);
    void take_up_evaluations();
    void write_rows();
    void clear_records();
    bool any_running() const;

    // What leaves the thread (run_worker_output.cpp).
    void update_board();
    void publish_snapshots();
    void keep_paths();
    bool post_probes(bool whatever_room);
    void measure_live(const std::vector<Commands::Measure>& measures);
    void collect_probes();
    void write_timing(bool every_lane);
    void flush_when_due(Clock::time_point now);
    void checkpoint_when_due(Clock::time_point now);
    void write_checkpoint();
    void end(RunState state, const std::string& message);

    RunSetup& run_;
    CommandBox& box_;
    RunBoard& board_;
    RunChannels& channels_;
    ProbeWorker probes_;

    std::uint64_t step_ = 0;  // where all lanes stand that go on
    bool paused_ = false;
    bool stopping_ = false;
    bool quitting_ = false;
    std::uint64_t owed_steps_ = 0;
    Pacer pacer_;
    std::vector<Commands::Change> hand_changes_;
    std::size_t next_change_ = 0;  // in run_.coming
    std::vector<AppliedChange> applied_;
    std::size_t next_probe_lane_ = 0;  // who is to be measured next at step_; the number of lanes when all are

    std::uint64_t guess_ = 1;  // steps that fill a round
    double seconds_ = 0;       // of the run, pauses left out
    Clock::time_point ticked_{};
    Clock::time_point flushed_{};
    Clock::time_point saved_{};
    double save_cost_ = 0;
    Clock::time_point timed_{};
    std::vector<bool> snapshot_wanted_;
    std::vector<std::uint64_t> snapshot_step_;  // newest published + 1
};

}  // namespace basin
