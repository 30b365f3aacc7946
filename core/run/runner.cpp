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

class Runner::Impl {
public:
    Impl(ExperimentSpec spec, RunOptions options, const RunParts& parts)
        : parts_(parts),
          run_(make_run(std::move(spec), std::move(options), parts)),
          channels_(run_.lanes.size(), run_.options.observed),
          worker_(run_, box_, board_, channels_)
    {
        if (run_.options.observed && run_.objective->landscape() == nullptr && run_.spec.chains == 1) {
            std::vector<std::string> labels;
            for (const auto& lane : run_.lanes) {
                labels.push_back(lane->label());
            }
            channels_.paths = std::make_unique<PathKeeper>(std::move(labels), run_.objective->dim());
        }
        board_.metrics.resize(run_.lanes.size());
        for (std::size_t i = 0; i < run_.lanes.size(); ++i) {
            board_.lanes.push_back(run_.lanes[i]->status());
            params_.push_back(run_.spec.lanes[i].params);
        }
        for (const AppliedChange& change : run_.applied) {
            const ParamValue value = read_value(parse_json(change.value, "checkpoint"), {"checkpoint", change.key});
            board_.applied.push_back({change.step, change.lane, change.key, value});
            params_[change.lane].set(change.key, value);
        }
        board_.coming = run_.coming;
        board_.seconds = run_.seconds;
    }

    ~Impl() { box_.quit(); }

    RunParts parts_;
    RunSetup run_;
    CommandBox box_;
    RunBoard board_;
    RunChannels channels_;
    std::vector<Params> params_;  // the owner's copy, to check changes against
    RunWorker worker_;
    std::jthread thread_;  // last: it uses everything above
};

Runner::Runner(ExperimentSpec spec, RunOptions options, const RunParts& parts)
    : impl_(std::make_unique<Impl>(std::move(spec), std::move(options), parts))
{
}

Runner::~Runner() = default;

void Runner::start()
{
    if (impl_->box_.begin(impl_->run_.options.paused)) {
        impl_->thread_ = std::jthread([impl = impl_.get()] {
            if (impl->run_.options.observed) {
                let_others_go_first();
            }
            impl->worker_.run();
        });
    }
}

void Runner::pause()
{
    impl_->box_.pause();
}

void Runner::resume()
{
    impl_->box_.run();
}

void Runner::single_step()
{
    impl_->box_.single_step();
}

void Runner::stop()
{
    impl_->box_.stop();
}

void Runner::wait()
{
    impl_->box_.wait(std::nullopt);
}

RunState Runner::wait_for(std::chrono::milliseconds limit)
{
    return impl_->box_.wait(limit);
}

void Runner::set_pace(double steps_per_second)
{
    impl_->box_.pace(std::isfinite(steps_per_second) && steps_per_second > 0 ? steps_per_second : 0);
}

void Runner::change(std::size_t lane, std::string_view key, const ParamValue& value)
{
    if (lane >= impl_->params_.size()) {
        throw std::invalid_argument("lane: " + std::to_string(lane) + " is none of the " +
                                    std::to_string(impl_->params_.size()) + " lanes");
    }
    Params params = impl_->params_[lane];
    params.set(key, value);
    const auto param = std::find_if(params.schema().begin(), params.schema().end(),
                                    [key](const ParamSpec& candidate) { return candidate.key == key; });
    if (!param->live) {
        throw std::invalid_argument(std::string(key) + ": cannot change while a run goes on");
    }
    impl_->parts_.optimizer(impl_->run_.spec.lanes[lane].optimizer).check(params);
    impl_->box_.change({lane, std::string(key), params.value(key)});
    impl_->params_[lane] = std::move(params);
}

void Runner::measure_now(std::string_view probe_key, const Params& params)
{
    impl_->parts_.probe(probe_key);  // throws when there is none
    impl_->box_.measure({std::string(probe_key), params});
}

void Runner::cancel_measurements(std::string_view probe_key)
{
    impl_->worker_.probes().cancel_live(probe_key);
}

ProbeActivity Runner::probe_activity() const
{
    return impl_->worker_.probes().activity();
}

RunState Runner::state() const
{
    return impl_->box_.state();
}

std::string Runner::message() const
{
    return impl_->box_.message();
}

const ExperimentSpec& Runner::spec() const
{
    return impl_->run_.spec;
}

std::string Runner::backend_name() const
{
    return impl_->run_.backend->name();
}

Device Runner::device() const
{
    return impl_->run_.device.device;
}

std::string Runner::memory() const
{
    return memory_words(impl_->run_.memory);
}

int Runner::threads() const
{
    return impl_->run_.backend->threads();
}

const Objective& Runner::objective() const
{
    return *impl_->run_.objective;
}

std::uint64_t Runner::total_steps() const
{
    return impl_->run_.plan.total;
}

std::size_t Runner::lane_count() const
{
    return impl_->run_.lanes.size();
}

LaneStatus Runner::lane_status(std::size_t lane) const
{
    const std::lock_guard lock(impl_->board_.mutex);
    return impl_->board_.lanes.at(lane);
}

std::vector<ChangeSpec> Runner::changes() const
{
    const std::lock_guard lock(impl_->board_.mutex);
    std::vector<ChangeSpec> changes = impl_->board_.applied;
    changes.insert(changes.end(), impl_->board_.coming.begin(), impl_->board_.coming.end());
    return changes;
}

std::string Runner::summary() const
{
    return format_summary(summarize(impl_->run_, impl_->board_, state(), message()));
}

Ring<RecordRow>& Runner::records(std::size_t lane)
{
    return *impl_->channels_.records.at(lane);
}

Mailbox<Snapshot>& Runner::snapshot(std::size_t lane)
{
    return *impl_->channels_.snapshots.at(lane);
}

std::vector<MetricsRow> Runner::take_metrics(std::size_t lane)
{
    const std::lock_guard lock(impl_->board_.mutex);
    return std::exchange(impl_->board_.metrics.at(lane), {});
}

std::vector<ProbeReport> Runner::take_reports()
{
    const std::lock_guard lock(impl_->board_.mutex);
    return std::exchange(impl_->board_.reports, {});
}

void Runner::request_snapshots()
{
    impl_->channels_.snapshots_wanted.store(true, std::memory_order_release);
    impl_->box_.poke();
}

LanePath Runner::path(std::size_t lane) const
{
    return impl_->channels_.paths ? impl_->channels_.paths->path(lane) : LanePath{};
}

std::uint64_t Runner::path_version(std::size_t lane) const
{
    return impl_->channels_.paths ? impl_->channels_.paths->version(lane) : 0;
}

std::size_t Runner::path_bytes() const
{
    return impl_->channels_.paths ? impl_->channels_.paths->most_bytes() : 0;
}

std::unique_ptr<SliceWorker> Runner::make_slice_worker(std::function<void()> wake, int threads) const
{
    SliceWorker::Parts parts;
    parts.backend = impl_->parts_.backend(side_device(impl_->run_), threads);
    parts.objective = impl_->run_.objective->clone(*parts.backend);
    return std::make_unique<SliceWorker>(std::move(parts), std::move(wake));
}

}  // namespace basin
