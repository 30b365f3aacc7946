#include "widgets/bridge/run_controller.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "core/run/slice_worker.h"

namespace basin {

namespace {
// One frame of a 60 Hz screen while things move; slower while only a probe or a click could bring news.
constexpr int kFrameMilliseconds = 16;
constexpr int kQuietMilliseconds = 50;
// Rows taken from a ring at a time, and at most in a frame: 16 k rows a frame are a million a second.
constexpr std::size_t kRowsAtOnce = 4096;
constexpr std::size_t kRowsPerFrame = std::size_t{1} << 17;
constexpr qint64 kSpeedMilliseconds = 500;
// A large network's step takes seconds: until one is done, the speed is that of the step before.
constexpr qint64 kStepPatience = 10000;
}  // namespace

RunController::RunController(QObject* parent, const RunParts& parts)
    : QObject(parent),
      builder_(parts),
      gpu_sought_(std::async(std::launch::async, [look = parts.device] { return look(Device::cuda); })),
      rows_(kRowsAtOnce)
{
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.setInterval(kFrameMilliseconds);
    connect(&timer_, &QTimer::timeout, this, &RunController::poll);
    timer_.start();
}

RunController::~RunController() = default;

bool RunController::alive() const
{
    return runner_ && (state_ == State::ready || state_ == State::running || state_ == State::paused);
}

void RunController::start()
{
    if (state_ == State::loading) {
        run_when_ready_ = true;
    } else if (alive()) {
        runner_->resume();
        readState();
    } else {
        build(true);
    }
}

void RunController::pause()
{
    run_when_ready_ = false;
    if (alive()) {
        runner_->pause();
        readState();
    }
}

void RunController::toggle()
{
    if (state_ == State::running || (state_ == State::loading && run_when_ready_)) {
        pause();
    } else {
        start();
    }
}

void RunController::singleStep()
{
    run_when_ready_ = false;
    if (alive()) {
        runner_->single_step();
        timer_.setInterval(kFrameMilliseconds);
        readState();
    }
}

void RunController::reset()
{
    build(false);
}

void RunController::setPace(double steps_per_second)
{
    pace_ = steps_per_second;
    if (runner_) {
        runner_->set_pace(pace_);
    }
    Q_EMIT stateChanged();
}

void RunController::setThreads(int threads)
{
    if (threads != threads_) {
        threads_ = threads;
        build(state_ == State::running || run_when_ready_);
    }
}

void RunController::setDevice(Device device)
{
    if (device == device_) {
        return;
    }
    device_ = device;
    if (state_ == State::loading || state_ == State::ready || !runner_) {
        build(run_when_ready_);
    }
    Q_EMIT deviceChanged();
}

std::uint64_t RunController::step() const
{
    std::uint64_t newest = 0;
    for (const auto& lane : lanes_) {
        newest = std::max(newest, lane->status.step);
    }
    return newest;
}

ExperimentSpec RunController::replaySpec() const
{
    if (!runner_) {
        return spec_;
    }
    ExperimentSpec spec = runner_->spec();
    spec.changes = runner_->changes();
    return spec;
}

void RunController::build(bool run)
{
    run_when_ready_ = run;
    for (const auto& lane : lanes_) {
        lane->snapshot = nullptr;  // it lies in the old run
        lane->snapshot_number = 0;
    }
    RunOptions options;
    options.device = device_;
    options.threads = threads_;
    options.observed = true;
    options.paused = true;
    if (runner_) {
        runner_->stop();
    }
    builder_.order(spec_, options, std::move(runner_));
    timer_.setInterval(kFrameMilliseconds);
    enter(State::loading);
}

void RunController::adopt(RunBuilder::Product product)
{
    runner_ = std::move(product.runner);
    landscape_ = std::move(product.landscape);
    metric_keys_ = std::move(product.metric_keys);
    steps_per_epoch_ = product.steps_per_epoch;
    training_examples_ = product.training_examples;
    reports_.clear();
    changes_.clear();
    awaited_.clear();
    failure_told_.assign(lanes_.size(), false);
    for (const auto& lane : lanes_) {
        lane->history.clear();
        lane->metrics.clear();
        lane->status = LaneStatus{};
    }
    total_steps_ = runner_ ? runner_->total_steps() : 0;
    backend_name_ = runner_ ? QString::fromStdString(runner_->backend_name()) : QString();
    run_device_ = runner_ ? runner_->device() : Device::cpu;
    memory_need_ = runner_ ? QString::fromStdString(runner_->memory()) : QString();
    ++run_number_;
    counted_steps_ = 0;
    steps_per_second_ = 0;
    counting_.start();
    if (runner_) {
        changes_ = runner_->spec().changes;
        runner_->set_pace(pace_);
        runner_->start();
        if (run_when_ready_) {
            runner_->resume();
        }
        runner_->request_snapshots();
        Q_EMIT runChanged();
        // A short run may be over by now; poll() says so once it has read what was recorded.
        enter(run_when_ready_ ? State::running : State::ready);
        run_when_ready_ = false;
        return;
    }
    run_when_ready_ = false;
    const QString message = QString::fromStdString(product.error);
    enter(State::failed, message);
    Q_EMIT runChanged();
    Q_EMIT runFailed(message);
}

void RunController::poll()
{
    if (gpu_sought_.valid() && gpu_sought_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
        gpu_ = gpu_sought_.get();
        Q_EMIT devicesFound();
    }
    if (std::optional<RunBuilder::Product> product = builder_.take()) {
        adopt(std::move(*product));
    }
    if (!runner_) {
        Q_EMIT polled();
        return;
    }
    // The state first: who hears of `finished` then finds all that was recorded.
    const RunState reached = runner_->state();
    bool news = false;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        news = readLane(lane) || news;
    }
    std::vector<ProbeReport> reports = runner_->take_reports();
    news = news || !reports.empty();
    std::move(reports.begin(), reports.end(), std::back_inserter(reports_));
    news = readChanges() || news;
    runner_->request_snapshots();
    measureSpeed();
    readState(reached);
    timer_.setInterval(news || state_ == State::running ? kFrameMilliseconds : kQuietMilliseconds);
    if (news) {
        Q_EMIT frameReady();
    }
    Q_EMIT polled();
}

