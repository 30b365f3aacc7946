#include "core/run/runner.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <utility>

#include "core/compute/thread_priority.h"
#include "core/run/command_box.h"
#include "core/run/json_params.h"
#include "core/run/run_board.h"
#include "core/run/run_channels.h"
#include "core/run/run_setup.h"
#include "core/run/run_worker.h"
#include "core/run/slice_worker.h"
#include "core/run/summary.h"

namespace basin {

LanePhase noticeable_phase(const LaneStatus& lane)
{
    // Seconds: as long as it takes to read the word.
    constexpr double kNoticed = 0.3;
    const bool evaluation = lane.phase == LanePhase::evaluating || lane.phase == LanePhase::waiting;
    return evaluation && lane.evaluation_seconds < kNoticed ? LanePhase::stepping : lane.phase;
}

struct Runner::Impl {
    Impl(ExperimentSpec spec, RunOptions options, const RunParts& given)
        : parts(given),
          run(make_run(std::move(spec), std::move(options), given)),
          board(run.lanes.size()),
          channels(run.lanes.size(), run.options.observed),
          worker(run, box, board, channels)
    {
        if (run.options.observed && run.objective->landscape() == nullptr && run.spec.chains == 1) {
            std::vector<std::string> labels;
            for (const auto& lane : run.lanes) {
                labels.push_back(lane->label());
            }
            channels.paths = std::make_unique<PathKeeper>(std::move(labels), run.objective->dim());
        }
        for (std::size_t i = 0; i < run.lanes.size(); ++i) {
            board.lanes.push_back(run.lanes[i]->status());
            params.push_back(run.spec.lanes[i].params);
        }
        for (const AppliedChange& change : run.applied) {
            const ParamValue value = read_value(parse_json(change.value, "checkpoint"), {"checkpoint", change.key});
            board.applied.push_back({change.step, change.lane, change.key, value});
            params[change.lane].set(change.key, value);
        }
        board.coming = run.coming;
        board.seconds = run.seconds;
    }

    ~Impl() { box.quit(); }

