// One lane of a run: its stepper and what is known about it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/compute/backend.h"
#include "core/optim/stepper.h"
#include "core/run/checkpoint.h"
#include "core/run/runner.h"
#include "core/run/timed_objective.h"

namespace basin {

/// Steps its stepper, takes the time, and ends by itself when the stepper fails. Belongs to one thread, the lane
/// worker.
class Lane {
public:
    Lane(std::size_t index, std::string label, Backend& backend, Objective& objective, const OptimizerEntry& optimizer,
         const Params& params, const Stepper::Options& options);

    void start(const StartSpec& start);
    /// Goes forward; records() then holds what was recorded on the way. A lane that can not go on, or for which there
    /// is not enough memory, becomes `failed`.
    void advance(std::uint64_t steps, std::uint64_t record_every);
    void finish();
    /// For whoever asks; does not end the lane.
    void note(std::string message) { message_ = std::move(message); }
    /// Throws std::invalid_argument.
    void change(std::string_view key, const ParamValue& value) { stepper_.change(key, value); }
    /// Metrics of the state as it is; owed when `stop` was asked before they were all there.
    void measure_metrics(Objective& objective, const std::vector<std::string>& keys, const std::stop_token& stop,
                         const std::function<void(double)>& progress);

    bool running() const { return state_ == LaneState::running; }
    /// A stop cut off the measurement of the state as it is, now or before it was restored.
    bool owes_metrics() const { return owes_metrics_; }
    /// Of a lane that was restored: the step where it stands is in records() again.
    void recall_record();
    bool failed() const { return state_ == LaneState::failed; }
    std::uint64_t step() const { return stepper_.step(); }
    std::size_t index() const { return index_; }
    const std::string& label() const { return label_; }

    /// Recorded since the last clear_records(), with `seconds` of this lane's own turns.
    const std::vector<StepRecord>& records() const { return records_; }
    double seconds_at(std::uint64_t step) const;
    /// Of the newest step; not null when they were measured since clear_records().
    const std::vector<double>* metrics() const { return metrics_fresh_ ? &metrics_ : nullptr; }
    void clear_records();

    LaneStatus status() const;
    std::uint64_t gradients() const { return stepper_.counts().gradients; }
    double seconds() const { return seconds_; }

    std::vector<float> theta() const;
    std::size_t chains() const { return stepper_.chains(); }
    std::size_t dim() const { return stepper_.dim(); }
    /// Positions for drawing, thinned to Snapshot::kMaximumParticles.
    void fill(Snapshot& snapshot) const;
    ProbeInput probe_input(std::uint64_t seed, std::size_t start_groups);

    LaneCheckpoint checkpoint();
    /// After start(). Throws std::invalid_argument when the arrays are not this lane's.
    void restore(const LaneCheckpoint& checkpoint, std::uint64_t total);

private:
    std::vector<float> buffers();
    void fail(const std::string& why);

    std::size_t index_;
    std::string label_;
    Backend& backend_;
    std::unique_ptr<TimedObjective> timed_;  // networks only: on landscapes both are fused
    Stepper stepper_;

    LaneState state_ = LaneState::running;
    std::string message_;
    double loss_ = 0;
    double seconds_ = 0;
    double optimizer_seconds_ = 0;
    std::vector<StepRecord> records_;
    std::uint64_t slice_step_ = 0;  // where the slice of records_ began
    double slice_seconds_ = 0;
    std::vector<std::string> metric_keys_;
    std::vector<double> metrics_;
    bool metrics_fresh_ = false;
    bool owes_metrics_ = false;
};

}  // namespace basin