bool RunController::readLane(std::size_t index)
{
    LaneView& lane = *lanes_[index];
    bool news = false;
    for (std::size_t taken = 0; taken < kRowsPerFrame;) {
        const std::size_t count = runner_->records(index).pop(rows_);
        if (count == 0) {
            break;
        }
        lane.history.append(std::span(rows_).first(count));
        taken += count;
        news = true;
    }
    if (runner_->snapshot(index).take()) {
        lane.snapshot = &runner_->snapshot(index).front();
        ++lane.snapshot_number;
        news = true;
    }
    std::vector<MetricsRow> metrics = runner_->take_metrics(index);
    news = news || !metrics.empty();
    std::move(metrics.begin(), metrics.end(), std::back_inserter(lane.metrics));

    const LaneStatus before = std::exchange(lane.status, runner_->lane_status(index));
    news = news || before.step != lane.status.step || before.state != lane.status.state;
    if (lane.status.state == LaneState::failed && !failure_told_[index]) {
        failure_told_[index] = true;
        Q_EMIT runFailed(QString::fromStdString(lane.status.message));
    }
    return news;
}

bool RunController::readChanges()
{
    if (awaited_.empty()) {
        return false;
    }
    const std::size_t before = changes_.size();
    changes_ = runner_->changes();
    std::erase_if(awaited_, [this](const LiveChange& change) {
        const auto last = std::find_if(changes_.rbegin(), changes_.rend(), [&change](const ChangeSpec& recorded) {
            return recorded.lane == change.lane && recorded.key == change.key;
        });
        return last != changes_.rend() && last->value == change.value;
    });
    return changes_.size() != before;
}

void RunController::readState()
{
    const RunState reached = runner_->state();
    if (reached == RunState::idle || reached == RunState::running || reached == RunState::paused) {
        readState(reached);
    } else {
        timer_.setInterval(kFrameMilliseconds);  // poll() says so once it has read what was recorded
    }
}

void RunController::readState(RunState reached)
{
    switch (reached) {
        case RunState::idle:
            enter(State::ready);
            break;
        case RunState::running:
            enter(State::running);
            break;
        case RunState::paused:
            enter(step() == 0 ? State::ready : State::paused);
            break;
        case RunState::finished:
            enter(State::finished);
            break;
        case RunState::stopped:
            enter(State::stopped);
            break;
        case RunState::failed: {
            const QString message = QString::fromStdString(runner_->message());
            const bool told = state_ == State::failed ||
                              std::find(failure_told_.begin(), failure_told_.end(), true) != failure_told_.end();
            enter(State::failed, message);
            if (!told) {
                Q_EMIT runFailed(message);
            }
            break;
        }
    }
}

void RunController::enter(State state, const QString& message)
{
    if (state != state_ || message != message_) {
        state_ = state;
        message_ = message;
        Q_EMIT stateChanged();
    }
}

void RunController::measureSpeed()
{
    const qint64 elapsed = counting_.elapsed();
    if (elapsed < kSpeedMilliseconds) {
        return;
    }
    std::uint64_t steps = 0;
    for (const auto& lane : lanes_) {
        steps += lane->status.step;
    }
    if (state_ == State::running && steps == counted_steps_ && elapsed < kStepPatience) {
        return;
    }
    steps_per_second_ = static_cast<double>(steps - counted_steps_) * 1000.0 / static_cast<double>(elapsed);
    counted_steps_ = steps;
    counting_.start();
}

}  // namespace basin
