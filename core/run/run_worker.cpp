#include "core/run/run_worker.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <utility>

#include "core/run/json_params.h"

namespace basin {
namespace {

// Length of a round. Landscapes: a frame, so that every picture is new. Networks: two lanes get the 50 ms in which
// caches and thread pools settle, and a pause is still felt as at once.
constexpr double kLandscapeRound = 0.016;
constexpr double kNetworkRound = 0.1;
// Rows of a lane in one round: a quarter of a ring, so that a reader at 60 frames a second never makes it wait.
constexpr std::uint64_t kRoundRows = RunChannels::kRows / 4;
constexpr std::chrono::milliseconds kRingWait{4};  // a reader says nothing when it pops, so its ring is looked at again

}  // namespace

RunWorker::RunWorker(RunSetup& run, CommandBox& box, RunBoard& board, RunChannels& channels)
    : run_(run),
      box_(box),
      board_(board),
      channels_(channels),
      probes_(std::move(run.probes), [&box] { box.poke(); }),
      applied_(run.applied),
      next_probe_lane_(run.lanes.size()),
      seconds_(run.seconds),
      snapshot_wanted_(run.lanes.size(), false),
      snapshot_step_(run.lanes.size(), 0)
{
}

void RunWorker::run()
{
    ticked_ = flushed_ = saved_ = timed_ = Clock::now();
    try {
        begin();
        while (turn()) {
        }
    } catch (const std::exception& error) {
        end(RunState::failed, error.what());
    }
    serve();
}

void RunWorker::begin()
{
    if (run_.resumed) {
        for (const auto& lane : run_.lanes) {
            step_ = std::max(step_, lane->step());
        }
        for (ProbeJob& job : run_.pending) {
            probes_.post(std::move(job));
        }
        take_up_evaluations();
        keep_paths();
        update_board();
        clear_records();
    } else {
        for (const auto& lane : run_.lanes) {
            lane->start(run_.spec.start);
        }
        update_board();  // the first evaluations may take long
        end_of_round();
    }
    pacer_.restart(step_, Clock::now());
}

bool RunWorker::turn()
{
    const auto now = Clock::now();
    if (!(paused_ && owed_steps_ == 0)) {
        seconds_ += std::chrono::duration<double>(now - ticked_).count();
    }
    ticked_ = now;
    obey(box_.take());
    collect_probes();
    publish_snapshots();
    if (stopping_) {
        end(RunState::stopped, {});
        return false;
    }
    const bool posted = post_probes(false);
    if (posted && !any_running() && probes_.idle()) {
        end(RunState::finished, {});
        return false;
    }
    const bool pausing = paused_ && owed_steps_ == 0;
    if (pausing || !posted || !any_running()) {
        probes_.set_lanes_run(false);
        if (run_.recorder) {
            run_.recorder->flush();
        }
        if (pausing) {
            box_.settle_paused();
        }
        box_.sleep();
        return true;
    }
    flush_when_due(now);
    checkpoint_when_due(now);
    probes_.set_lanes_run(!pacer_.paced());  // lanes that are held back leave most of the time to others
    if (const std::uint64_t steps = round_steps(); steps != 0) {
        apply_changes();
        round(steps);
    }
    return true;
}

/// After the end the newest state can still be drawn and measured.
void RunWorker::serve()
{
    try {
        while (!quitting_) {
            box_.sleep();
            obey(box_.take());
            collect_probes();
            publish_snapshots();
        }
    } catch (const std::exception&) {
        // No memory for a copy: the run itself has ended, and its state says how.
    }
}

void RunWorker::obey(Commands commands)
{
    stopping_ = stopping_ || commands.stop;
    quitting_ = quitting_ || commands.quit;
    if (commands.pace) {
        pacer_.set(*commands.pace, step_, Clock::now());
    }
    if (commands.mode != Commands::Mode::keep) {
        if (paused_ && commands.mode == Commands::Mode::run) {
            pacer_.restart(step_, Clock::now());
        }
        paused_ = commands.mode == Commands::Mode::pause;
        owed_steps_ = paused_ ? owed_steps_ + commands.single_steps : 0;
    }
    for (Commands::Change& change : commands.changes) {
        // Only the last word before the next step acts, so only it is recorded.
        std::erase_if(hand_changes_, [&](const Commands::Change& other) {
            return other.lane == change.lane && other.key == change.key;
        });
        hand_changes_.push_back(std::move(change));
    }
    if (!commands.measures.empty()) {
        measure_live(commands.measures);
    }
}

/// 0: not now, and this has waited for a while.
std::uint64_t RunWorker::round_steps()
{
    const std::uint64_t rows_every = run_.plan.rows_every(step_);
    std::uint64_t steps = owed_steps_ > 0 ? 1 : guess_;
    if (owed_steps_ == 0 && run_.device.device != Device::cpu) {
        // A GPU's losses are looked at after every kQueued-th step: no clock decides where a lane's failure is seen.
        steps += Stepper::kQueued - 1 - (step_ + steps - 1) % Stepper::kQueued;
    }
    steps = std::min(steps, run_.plan.next_cut(step_) - step_);
    if (channels_.paths) {
        steps = std::min(steps, channels_.paths->next(step_) - step_);
    }
    if (rows_every < std::numeric_limits<std::uint64_t>::max() / kRoundRows) {
        steps = std::min(steps, kRoundRows * rows_every);
    }
    const auto now = Clock::now();
    if (owed_steps_ == 0 && pacer_.paced()) {
        const std::uint64_t allowed = pacer_.allowed(step_, now);
        if (allowed <= step_) {
            auto until = pacer_.due(step_, now);
            if (run_.recorder && run_.recorder->dirty()) {
                until = std::min(until, flushed_ + std::chrono::milliseconds(500));
            }
            box_.sleep_until(until);
            return 0;
        }
        steps = std::min(steps, allowed - step_);
    }
    if (!rings_have_room(steps / rows_every + 1)) {
        box_.sleep_until(now + kRingWait);
        return 0;
    }
    return steps;
}

bool RunWorker::rings_have_room(std::uint64_t rows) const
{
    return !channels_.observed || std::all_of(channels_.records.begin(), channels_.records.end(),
                                              [rows](const auto& ring) { return ring->free_space() >= rows; });
}

void RunWorker::apply_changes()
{
    const std::size_t before = applied_.size();
    for (; next_change_ < run_.coming.size() && run_.coming[next_change_].step <= step_; ++next_change_) {
        apply(run_.coming[next_change_]);
    }
    for (Commands::Change& change : hand_changes_) {
        apply({step_, change.lane, std::move(change.key), std::move(change.value)});
    }
    hand_changes_.clear();
    if (applied_.size() != before) {
        const std::lock_guard lock(board_.mutex);
        board_.coming.assign(run_.coming.begin() + static_cast<std::ptrdiff_t>(next_change_), run_.coming.end());
    }
}

void RunWorker::apply(const ChangeSpec& change)
{
    Lane& lane = *run_.lanes[change.lane];
    if (!lane.running()) {
        return;
    }
    try {
        lane.change(change.key, change.value);
    } catch (const std::invalid_argument& error) {
        // Allowed when it was asked for, but not together with what has changed since: the lane goes on as it was.
        lane.note("lane \"" + lane.label() + "\": " + error.what());
        return;
    }
    applied_.push_back({step_, change.lane, change.key, change_text(change.value)});
    if (run_.recorder) {
        run_.recorder->change(applied_.back());
    }
    const std::lock_guard lock(board_.mutex);
    board_.applied.push_back({step_, change.lane, change.key, change.value});
}

void RunWorker::round(std::uint64_t steps)
{
    const auto begin = Clock::now();
    const std::uint64_t rows_every = run_.plan.rows_every(step_);
    for (const auto& lane : run_.lanes) {
        if (lane->running()) {
            lane->advance(steps, rows_every);
        }
    }
    step_ += steps;
    owed_steps_ -= owed_steps_ > 0 ? 1 : 0;
    const double a_step = std::chrono::duration<double>(Clock::now() - begin).count() / static_cast<double>(steps);
    const double budget = run_.objective->landscape() != nullptr ? kLandscapeRound : kNetworkRound;
    const double fitting = std::clamp(budget / std::max(a_step, 1e-9), 1.0, 1e9);
    // Doubling at most, because the first rounds are cold and a short one is a poor measure.
    guess_ = std::min(static_cast<std::uint64_t>(fitting), 2 * std::max(steps, guess_ / 2));
    end_of_round();
}

void RunWorker::end_of_round()
{
    for (const auto& lane : run_.lanes) {
        if (run_.plan.total != 0 && lane->step() >= run_.plan.total) {
            lane->finish();
        }
    }
    if (run_.plan.metrics_at(step_)) {
        std::vector<Lane*> due;
        for (const auto& lane : run_.lanes) {
            if (lane->step() == step_ && !lane->failed()) {
                due.push_back(lane.get());
            }
        }
        evaluate(due);
    }
    write_rows();
    next_probe_lane_ = 0;
    keep_paths();
    update_board();
    clear_records();
}

/// A stop does not wait for it: who has not been measured by then owes it to whoever resumes the run.
void RunWorker::evaluate(const std::vector<Lane*>& lanes)
{
    board_.phases.begin_evaluations();
    for (Lane* lane : lanes) {
        board_.phases.evaluate(lane->index());
        lane->measure_metrics(*run_.objective, run_.metric_keys, box_.stopping(),
                              [this](double share) { board_.phases.evaluated(share); });
    }
    board_.phases.step();
}

/// What a stop cut off before the run was resumed: the rows of that step were held back.
void RunWorker::take_up_evaluations()
{
    std::vector<Lane*> due;
    for (const auto& lane : run_.lanes) {
        if (lane->owes_metrics()) {
            if (run_.plan.row_at(lane->step())) {
                lane->recall_record();
            }
            due.push_back(lane.get());
        }
    }
    if (!due.empty()) {
        evaluate(due);
        write_rows();
    }
}

void RunWorker::clear_records()
{
    for (const auto& lane : run_.lanes) {
        lane->clear_records();
    }
}

/// To the file in the order (step, lane), which no clock has a say in, and to the rings.
void RunWorker::write_rows()
{
    std::vector<std::size_t> next(run_.lanes.size(), 0);
    for (std::uint64_t step = 0; step != std::numeric_limits<std::uint64_t>::max();) {
        step = std::numeric_limits<std::uint64_t>::max();
        for (std::size_t i = 0; i < next.size(); ++i) {
            const Lane& lane = *run_.lanes[i];
            if (next[i] < lane.records().size()) {
                step = std::min(step, lane.records()[next[i]].step);
            } else if (next[i] == lane.records().size() && lane.metrics() != nullptr) {
                step = std::min(step, lane.step());
            }
        }
        for (std::size_t i = 0; i < next.size() && step != std::numeric_limits<std::uint64_t>::max(); ++i) {
            const Lane& lane = *run_.lanes[i];
            const bool recorded = next[i] < lane.records().size() && lane.records()[next[i]].step == step;
            const bool measured = lane.metrics() != nullptr && lane.step() == step && next[i] <= lane.records().size();
            if (!recorded && !measured) {
                continue;
            }
            const StepRecord* record = recorded ? &lane.records()[next[i]] : nullptr;
            const bool held = lane.owes_metrics() && lane.step() == step;
            if (run_.recorder && !held) {
                run_.recorder->row(i, step, record != nullptr ? record->gradients : lane.gradients(), record,
                                   measured ? lane.metrics() : nullptr);
            }
            if (channels_.observed && record != nullptr) {
                channels_.records[i]->push(
                    {step, record->gradients, record->loss, lane.seconds_at(step), record->escaped});
            }
            next[i] += measured ? lane.records().size() + 1 : 1;
        }
    }
}

bool RunWorker::any_running() const
{
    return std::any_of(run_.lanes.begin(), run_.lanes.end(), [](const auto& lane) { return lane->running(); });
}

}  // namespace basin
