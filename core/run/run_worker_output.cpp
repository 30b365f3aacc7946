// What leaves the lane worker's thread: status, pictures, measurements, files.
#include <algorithm>
#include <exception>
#include <map>
#include <utility>

#include "core/run/run_worker.h"

namespace basin {
namespace {

// Rows reach the file within a second of being recorded, with room for the round that is being computed.
constexpr std::chrono::milliseconds kFlush{500};
constexpr std::chrono::milliseconds kTiming{500};
// Saving may cost a twentieth of the time.
constexpr double kSaveShare = 20;

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to)
{
    return std::chrono::duration<double>(to - from).count();
}

}  // namespace

void RunWorker::update_board()
{
    std::vector<LaneStatus> lanes;
    for (const auto& lane : run_.lanes) {
        lanes.push_back(lane->status());
    }
    const bool reported = channels_.observed || run_.options.reported;
    const std::lock_guard lock(board_.mutex);
    board_.lanes = std::move(lanes);
    board_.seconds = seconds_;
    for (std::size_t i = 0; reported && i < run_.lanes.size(); ++i) {
        if (const Lane& lane = *run_.lanes[i]; lane.metrics() != nullptr) {
            board_.metrics[i].push_back({lane.step(), lane.gradients(), lane.seconds(), *lane.metrics()});
        }
    }
}

void RunWorker::publish_snapshots()
{
    if (channels_.snapshots_wanted.exchange(false, std::memory_order_acquire)) {
        snapshot_wanted_.assign(snapshot_wanted_.size(), true);
    }
    for (std::size_t i = 0; i < run_.lanes.size(); ++i) {
        const Lane& lane = *run_.lanes[i];
        if (!snapshot_wanted_[i] || snapshot_step_[i] == lane.step() + 1) {
            continue;  // a wish that nothing new can fulfil yet stays
        }
        Mailbox<Snapshot>& mailbox = *channels_.snapshots[i];
        lane.fill(mailbox.back());
        mailbox.publish();
        snapshot_wanted_[i] = false;
        snapshot_step_[i] = lane.step() + 1;
    }
}

void RunWorker::keep_paths()
{
    for (std::size_t i = 0; channels_.paths && i < run_.lanes.size(); ++i) {
        const Lane& lane = *run_.lanes[i];
        if (!lane.failed() && lane.step() == step_ && channels_.paths->due(i, step_)) {
            channels_.paths->keep(i, step_, lane.theta());
        }
    }
}

/// False while a lane has to wait because its queue is full.
bool RunWorker::post_probes(bool whatever_room)
{
    for (; next_probe_lane_ < run_.lanes.size(); ++next_probe_lane_) {
        Lane& lane = *run_.lanes[next_probe_lane_];
        if (lane.failed() || lane.step() != step_) {
            continue;
        }
        std::shared_ptr<const ProbeInput> input;
        for (std::size_t probe = 0; probe < run_.spec.probes.size(); ++probe) {
            if (!run_.plan.probe_at(probe, step_)) {
                continue;
            }
            if (!input) {
                if (!whatever_room && !probes_.has_room(lane.index())) {
                    for (std::size_t i = next_probe_lane_; i < run_.lanes.size(); ++i) {
                        board_.phases.wait_for_probe(i);
                    }
                    return false;
                }
                input = std::make_shared<const ProbeInput>(lane.probe_input(run_.spec.seed, run_.start_groups));
            }
            probes_.post({lane.index(), probe, run_.spec.probes[probe].probe, input, {}});
        }
    }
    board_.phases.step();
    return true;
}

void RunWorker::measure_live(const std::vector<Commands::Measure>& measures)
{
    for (const auto& lane : run_.lanes) {
        if (lane->failed()) {
            continue;
        }
        const auto input = std::make_shared<const ProbeInput>(lane->probe_input(run_.spec.seed, run_.start_groups));
        for (const Commands::Measure& measure : measures) {
            const auto listed = std::find_if(
                run_.spec.probes.begin(), run_.spec.probes.end(),
                [&](const ProbeSpec& probe) { return probe.probe == measure.probe && probe.params == measure.params; });
            const auto index = static_cast<std::size_t>(listed - run_.spec.probes.begin());
            probes_.post_live({lane->index(), index, measure.probe, input, measure.params});
        }
    }
}

