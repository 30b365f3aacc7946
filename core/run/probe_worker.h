// Measures copied states on a thread of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/probe/probe.h"
#include "core/run/runner.h"

namespace basin {

/// A measurement that is asked for. `input` is shared by the probes of one lane and step.
struct ProbeJob {
    std::size_t lane = 0;
    std::size_t probe = 0;  // index in the spec; for a live one that is not listed there: their number
    std::string key;
    std::shared_ptr<const ProbeInput> input;
    Params live_params;  // of a live one
};

/// One thread with its own backend and its own view of the objective. Scheduled jobs are answered in the order in which
/// they were posted, none is skipped; live ones go first, and a newer one takes the place of an older one of the same
/// probe and lane that still waits. Members belong to one thread, the lane worker, but for cancel_live() and
/// activity().
class ProbeWorker {
public:
    /// States of one lane that may wait, besides the one being measured, before the lane has to.
    static constexpr std::size_t kQueue = 2;

    struct Parts {
        std::unique_ptr<Backend> backend;
        std::unique_ptr<Objective> objective;        // on `backend`
        std::vector<std::unique_ptr<Probe>> probes;  // the spec's
        std::function<const ProbeEntry&(std::string_view)> find;
        int team = 0;  // threads that the lanes take, to which this one gives way
        /// Seconds of a gradient of one training example on `backend`; empty where nobody asked or it is not known.
        std::optional<double> example_seconds{};
    };
    /// `wake` is called from the probe thread when something is done.
    ProbeWorker(Parts parts, std::function<void()> wake);
    ~ProbeWorker();

    bool has_room(std::size_t lane) const;
    void post(ProbeJob job);
    void post_live(ProbeJob job);
    /// Scheduled and live answers since the last call; the scheduled ones in their order.
    std::vector<ProbeReport> take_done();
    /// Scheduled jobs whose answer has not been taken, in their order.
    std::vector<ProbeJob> pending() const;
    /// No scheduled job is waiting, being measured, or done and not taken.
    bool idle() const;
    /// Forgets what waits and asks the measurement in hand to end early; its answer will not come.
    void cancel();
    /// The same for live measurements of one probe. Any thread.
    void cancel_live(std::string_view key);
    /// Any thread.
    ProbeActivity activity() const;
    /// What a live measurement of one lane would take. `input` needs no theta. Throws std::invalid_argument as making
    /// the probe does. Any thread.
    MeasurementEstimate estimate(std::string_view key, const Params& params, const ProbeInput& input) const;
    /// Whether the lanes go on meanwhile, for estimates. Any thread.
    void set_lanes_run(bool run) { lanes_run_ = run; }

private:
    using Clock = std::chrono::steady_clock;

    struct Live {
        std::string key;
        Params params;
        std::unique_ptr<Probe> probe;
    };
    void work(const std::stop_token& stop);
    ProbeReport measure(const ProbeJob& job, bool live, const std::stop_token& stop);
    void begin_activity(const ProbeJob& job, bool live);
    void show_cost(const ProbeCost& cost);
    std::optional<double> expected_seconds(const std::string& key, const ProbeCost& cost) const;
    void show_progress(double share);
    void end_activity(bool whole);
    Probe& live_probe(const ProbeJob& job);

    Parts parts_;
    std::function<void()> wake_;
    std::vector<Live> live_probes_;  // made when first asked for; touched by the probe thread only

    mutable std::mutex mutex_;
    std::condition_variable_any posted_;
    std::deque<ProbeJob> jobs_;  // the first `done_.size()` are done, the next may be in hand
    std::deque<ProbeReport> done_;
    std::deque<ProbeJob> live_jobs_;
    std::vector<ProbeReport> live_done_;
    bool measuring_ = false;        // a scheduled one
    std::uint64_t generation_ = 0;  // cancel() makes older answers unwelcome
    std::stop_source in_hand_;
    ProbeActivity activity_;
    Clock::time_point activity_began_{};
    std::map<std::string, double> seconds_of_work_;  // of a product or evaluation, by probe: the last measurement's
    std::atomic<bool> lanes_run_{false};
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace basin
