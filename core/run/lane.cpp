#include "core/run/lane.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

namespace basin {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

Lane::Lane(std::size_t index, std::string label, Backend& backend, Objective& objective,
           const OptimizerEntry& optimizer, const Params& params, const Stepper::Options& options)
    : index_(index),
      label_(std::move(label)),
      backend_(backend),
      timed_(objective.landscape() != nullptr ? nullptr : std::make_unique<TimedObjective>(objective)),
      stepper_(backend, timed_ ? *timed_ : objective, optimizer, params, options)
{
}

void Lane::start(const StartSpec& start)
{
    try {
        const StepRecord record = stepper_.start(start);
        loss_ = record.loss;
        records_.assign(1, record);
    } catch (const LaneFailed& failure) {
        fail(failure.what());
    } catch (const OutOfMemory& error) {
        fail("at its start " + std::string(error.what()));
    }
}

void Lane::fail(const std::string& why)
{
    state_ = LaneState::failed;
    message_ = "lane \"" + label_ + "\": " + why;
}

void Lane::advance(std::uint64_t steps, std::uint64_t record_every)
{
    slice_step_ = stepper_.step();
    slice_seconds_ = seconds_;
    const double evaluated = timed_ ? timed_->seconds() : 0;
    const auto begin = Clock::now();
    try {
        stepper_.advance(steps, record_every, records_);
    } catch (const LaneFailed& failure) {
        fail(failure.what());
    } catch (const OutOfMemory& error) {
        fail("step " + std::to_string(stepper_.step() + 1) + ": " + error.what());
    }
    const double took = seconds_since(begin);
    seconds_ += took;
    optimizer_seconds_ += took - (timed_ ? timed_->seconds() - evaluated : 0);
    if (!records_.empty()) {
        loss_ = records_.back().loss;
    }
}

void Lane::finish()
{
    if (running()) {
        state_ = LaneState::finished;
    }
}

void Lane::measure_metrics(Objective& objective, const std::vector<std::string>& keys, const std::stop_token& stop,
                           const std::function<void(double)>& progress)
{
    std::optional<std::vector<double>> metrics;
    try {
        metrics = objective.metrics(theta(), buffers(), stop, progress);
    } catch (const OutOfMemory& error) {
        fail("metrics at step " + std::to_string(step()) + ": " + error.what());
    }
    owes_metrics_ = !metrics && !failed();
    if (!metrics) {
        return;
    }
    metrics_ = std::move(*metrics);
    metric_keys_ = keys;
    metrics_fresh_ = true;
}

void Lane::recall_record()
{
    records_.assign(1, {stepper_.step(), stepper_.counts().gradients, loss_, stepper_.escaped()});
}

double Lane::seconds_at(std::uint64_t step) const
{
    const std::uint64_t steps = stepper_.step() - slice_step_;
    if (steps == 0 || step <= slice_step_) {
        return slice_seconds_;
    }
    return slice_seconds_ +
           (seconds_ - slice_seconds_) * static_cast<double>(step - slice_step_) / static_cast<double>(steps);
}

void Lane::clear_records()
{
    records_.clear();
    metrics_fresh_ = false;
}

LaneStatus Lane::status() const
{
    LaneStatus status;
    status.label = label_;
    status.state = state_;
    status.message = message_;
    status.step = stepper_.step();
    status.counts = stepper_.counts();
    status.escaped = stepper_.escaped();
    status.loss = loss_;
    status.seconds = seconds_;
    status.optimizer_seconds = optimizer_seconds_;
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        status.metrics.emplace_back(metric_keys_[i], metrics_[i]);
    }
    return status;
}

std::vector<float> Lane::theta() const
{
    std::vector<float> theta(chains() * dim());
    backend_.download(theta, stepper_.theta());
    return theta;
}

std::vector<float> Lane::buffers()
{
    for (const StateArray& array : stepper_.arrays()) {
        if (array.name == "buffers") {
            std::vector<float> buffers(array.size);
            backend_.download(buffers, array.data);
            return buffers;
        }
    }
    return {};
}

void Lane::fill(Snapshot& snapshot) const
{
    snapshot.step = stepper_.step();
    snapshot.escaped = stepper_.escaped();
    snapshot.dim = dim();
    const std::size_t count = std::min(chains(), Snapshot::kMaximumParticles);
    snapshot.theta.resize(count * dim());
    // The same chains every time, so that a trail follows one particle.
    backend_.download_some(snapshot.theta, stepper_.theta(), chains(), dim());
}

ProbeInput Lane::probe_input(std::uint64_t seed, std::size_t start_groups)
{
    ProbeInput input;
    input.theta = theta();
    input.buffers = buffers();
    input.chains = chains();
    input.start_groups = start_groups;
    input.seed = seed;
    input.step = stepper_.step();
    input.measure = stepper_.measure();
    input.step_size = stepper_.step_size();
    return input;
}

LaneCheckpoint Lane::checkpoint()
{
    LaneCheckpoint checkpoint;
    checkpoint.step = stepper_.step();
    checkpoint.counts = stepper_.counts();
    checkpoint.loss = loss_;
    checkpoint.seconds = seconds_;
    checkpoint.optimizer_seconds = optimizer_seconds_;
    checkpoint.failed = state_ == LaneState::failed;
    checkpoint.owes_metrics = owes_metrics_;
    checkpoint.message = message_;
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        checkpoint.metrics.emplace_back(metric_keys_[i], metrics_[i]);
    }
    for (const StateArray& array : stepper_.arrays()) {
        std::vector<float>& values = checkpoint.arrays.emplace_back(array.name, std::vector<float>(array.size)).second;
        backend_.download(values, array.data);
    }
    return checkpoint;
}

void Lane::restore(const LaneCheckpoint& checkpoint, std::uint64_t total)
{
    const std::vector<StateArray> arrays = stepper_.arrays();
    const auto same = [](const StateArray& ours, const auto& theirs) {
        return ours.name == theirs.first && ours.size == theirs.second.size();
    };
    if (!std::equal(arrays.begin(), arrays.end(), checkpoint.arrays.begin(), checkpoint.arrays.end(), same)) {
        throw std::invalid_argument("lane \"" + label_ + "\": the checkpoint's arrays are not those of its optimizer");
    }
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        backend_.upload(arrays[i].data, checkpoint.arrays[i].second);
    }
    stepper_.restore(checkpoint.step, checkpoint.counts);
    loss_ = checkpoint.loss;
    seconds_ = checkpoint.seconds;
    optimizer_seconds_ = checkpoint.optimizer_seconds;
    message_ = checkpoint.message;
    owes_metrics_ = checkpoint.owes_metrics;
    state_ = checkpoint.failed                        ? LaneState::failed
             : total != 0 && checkpoint.step >= total ? LaneState::finished
                                                      : LaneState::running;
    metric_keys_.clear();
    metrics_.clear();
    for (const auto& [key, value] : checkpoint.metrics) {
        metric_keys_.push_back(key);
        metrics_.push_back(value);
    }
    records_.clear();
    slice_step_ = checkpoint.step;
    slice_seconds_ = seconds_;
}

}  // namespace basin
