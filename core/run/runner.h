// A started experiment: threads, turns, recording, and the controls that a window or a command line needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/optim/optimizer.h"
#include "core/probe/probe.h"
#include "core/run/spec.h"
#include "core/run/telemetry.h"

namespace basin {

/// idle -> running <-> paused -> finished | stopped | failed. `finished`: every lane reached its steps or failed
/// on its own; `failed`: nothing could go on (message() says why).
enum class RunState : std::uint8_t { idle, running, paused, finished, stopped, failed };
enum class LaneState : std::uint8_t { running, finished, failed };

struct RunOptions {
  std::string device = "cpu";
  int threads = 0;  // 0: all cores
  /// Where the run's folder is made (must not exist); empty: nothing is written.
  std::filesystem::path folder;
  /// Continue the run in `folder` from its last checkpoint.
  bool resume = false;
  /// Somebody pops the rings: a full ring then makes its lane wait. Without: rings and mailboxes stay empty.
  bool observed = false;
  /// Start in `paused`.
  bool paused = false;
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
  double seconds = 0;
  std::vector<std::pair<std::string, double>> metrics;  // the newest
  bool waits_for_probe = false;
};

/// A probe's answer on its way to a panel.
struct ProbeReport {
  std::size_t lane = 0;
  std::size_t probe = 0;  // index in spec.probes; live measurements of an unlisted probe: spec.probes.size()
  std::string key;
  std::uint64_t step = 0;
  bool live = false;
  ProbeResult result;
  std::string error;  // not empty: it failed, `result` is empty
};

/// Owns one run. The lanes take turns on one worker thread (slices of some milliseconds, each using all the
/// backend's threads), so that lanes stay in step, seconds a lane are its own, and two lanes never fight for the
/// cores. Probes have a worker of their own. All members may be called from the owner's thread and return at
/// once; the reader side of rings and mailboxes belongs to one thread. The destructor stops and joins.
class Runner {
 public:
  /// Checks the spec's numbers against memory, reads data, makes the folder. Throws std::invalid_argument with one
  /// sentence. Work starts at start().
  Runner(ExperimentSpec spec, RunOptions options);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start();
  void pause();
  void resume();
  /// Every running lane does exactly one more step, then the run is paused.
  void single_step();
  /// Ends the run after the step in hand; a checkpoint is written when there is a folder.
  void stop();
  /// Waits until the state is finished, stopped or failed.
  void wait();
  /// Steps per second of every lane; 0: as fast as it goes. Changes no result.
  void set_pace(double steps_per_second);
  /// A live parameter; acts at the lane's next step and is recorded. Throws std::invalid_argument when the key is
  /// not live or the value not allowed.
  void change(std::size_t lane, std::string_view key, const ParamValue& value);
  /// All lanes go on from a new start point (landscapes): a new run of the same spec with this start; for the
  /// window this is the same as making a new Runner and is provided by RunController.
  /// Measures the newest state of every lane with a probe ("measure now"); reports come marked live.
  void measure_now(std::string_view probe_key, const Params& params);

  RunState state() const;
  std::string message() const;
  const ExperimentSpec& spec() const;
  std::string backend_name() const;
  int threads() const;
  const Objective& objective() const;  // only its constant members: layout, landscape(), metric_keys()
  std::uint64_t total_steps() const;   // 0: endless
  std::size_t lane_count() const;
  LaneStatus lane_status(std::size_t lane) const;
  /// Changes made by hand so far, the spec's own included: what a replay's spec must contain.
  std::vector<ChangeSpec> changes() const;

  // Reader's side, one thread.
  Ring<RecordRow>& records(std::size_t lane);
  Mailbox<Snapshot>& snapshot(std::size_t lane);
  /// Rows that came since the last call (rare, so these lock briefly).
  std::vector<MetricsRow> take_metrics(std::size_t lane);
  std::vector<ProbeReport> take_reports();
  /// Ask for a fresh snapshot when the last one has been drawn.
  void request_snapshots();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace basin
