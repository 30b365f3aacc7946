// The part of RunController that measures: probes and slices beside the run.
#include <exception>

#include "core/run/slice_worker.h"
#include "widgets/bridge/run_controller.h"

namespace basin {

void RunController::measureNow(const std::string& probe_key, const Params& params)
{
    if (!runner_) {
        return;
    }
    try {
        runner_->measure_now(probe_key, params);
    } catch (const std::exception& error) {
        Q_EMIT rejected(QString::fromUtf8(error.what()));
    }
}

void RunController::cancelMeasurements(const std::string& probe_key)
{
    if (runner_) {
        runner_->cancel_measurements(probe_key);
    }
}

ProbeActivity RunController::probeActivity() const
{
    return runner_ ? runner_->probe_activity() : ProbeActivity();
}

std::optional<MeasurementEstimate> RunController::measurementEstimate(const std::string& probe_key,
                                                                      const Params& params) const
{
    if (!runner_) {
        return {};
    }
    try {
        return runner_->estimate_measurement(probe_key, params);
    } catch (const std::exception&) {
        return {};  // asked for in earnest it is refused with the reason
    }
}

Params RunController::probeParams(const std::string& probe_key) const
{
    for (const ProbeSpec& probe : spec_.probes) {
        if (probe.probe == probe_key) {
            return probe.params;
        }
    }
    return probeDefaults(probe_key);
}

Params RunController::probeDefaults(const std::string& probe_key) const
{
    Params params(find_probe(probe_key).schema);
    if (params.has("sample") && training_examples_ > 0) {
        params.set("sample", static_cast<std::int64_t>(sampleSize(static_cast<std::size_t>(params.integer("sample")))));
    }
    return params;
}

LanePath RunController::lanePath(std::size_t lane) const
{
    LanePath path = runner_ ? runner_->path(lane) : LanePath();
    const Snapshot* newest = lane < lanes_.size() ? lanes_[lane]->snapshot : nullptr;
    if (!path.steps.empty() && newest != nullptr && newest->step > path.steps.back()) {
        path.steps.push_back(newest->step);
        path.thetas.push_back(std::make_shared<const std::vector<float>>(newest->theta));
    }
    return path;
}

RunController::PathVersion RunController::pathVersion(std::size_t lane) const
{
    const Snapshot* newest = lane < lanes_.size() ? lanes_[lane]->snapshot : nullptr;
    const bool rests = state_ != State::running && newest != nullptr;
    return {runner_ ? runner_->path_version(lane) : 0, rests ? newest->step : 0};
}

std::unique_ptr<SliceWorker> RunController::makeSliceWorker(std::function<void()> wake) const
{
    return runner_ ? runner_->make_slice_worker(std::move(wake)) : nullptr;
}

}  // namespace basin
