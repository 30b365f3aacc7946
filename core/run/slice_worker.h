// Slices on a thread of their own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/run/slice_files.h"
#include "core/run/spec.h"
#include "core/run/telemetry.h"
#include "core/slice/make_plane.h"
#include "core/slice/slice.h"

namespace basin {

/// A slice that is asked for. Carries or shares all thetas that it needs, so that runs go on meanwhile.
struct SliceJob {
    std::string objective{};  // see SliceSpec
    PlaneRequest plane{};
    std::vector<SliceAxis> axes{};  // empty: suggested_axes of `count` points
    std::size_t count = 51;
    PointRequest points{};
    Smoothing smoothing{};
    /// Goes on from a saved slice, which must be of `objective` (where that is not empty); all else above is then not
    /// looked at.
    std::optional<SavedSlice> saved{};
};

enum class SliceStage : std::uint8_t {
    idle,
    directions,  // Hessian directions take products, `progress` tells how far they are
    points,
    cancelled,  // resume() goes on
    finished,
    failed,  // `message` says why
};

/// A slice as far as it has come.
struct SliceReport {
    std::uint64_t job = 0;  // what post() returned
    SliceStage stage = SliceStage::idle;
    std::string message{};
    std::shared_ptr<const SliceSpec> spec{};  // from stage points on
    SliceValues values{};
    double progress = 0;                                             // of the stage, from 0 to 1
    double seconds = 0;                                              // of work on this job so far
    double seconds_left = std::numeric_limits<double>::quiet_NaN();  // as it has gone so far; NaN: nothing to go by
};

/// One thread with its own backend and its own view of an objective; runs are left as they are. Works on the newest job
/// only, coarse to fine, and tells what it has through a mailbox: at the first whole picture, some 30 times a second,
/// and at the end; what was in hand when a newer job came may still report itself as cancelled. post(), cancel() and
/// resume() return at once and may be called from any one thread, as may the reader's side of reports(). A job that
/// cannot be done ends as `failed` with one sentence, never with an exception. The destructor waits for the evaluation
/// in hand at most.
class SliceWorker {
public:
    struct Parts {
        std::unique_ptr<Backend> backend;
        std::unique_ptr<Objective> objective;  // on `backend`
    };
    /// `wake` is called from the worker's thread after each report; may be empty.
    explicit SliceWorker(Parts parts, std::function<void()> wake = {});
    ~SliceWorker();
    SliceWorker(const SliceWorker&) = delete;
    SliceWorker& operator=(const SliceWorker&) = delete;

    /// Takes the place of whatever waits or is in hand; returns the job's number.
    std::uint64_t post(SliceJob job);
    /// Stops after the evaluation in hand; what is known stays.
    void cancel();
    /// Goes on with a job that was cancelled.
    void resume();

    Mailbox<SliceReport>& reports() { return reports_; }

private:
    using Clock = std::chrono::steady_clock;
    struct Work {
        std::uint64_t number = 0;
        SliceJob job;
        std::optional<Slice> slice{};
        std::unique_ptr<PointValues> evaluate{};
        std::unique_ptr<PointValues> smooth{};
        SliceReport report{};  // all but its values
    };
    void work(const std::stop_token& stop);
    void go_on(Work& work, const std::stop_token& stop);
    bool prepare(Work& work, const std::stop_token& stop);
    void evaluate(Work& work, const std::stop_token& stop);
    void publish(const Work& work);
    bool due() const;

    Parts parts_;
    std::function<void()> wake_;
    Mailbox<SliceReport> reports_;

    // The worker's thread alone.
    std::optional<Work> in_hand_;
    Clock::time_point began_{};
    Clock::time_point published_{};
    Clock::duration publishing_{};

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<Work> next_;
    std::uint64_t last_number_ = 0;
    bool cancelled_ = false;
    bool resumed_ = false;
    std::stop_source stop_in_hand_;
    std::jthread thread_;  // last: it uses everything above
};

/// What SliceSpec::objective says of a run: its objective and seed as JSON.
std::string sliced_objective(const ExperimentSpec& spec);

}  // namespace basin