    RunParts parts;
    RunSetup run;
    CommandBox box;
    RunBoard board;
    RunChannels channels;
    std::vector<Params> params;  // the owner's copy, to check changes against
    RunWorker worker;
    std::jthread thread;  // last: it uses everything above
};

Runner::Runner(ExperimentSpec spec, RunOptions options, const RunParts& parts)
    : impl_(std::make_unique<Impl>(std::move(spec), std::move(options), parts))
{
}

Runner::~Runner() = default;

void Runner::start()
{
    if (impl_->box.begin(impl_->run.options.paused)) {
        impl_->thread = std::jthread([impl = impl_.get()] {
            if (impl->run.options.observed) {
                let_others_go_first();
            }
            impl->worker.run();
        });
    }
}

void Runner::pause()
{
    impl_->box.pause();
}

void Runner::resume()
{
    impl_->box.run();
}

void Runner::single_step()
{
    impl_->box.single_step();
}

void Runner::stop()
{
    impl_->box.stop();
}

void Runner::wait()
{
    impl_->box.wait(std::nullopt);
}

RunState Runner::wait_for(std::chrono::milliseconds limit)
{
    return impl_->box.wait(limit);
}

void Runner::set_pace(double steps_per_second)
{
    impl_->box.pace(std::isfinite(steps_per_second) && steps_per_second > 0 ? steps_per_second : 0);
}

void Runner::change(std::size_t lane, std::string_view key, const ParamValue& value)
{
    if (lane >= impl_->params.size()) {
        throw std::invalid_argument("lane: " + std::to_string(lane) + " is none of the " +
                                    std::to_string(impl_->params.size()) + " lanes");
    }
    Params params = impl_->params[lane];
    params.set(key, value);
    const auto param = std::find_if(params.schema().begin(), params.schema().end(),
                                    [key](const ParamSpec& candidate) { return candidate.key == key; });
    if (!param->live) {
        throw std::invalid_argument(std::string(key) + ": cannot change while a run goes on");
    }
    impl_->parts.optimizer(impl_->run.spec.lanes[lane].optimizer).check(params);
    impl_->box.change({lane, std::string(key), params.value(key)});
    impl_->params[lane] = std::move(params);
}

void Runner::measure_now(std::string_view probe_key, const Params& params)
{
    impl_->parts.probe(probe_key);  // throws when there is none
    impl_->box.measure({std::string(probe_key), params});
}

MeasurementEstimate Runner::estimate_measurement(std::string_view probe_key, const Params& params) const
{
    ProbeInput input;
    input.chains = impl_->run.spec.chains;
    input.start_groups = impl_->run.start_groups;
    input.seed = impl_->run.spec.seed;
    return impl_->worker.probes().estimate(probe_key, params, input);
}

void Runner::cancel_measurements(std::string_view probe_key)
{
    impl_->worker.probes().cancel_live(probe_key);
}

ProbeActivity Runner::probe_activity() const
{
    return impl_->worker.probes().activity();
}

RunState Runner::state() const
{
    return impl_->box.state();
}

std::string Runner::message() const
{
    return impl_->box.message();
}

const ExperimentSpec& Runner::spec() const
{
    return impl_->run.spec;
}

std::string Runner::backend_name() const
{
    return impl_->run.backend->name();
}

Device Runner::device() const
{
    return impl_->run.device.device;
}

std::string Runner::memory() const
{
    return memory_words(impl_->run.memory);
}

int Runner::threads() const
{
    return impl_->run.backend->threads();
}

const Objective& Runner::objective() const
{
    return *impl_->run.objective;
}

std::uint64_t Runner::total_steps() const
{
    return impl_->run.plan.total;
}

std::size_t Runner::lane_count() const
{
    return impl_->run.lanes.size();
}

LaneStatus Runner::lane_status(std::size_t lane) const
{
    LaneStatus status;
    {
        const std::lock_guard lock(impl_->board.mutex);
        status = impl_->board.lanes.at(lane);
    }
    const LanePhases& phases = impl_->board.phases;
    status.phase = phases.phase(lane);
    status.evaluated = status.phase == LanePhase::evaluating ? phases.share() : 0;
    if (status.phase == LanePhase::evaluating || status.phase == LanePhase::waiting) {
        status.evaluation_seconds = phases.seconds();
    }
    return status;
}

std::vector<ChangeSpec> Runner::changes() const
{
    const std::lock_guard lock(impl_->board.mutex);
    std::vector<ChangeSpec> changes = impl_->board.applied;
    changes.insert(changes.end(), impl_->board.coming.begin(), impl_->board.coming.end());
    return changes;
}

std::string Runner::summary() const
{
    return format_summary(summarize(impl_->run, impl_->board, state(), message()));
}

Ring<RecordRow>& Runner::records(std::size_t lane)
{
    return *impl_->channels.records.at(lane);
}

Mailbox<Snapshot>& Runner::snapshot(std::size_t lane)
{
    return *impl_->channels.snapshots.at(lane);
}

std::vector<MetricsRow> Runner::take_metrics(std::size_t lane)
{
    const std::lock_guard lock(impl_->board.mutex);
    return std::exchange(impl_->board.metrics.at(lane), {});
}

std::vector<ProbeReport> Runner::take_reports()
{
    const std::lock_guard lock(impl_->board.mutex);
    return std::exchange(impl_->board.reports, {});
}

void Runner::request_snapshots()
{
    impl_->channels.snapshots_wanted.store(true, std::memory_order_release);
    impl_->box.poke();
}

LanePath Runner::path(std::size_t lane) const
{
    return impl_->channels.paths ? impl_->channels.paths->path(lane) : LanePath{};
}

std::uint64_t Runner::path_version(std::size_t lane) const
{
    return impl_->channels.paths ? impl_->channels.paths->version(lane) : 0;
}

std::size_t Runner::path_bytes() const
{
    return impl_->channels.paths ? impl_->channels.paths->most_bytes() : 0;
}

std::unique_ptr<SliceWorker> Runner::make_slice_worker(std::function<void()> wake, int threads) const
{
    SliceWorker::Parts parts;
    parts.backend = impl_->parts.backend(side_device(impl_->run), threads);
    parts.objective = impl_->run.objective->clone(*parts.backend);
    return std::make_unique<SliceWorker>(std::move(parts), std::move(wake));
}

}  // namespace basin