void RunWorker::collect_probes()
{
    for (ProbeReport& report : probes_.take_done()) {
        if (run_.recorder && !report.live) {
            run_.recorder->probe(report);
        }
        if (!report.live) {
            report.result.matrices.clear();  // on disk if anywhere: a long run's would fill the memory
        }
        if (channels_.observed || run_.options.reported || report.live) {
            const std::lock_guard lock(board_.mutex);
            board_.reports.push_back(std::move(report));
        }
    }
}

void RunWorker::write_timing(bool every_lane)
{
    const auto now = Clock::now();
    if (!run_.recorder || (!every_lane && now - timed_ < kTiming)) {
        return;
    }
    timed_ = now;
    for (const auto& lane : run_.lanes) {
        run_.recorder->timing(lane->index(), lane->step(), lane->seconds(), seconds_);
    }
}

void RunWorker::flush_when_due(Clock::time_point now)
{
    write_timing(false);
    if (run_.recorder && now - flushed_ >= kFlush) {
        run_.recorder->flush();
        flushed_ = now;
    }
}

void RunWorker::checkpoint_when_due(Clock::time_point now)
{
    const double asked = run_.options.checkpoint_seconds;
    const double interval = asked > 0 ? std::max(asked, kSaveShare * save_cost_) : 0;
    if (run_.recorder && seconds_between(saved_, now) >= interval) {
        write_checkpoint();
    }
}

void RunWorker::write_checkpoint()
{
    const auto begin = Clock::now();
    Checkpoint checkpoint;
    checkpoint.spec_hash = run_.spec_hash;
    checkpoint.program = "basin " BASIN_VERSION;
    checkpoint.threads = run_.backend->threads();
    checkpoint.device = device_key(run_.device.device);
    checkpoint.card = run_.device.card();
    checkpoint.seconds = seconds_;
    for (const auto& lane : run_.lanes) {
        checkpoint.lanes.push_back(lane->checkpoint());
    }
    std::map<const ProbeInput*, std::size_t> inputs;
    for (const ProbeJob& job : probes_.pending()) {
        const auto [place, fresh] = inputs.emplace(job.input.get(), checkpoint.probe_inputs.size());
        if (fresh) {
            checkpoint.probe_inputs.push_back({job.input->theta, job.input->buffers});
        }
        checkpoint.pending.push_back(
            {job.lane, job.probe, job.input->step, job.input->measure, job.input->step_size, place->second});
    }
    checkpoint.changes = applied_;
    run_.recorder->checkpoint(checkpoint);
    saved_ = Clock::now();
    save_cost_ = seconds_between(begin, saved_);
}

void RunWorker::end(RunState state, const std::string& message)
{
    probes_.set_lanes_run(false);
    board_.phases.step();
    RunState outcome = state;
    std::string reason = message;
    try {
        if (run_.recorder && outcome != RunState::failed) {
            collect_probes();
            post_probes(true);  // what was due and has not been measured goes into the checkpoint
            write_timing(true);
            write_checkpoint();
            for (const auto& lane : run_.lanes) {
                run_.recorder->theta(lane->index(), lane->theta(), lane->chains(), lane->dim());
            }
        }
    } catch (const std::exception& error) {
        outcome = RunState::failed;
        reason = error.what();
    }
    if (outcome != RunState::finished) {
        probes_.cancel();
    }
    update_board();
    if (run_.recorder) {
        try {
            run_.recorder->summary(format_summary(summarize(run_, board_, outcome, reason)));
            run_.recorder->flush();
        } catch (const std::exception& error) {
            reason = outcome == RunState::failed ? reason : error.what();
            outcome = RunState::failed;
        }
        run_.recorder.reset();  // lets go of the folder before anybody is told
    }
    box_.end(outcome, reason);
}

}  // namespace basin
