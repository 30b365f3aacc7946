#include "core/run/run_setup.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <stdexcept>

#include "core/landscape/landscape.h"
#include "core/run/json_params.h"
#include "core/run/measuring_speed.h"
#include "core/run/run_memory.h"

namespace basin {
namespace {

[[noreturn]] void refuse(const std::string& sentence)
{
    throw std::invalid_argument(sentence);
}

std::uint64_t total_steps(const ExperimentSpec& spec, const Objective& objective)
{
    if (spec.steps) {
        return *spec.steps != 0 ? *spec.steps
                                : (refuse("steps: must be at least 1; leave it out to run until stopped"), 0);
    }
    if (!spec.epochs) {
        return 0;
    }
    const std::size_t per_epoch = objective.steps_per_epoch();
    if (per_epoch == 0) {
        refuse("epochs: this objective has no data and so no epochs; give steps instead");
    }
    return static_cast<std::uint64_t>(std::max(1.0, std::round(*spec.epochs * static_cast<double>(per_epoch))));
}

RoundPlan make_plan(const RunSetup& run)
{
    RoundPlan plan;
    plan.total = total_steps(run.spec, *run.objective);
    plan.record_every = run.spec.record_every;
    if (!run.metric_keys.empty()) {
        plan.metrics_every = run.spec.metrics_every != 0 ? run.spec.metrics_every : run.objective->steps_per_epoch();
    }
    for (const ProbeSpec& probe : run.spec.probes) {
        plan.probes_every.push_back(probe.every);
    }
    for (const ChangeSpec& change : run.coming) {
        plan.changes.push_back(change.step);
    }
    std::sort(plan.changes.begin(), plan.changes.end());
    return plan;
}

void check_change(const RunSetup& run, const RunParts& parts, const ChangeSpec& change, std::vector<Params>& params,
                  const std::string& where)
{
    if (change.lane >= params.size()) {
        refuse(where + ".lane: " + std::to_string(change.lane) + " is none of the " + std::to_string(params.size()) +
               " lanes");
    }
    Params& lane = params[change.lane];
    const auto param = std::find_if(lane.schema().begin(), lane.schema().end(),
                                    [&](const ParamSpec& candidate) { return candidate.key == change.key; });
    if (param != lane.schema().end() && !param->live) {
        refuse(where + ".key: " + change.key + " cannot change while a run goes on");
    }
    lane.set(change.key, change.value, where + ".");
    parts.optimizer(run.spec.lanes[change.lane].optimizer).check(lane);
}

/// The spec's changes with those made by hand that were recorded after the checkpoint.
std::vector<ChangeSpec> coming_changes(const RunSetup& run, const std::vector<AppliedChange>& later, std::uint64_t from)
{
    std::vector<ChangeSpec> coming;
    std::copy_if(run.spec.changes.begin(), run.spec.changes.end(), std::back_inserter(coming),
                 [from](const ChangeSpec& change) { return change.step >= from; });
    std::vector<bool> matched(coming.size(), false);
    const std::size_t planned = coming.size();
    for (const AppliedChange& change : later) {
        if (change.lane >= run.spec.lanes.size()) {
            refuse("changes.csv: is damaged; it changes lane " + std::to_string(change.lane) + ", which there is not");
        }
        std::size_t i = 0;
        while (i < planned && (matched[i] || coming[i].step != change.step || coming[i].lane != change.lane ||
                               coming[i].key != change.key || change_text(coming[i].value) != change.value)) {
            ++i;
        }
        if (i < planned) {
            matched[i] = true;  // acted by the spec, and will again
            continue;
        }
        const Place place{"changes.csv", change.key};
        coming.push_back(
            {change.step, change.lane, change.key, read_value(parse_json(change.value, "changes.csv"), place)});
    }
    std::stable_sort(coming.begin(), coming.end(),
                     [](const ChangeSpec& a, const ChangeSpec& b) { return a.step < b.step; });
    return coming;
}

/// "the CPU", or "the GPU" with its name.
std::string device_words(const std::string& key, const std::string& card)
{
    return key == "cpu" ? "the CPU" : card.empty() ? "the GPU" : "the GPU " + card;
}

void check_device(const RunSetup& run, const std::optional<Checkpoint>& checkpoint)
{
    const std::string key = device_key(run.device.device);
    const std::string card = run.device.card();
    if (!run.device.usable) {
        std::string sentence = "device: " + key + " cannot be used: " + run.device.reason;
        if (checkpoint && checkpoint->device == key) {
            sentence += "; the run used " + device_words(checkpoint->device, checkpoint->card) +
                        ", and goes on with --device cpu --any-device, though not to the same bytes";
        }
        refuse(sentence);
    }
    if (checkpoint && !run.options.any_device && (checkpoint->device != key || checkpoint->card != card)) {
        refuse(checkpoint_file(run.options.folder).string() + ": the run used " +
               device_words(checkpoint->device, checkpoint->card) + " and would not repeat its bytes on " +
               device_words(key, card) + "; resume with " +
               (checkpoint->device == key ? "" : "--device " + checkpoint->device + ", or with ") + "--any-device");
    }
}

void check_resumable(const RunSetup& run, const Checkpoint& checkpoint)
{
    const std::string file = checkpoint_file(run.options.folder).string();
    if (checkpoint.lanes.size() != run.spec.lanes.size()) {
        refuse(file + ": has " + std::to_string(checkpoint.lanes.size()) + " lanes, the spec " +
               std::to_string(run.spec.lanes.size()));
    }
    const bool fixed_threads = run.spec.objective.kind != "landscape" && !run.options.any_threads;
    if (fixed_threads && run.options.threads != checkpoint.threads) {
        refuse(file + ": the run used " + std::to_string(checkpoint.threads) +
               " threads and would not repeat its bytes with " + std::to_string(run.options.threads) +
               "; resume with --threads " + std::to_string(checkpoint.threads));
    }
}

void restore(RunSetup& run, const Checkpoint& checkpoint, std::size_t probes)
{
    for (const AppliedChange& change : checkpoint.changes) {
        const Place place{checkpoint_file(run.options.folder).string(), change.key};
        run.lanes.at(change.lane)->change(change.key, read_value(parse_json(change.value, place.source), place));
    }
    for (std::size_t i = 0; i < run.lanes.size(); ++i) {
        run.lanes[i]->restore(checkpoint.lanes[i], run.plan.total);
    }
    std::map<std::size_t, std::shared_ptr<const ProbeInput>> inputs;
    for (const PendingProbe& pending : checkpoint.pending) {
        if (pending.lane >= run.lanes.size() || pending.probe >= probes) {
            refuse(checkpoint_file(run.options.folder).string() + ": is damaged: a pending probe has no lane");
        }
        std::shared_ptr<const ProbeInput>& input = inputs[pending.input];
        if (!input) {
            const ProbeArrays& arrays = checkpoint.probe_inputs[pending.input];
            input = std::make_shared<const ProbeInput>(ProbeInput{arrays.theta, arrays.buffers, run.spec.chains,
                                                                  run.start_groups, run.spec.seed, pending.step,
                                                                  pending.measure, pending.step_size});
        }
        run.pending.push_back({pending.lane, pending.probe, run.spec.probes[pending.probe].probe, input, {}});
    }
    run.applied = checkpoint.changes;
    run.seconds = checkpoint.seconds;
    run.resumed = true;
}

void make_lanes(RunSetup& run, const RunParts& parts)
{
    for (std::size_t i = 0; i < run.spec.lanes.size(); ++i) {
        const LaneSpec& lane = run.spec.lanes[i];
        Stepper::Options options;
        options.chains = run.spec.chains;
        options.seed = run.spec.seed;
        options.lane = run.spec.share_noise ? 0 : static_cast<std::uint32_t>(i + 1);
        options.total_steps = run.plan.total;
        run.lanes.push_back(std::make_unique<Lane>(i, lane.label, *run.backend, *run.objective,
                                                   parts.optimizer(lane.optimizer), lane.params, options));
    }
}

void make_probes(RunSetup& run, const RunParts& parts)
{
    // One thread: the lanes have the cores, and a measurement is not in a hurry.
    run.probes.backend = parts.backend(side_device(run), 1);
    run.probes.objective = run.objective->clone(*run.probes.backend);
    run.probes.find = parts.probe;
    run.probes.team = run.backend->threads();
    if (run.options.observed) {
        const auto seconds = [] {
            return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
        };
        run.probes.example_seconds = seconds_per_example(*run.probes.objective, run.spec.seed, seconds);
    }
    for (const ProbeSpec& probe : run.spec.probes) {
        run.probes.probes.push_back(parts.probe(probe.probe).make(probe.params, *run.probes.objective));
    }
}

}  // namespace

Device side_device(const RunSetup& run)
{
    return run.objective->landscape() != nullptr ? Device::cpu : run.device.device;
}

std::string change_text(const ParamValue& value)
{
    return format_json_line(write_value(value));
}

RunSetup make_run(ExperimentSpec spec, RunOptions options, const RunParts& parts)
{
    if (spec.lanes.empty()) {
        refuse("lanes: a run needs at least one");
    }
    if (!options.folder.has_filename()) {
        options.folder = options.folder.parent_path();  // "out/" means "out"
    }
    RunSetup run;
    run.spec = std::move(spec);
    run.options = std::move(options);
    run.spec_hash = hash_spec(run.spec);
    if (run.options.resume) {
        run.recorder = Recorder::reopen(run.options.folder, run.spec);
        if (run.options.threads == 0 && run.recorder->last_checkpoint()) {
            run.options.threads = run.recorder->last_checkpoint()->threads;
        }
    }
    const std::optional<Checkpoint> none;
    const std::optional<Checkpoint>& checkpoint = run.recorder ? run.recorder->last_checkpoint() : none;
    if (!run.options.device) {
        run.options.device = checkpoint ? parse_device(checkpoint->device) : Device::cpu;
    }
    run.device = parts.device(*run.options.device);
    check_device(run, checkpoint);
    run.backend = parts.backend(*run.options.device, run.options.threads);
    run.options.threads = run.backend->threads();
    if (checkpoint) {
        check_resumable(run, *checkpoint);
    }
    run.objective = parts.objective(run.spec.objective, *run.backend, run.spec.seed);
    run.metric_keys = run.objective->metric_keys();
    run.data_files = run.objective->file_hashes();
    run.start_groups = std::max<std::size_t>(1, run.spec.start.points.size());
    if (run.spec.start.points.empty() && run.objective->landscape() != nullptr) {
        run.start_groups = run.objective->landscape()->suggestion().starts.size();
    }
    run.memory = reckoned_memory(run, parts);

    std::vector<Params> params;
    for (const LaneSpec& lane : run.spec.lanes) {
        params.push_back(lane.params);
    }
    std::vector<ChangeSpec> planned = run.spec.changes;
    std::stable_sort(planned.begin(), planned.end(),
                     [](const ChangeSpec& a, const ChangeSpec& b) { return a.step < b.step; });
    for (std::size_t i = 0; i < planned.size(); ++i) {
        check_change(run, parts, planned[i], params, "changes[" + std::to_string(i) + "]");
    }

    Recorder::Content content{run.metric_keys, {}};
    for (const ProbeSpec& probe : run.spec.probes) {
        content.probes.push_back(probe.probe);
    }
    make_probes(run, parts);
    std::uint64_t from = 0;
    if (checkpoint) {
        for (const LaneCheckpoint& lane : checkpoint->lanes) {
            from = std::max(from, lane.step);
        }
    }
    run.coming = coming_changes(run, run.recorder ? run.recorder->later_changes() : std::vector<AppliedChange>{}, from);
    run.plan = make_plan(run);
    make_lanes(run, parts);
    if (checkpoint) {
        restore(run, *checkpoint, run.spec.probes.size());
    }
    if (run.recorder) {
        run.recorder->open_files(content);
    } else if (!run.options.folder.empty()) {
        run.recorder = Recorder::create(run.options.folder, run.spec, content);
    }
    return run;
}

}  // namespace basin
