// A started experiment: threads, turns, recording, and the controls that a window or a command line needs.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/compute/backend.h"
#include "core/optim/optimizer.h"
#include "core/probe/probe.h"
#include "core/run/lane_phase.h"
#include "core/run/run_parts.h"
#include "core/run/spec.h"
#include "core/run/telemetry.h"
#include "core/slice/make_plane.h"

namespace basin {

class SliceWorker;

/// idle -> running <-> paused -> finished | stopped | failed. `finished`: every lane reached its steps or failed
/// on its own; `failed`: nothing could go on (message() says why).
enum class RunState : std::uint8_t { idle, running, paused, finished, stopped, failed };
enum class LaneState : std::uint8_t { running, finished, failed };

struct RunOptions {
    /// Empty: the CPU; of a run that is resumed, what it ran on.
    std::optional<Device> device;
    int threads = 0;  // 0: all cores
    /// Where the run's folder is made (must not exist); empty: nothing is written.
    std::filesystem::path folder;
    /// Continue the run in `folder` from its last checkpoint.
    bool resume = false;
    /// Somebody pops the rings: a full ring then makes its lane wait. Without: rings and mailboxes stay empty.
    bool observed = false;
    /// Somebody takes metrics and probe reports (always so when observed).
    bool reported = false;
    /// Start in `paused`.
    bool paused = false;
    /// Resume a network's run with another number of threads than it had: not the same bytes any more.
    bool any_threads = false;
    /// Resume a run on another device, or on another kind of GPU, than it had: not the same bytes any more.
    bool any_device = false;
    /// Seconds between checkpoints; a slow disk makes them rarer. 0: after every round.
    double checkpoint_seconds = 5;
};

/// What can be asked about a lane at any time, from any thread.
struct LaneStatus {
    std::string label;
    LaneState state = LaneState::running;
    std::string message;  // why it failed, naming lane and step
    std::uint64_t step = 0;
    Counts counts;
    std::uint64_t escaped = 0;
    double loss = 0;
    double seconds = 0;                                   // of its own turns
    double optimizer_seconds = 0;                         // of these, what a network's evaluations did not take
    std::vector<std::pair<std::string, double>> metrics;  // the newest
    LanePhase phase = LanePhase::stepping;
    double evaluated = 0;           // evaluating: share of its examples, 0 to 1
    double evaluation_seconds = 0;  // evaluating or waiting: since the first lane's evaluation began
};

/// What is worth saying of it: the phase, but that an evaluation which is over before it can be read is none.
LanePhase noticeable_phase(const LaneStatus& lane);

/// A probe's answer on its way to a panel.
struct ProbeReport {
    std::size_t lane = 0;
    std::size_t probe = 0;  // index in spec.probes; live measurements of an unlisted probe: spec.probes.size()
    std::string key;
    std::uint64_t step = 0;
    bool live = false;
    ProbeResult result;  // matrices of live ones only: those of scheduled ones are in the run's folder
    std::string error;   // not empty: it failed, `result` is empty
};

/// What is being measured beside the run. Seconds are for the eye: nothing of a run depends on them.
struct ProbeActivity {
    bool measuring = false;
    std::size_t lane = 0;
    std::string key;
    std::uint64_t step = 0;
    bool live = false;
    ProbeCost cost;                        // at most
    double share = 0;                      // of the work done, 0 to 1
    double seconds = 0;                    // so far
    std::optional<double> seconds_needed;  // all in all; empty until there is something to judge by
    std::size_t waiting = 0;               // measurements behind this one
};

/// What a measurement would take, before it begins. Seconds are for the eye: nothing of a run depends on them.
struct MeasurementEstimate {
    ProbeCost cost;                 // at most where it is adaptive
    std::optional<double> seconds;  // for all of `cost`; empty where nothing is known of this machine's speed
};

/// Owns one run. The lanes take turns on one worker thread, each using all the backend's threads, in rounds of some
/// 16 ms (networks 100 ms, at least one step a lane). After a round all lanes stand at the same step, so they can be
/// compared; seconds a lane are its own, and two lanes never fight for the cores. Commands act between rounds. Probes
/// have a worker of their own. All members but wait() may be called from the owner's thread and return at once; the
/// reader side of rings and mailboxes belongs to one thread. The destructor stops and joins.
/// Before start() pause(), resume() and single_step() do nothing, and stop() ends the run; after its end only
/// measure_now() and request_snapshots() still do something.
class Runner {
public:
    /// Checks the spec's numbers against memory, reads data, makes the folder. Throws std::invalid_argument with one
    /// sentence. Work starts at start().
    Runner(ExperimentSpec spec, RunOptions options, const RunParts& parts = RunParts::from_catalogs());
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    void start();
    void pause();
    void resume();
    /// Every running lane does exactly one more step, then the run is paused. The state is `running` until then.
    void single_step();
    /// Ends the run after the round in hand; a checkpoint is written when there is a folder.
    void stop();
    /// Waits until the state is finished, stopped or failed; returns at once when idle.
    void wait();
    /// The same for at most `limit`; returns the state.
    RunState wait_for(std::chrono::milliseconds limit);
    /// Steps per second of every lane; 0: as fast as it goes. Changes no result.
    void set_pace(double steps_per_second);
    /// A live parameter; acts at the lane's next step and is recorded. Throws std::invalid_argument when the key is
    /// not live or the value not allowed.
    void change(std::size_t lane, std::string_view key, const ParamValue& value);
    /// Measures the newest state of every lane with a probe ("measure now"); reports come marked live.
    void measure_now(std::string_view probe_key, const Params& params);

