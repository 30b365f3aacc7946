// From an experiment to its text, and safely onto the disk.
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "core/compute/sha256.h"
#include "core/run/spec_json.h"

namespace basin {

namespace {

Json empty_object()
{
    return Json(Json::Object());
}

Json objective_json(const ObjectiveSpec& spec)
{
    Json json = empty_object();
    json.set(spec.kind, spec.key);
    write_params(spec.params, json);
    return json;
}

Json start_json(const StartSpec& start)
{
    Json json = empty_object();
    if (!start.points.empty()) {
        Json::Array points;
        for (const std::vector<double>& point : start.points) {
            points.emplace_back(Json::Array(point.begin(), point.end()));
        }
        json.set("points", std::move(points));
    }
    json.set("spread", start.spread);
    return json;
}

Json lane_json(const LaneSpec& lane)
{
    Json json = empty_object();
    json.set("label", lane.label);
    json.set("optimizer", lane.optimizer);
    write_params(lane.params, json);
    return json;
}

Json probe_json(const ProbeSpec& probe)
{
    Json json = empty_object();
    json.set("probe", probe.probe);
    json.set("every", probe.every);
    write_params(probe.params, json);
    return json;
}

Json change_json(const ChangeSpec& change)
{
    Json json = empty_object();
    json.set("step", change.step);
    json.set("lane", change.lane);
    json.set("key", change.key);
    json.set("value", write_value(change.value));
    return json;
}

template <class Item, class Write>
Json list_json(const std::vector<Item>& items, Write write)
{
    Json::Array list;
    for (const Item& item : items) {
        list.push_back(write(item));
    }
    return list;
}

}  // namespace

Json spec_to_json(const ExperimentSpec& spec)
{
    Json json = empty_object();
    json.set("version", ExperimentSpec::kVersion);
    json.set("name", spec.name);
    json.set("seed", spec.seed);
    json.set("objective", objective_json(spec.objective));
    json.set("start", start_json(spec.start));
    json.set("chains", spec.chains);
    if (spec.steps) {
        json.set("steps", *spec.steps);
    }
    if (spec.epochs) {
        json.set("epochs", *spec.epochs);
    }
    json.set("record_every", spec.record_every);
    json.set("metrics_every", spec.metrics_every);
    json.set("share_noise", spec.share_noise);
    json.set("lanes", list_json(spec.lanes, lane_json));
    json.set("probes", list_json(spec.probes, probe_json));
    json.set("changes", list_json(spec.changes, change_json));
    return json;
}

std::string format_spec(const ExperimentSpec& spec)
{
    return format_json(spec_to_json(spec)) + "\n";
}

std::string hash_spec(const ExperimentSpec& spec)
{
    return sha256(format_spec(spec));
}

void write_spec(const ExperimentSpec& spec, const std::filesystem::path& file)
{
    // Beside the file, so that the rename stays on one file system.
    std::filesystem::path temporary = file;
    temporary += ".part";
    errno = 0;
    std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
    stream << format_spec(spec);
    stream.close();
    std::error_code error;
    if (stream) {
        std::filesystem::rename(temporary, file, error);
    }
    if (!stream || error) {
        const std::string why = error ? error.message() : std::strerror(errno);
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        throw std::invalid_argument(file.string() + ": can not be written: " + why);
    }
}

}  // namespace basin