    /// What measure_now() would take for one lane. Throws std::invalid_argument when it can not be.
    MeasurementEstimate estimate_measurement(std::string_view probe_key, const Params& params) const;
    /// Gives up what measure_now() asked of this probe: the measurement in hand and those that wait. Scheduled ones go
    /// on.
    void cancel_measurements(std::string_view probe_key);
    ProbeActivity probe_activity() const;

    RunState state() const;
    std::string message() const;
    const ExperimentSpec& spec() const;
    std::string backend_name() const;
    Device device() const;
    /// What the run was reckoned to need before its start, in words.
    std::string memory() const;
    int threads() const;
    const Objective& objective() const;  // only its constant members: layout, landscape(), metric_keys()
    std::uint64_t total_steps() const;   // 0: endless
    std::size_t lane_count() const;
    LaneStatus lane_status(std::size_t lane) const;
    /// Changes that have acted so far, made by hand or by the spec, and the spec's that will: what a replay's spec must
    /// contain.
    std::vector<ChangeSpec> changes() const;
    /// summary.json's content as it stands, JSON.
    std::string summary() const;

    // Reader's side, one thread.
    Ring<RecordRow>& records(std::size_t lane);
    Mailbox<Snapshot>& snapshot(std::size_t lane);
    /// Rows that came since the last call (rare, so these lock briefly).
    std::vector<MetricsRow> take_metrics(std::size_t lane);
    std::vector<ProbeReport> take_reports();
    /// Ask for a fresh snapshot when the last one has been drawn.
    void request_snapshots();

    /// Where a network's lane has been since this runner began (see PathKeeper for which steps), while it is observed;
    /// empty on landscapes and without an observer. Any thread; copies no theta.
    LanePath path(std::size_t lane) const;
    /// Differs whenever path() would; 0 while there is none.
    std::uint64_t path_version(std::size_t lane) const;
    /// Bytes that all lanes' paths take when they are full; 0 when none are kept.
    std::size_t path_bytes() const;

    /// A worker with a view of this run's objective and `threads` threads of its own; may outlive this.
    std::unique_ptr<SliceWorker> make_slice_worker(std::function<void()> wake = {}, int threads = 1) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace basin
