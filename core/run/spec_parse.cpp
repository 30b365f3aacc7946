// From text to a checked experiment.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>

#include "core/optim/optimizer.h"
#include "core/probe/probe.h"
#include "core/run/spec_json.h"

namespace basin {

namespace {

constexpr std::size_t kMostLanes = 4095;               // RngKey::lane has twelve bits
constexpr double kMostChains = 1099511627776.0;        // 2^40; memory is checked when the run starts
constexpr std::uintmax_t kLargestFile = 64ULL << 20U;  // a million changes made by hand

/// "" where there is nothing to complain about.
std::string unprintable(const std::string& text)
{
    const bool control =
        std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    return control ? "must be one line without control characters" : "";
}

std::string read_text(const Json& object, const Place& place, const std::string& key, const std::string& otherwise)
{
    const ParamSpec spec{.key = key, .type = ParamType::text, .default_value = otherwise};
    std::string text = std::get<std::string>(read_member(object, place, spec));
    if (const std::string complaint = unprintable(text); !complaint.empty()) {
        place.at(key).fail(complaint);
    }
    return text;
}

std::uint64_t read_count(const Json& object, const Place& place, const std::string& key, std::int64_t otherwise,
                         double least, std::optional<double> most = {})
{
    const ParamSpec spec{
        .key = key, .type = ParamType::integer, .default_value = otherwise, .minimum = least, .maximum = most};
    return static_cast<std::uint64_t>(std::get<std::int64_t>(read_member(object, place, spec)));
}

std::uint64_t read_seed(const Json& json, const Place& place)
{
    if (const Json* seed = json.find("seed")) {
        if (const auto* large = std::get_if<std::uint64_t>(&seed->value)) {
            return *large;
        }
    }
    return read_count(json, place, "seed", 1, 0);
}

const Json& need(const Json& json, const Place& place, const std::string& key, const std::string& what)
{
    const Json* found = json.find(key);
    if (found == nullptr) {
        place.fail("needs a key \"" + key + "\": " + what);
    }
    return *found;
}

const Json::Array& need_list(const Json& json, const Place& place)
{
    if (json.array() == nullptr) {
        place.fail("must be a list [...], not " + describe(json));
    }
    return *json.array();
}

/// The entry that `object[key]` names.
template <class Entry>
const Entry& read_entry(const Json& object, const Place& place, const std::string& key,
                        std::span<const Entry* const> entries)
{
    ParamSpec spec{.key = key, .type = ParamType::choice};
    for (const Entry* entry : entries) {
        spec.choices.push_back(entry->key);
    }
    if (object.object() == nullptr) {
        place.fail("must be an object {...}, not " + describe(object));
    }
    const Place here = place.at(key);
    const ParamValue given = read_value(need(object, place, key, "its " + key), here);
    const std::string word = std::get<std::string>(checked_value(spec, given, here.text()));
    return **std::find_if(entries.begin(), entries.end(), [&](const Entry* entry) { return entry->key == word; });
}

ObjectiveSpec read_objective(const Json& json, const Place& place)
{
    const bool landscape = json.find("landscape") != nullptr;
    const bool network = json.find("network") != nullptr;
    if (json.object() != nullptr && landscape == network) {
        place.fail("must have either a key \"landscape\" or a key \"network\"");
    }
    const std::string kind = network ? "network" : "landscape";
    std::vector<const ObjectiveEntry*> entries;
    for (const ObjectiveEntry& entry : objective_entries()) {
        if (entry.kind == kind) {
            entries.push_back(&entry);
        }
    }
    const auto& entry = read_entry<ObjectiveEntry>(json, place, kind, entries);
    ObjectiveSpec spec{kind, entry.key, Params(entry.schema)};
    read_params(json, place, {kind}, spec.params);
    return spec;
}

StartSpec read_start(const Json& json, const Place& place)
{
    check_keys(json, place, {"points", "spread"});
    StartSpec start;
    start.spread = std::get<double>(read_member(json, place, {.key = "spread", .minimum = 0.0}));
    if (const Json* points = json.find("points")) {
        const Place here = place.at("points");
        const Json::Array& list = need_list(*points, here);
        for (std::size_t i = 0; i < list.size(); ++i) {
            need_list(list[i], here.at(i));
            start.points.push_back(std::get<std::vector<double>>(read_value(list[i], here.at(i))));
        }
    }
    return start;
}

LaneSpec read_lane(const Json& json, const Place& place)
{
    const auto& entry = read_entry(json, place, "optimizer", optimizer_entries());
    LaneSpec lane{read_text(json, place, "label", entry.label), entry.key, Params(entry.schema)};
    if (lane.label.empty()) {
        place.at("label").fail("must not be empty");
    }
    read_params(json, place, {"label", "optimizer"}, lane.params);
    return lane;
}

ProbeSpec read_probe(const Json& json, const Place& place)
{
    const auto& entry = read_entry(json, place, "probe", probe_entries());
    ProbeSpec probe{entry.key, Params(entry.schema), read_count(json, place, "every", 0, 0)};
    read_params(json, place, {"probe", "every"}, probe.params);
    return probe;
}

ChangeSpec read_change(const Json& json, const Place& place, const ExperimentSpec& spec)
{
    check_keys(json, place, {"step", "lane", "key", "value"});
    need(json, place, "key", "the parameter that changes");
    ChangeSpec change;
    change.step = read_count(json, place, "step", 0, 0);
    change.lane = read_count(json, place, "lane", 0, 0, static_cast<double>(spec.lanes.size() - 1));
    change.key = read_text(json, place, "key", {});
    std::vector<std::string> live;
    for (const ParamSpec& param : spec.lanes[change.lane].params.schema()) {
        if (param.live) {
            live.push_back(param.key);
        }
        if (param.key == change.key && param.live) {
            const Json& value = need(json, place, "value", "what " + change.key + " becomes");
            change.value = checked_value(param, read_value(value, place.at("value")), place.at("value").text());
        }
    }
    if (std::find(live.begin(), live.end(), change.key) == live.end()) {
        throw_unknown(place.at("key").text() + ": lane \"" + spec.lanes[change.lane].label + "\"",
                      "parameter that may change while running called", change.key, live);
    }
    return change;
}

template <class Item, class Read>
std::vector<Item> read_list(const Json& json, const Place& place, const std::string& key, Read read)
{
    std::vector<Item> items;
    if (const Json* found = json.find(key)) {
        const Place here = place.at(key);
        const Json::Array& list = need_list(*found, here);
        for (std::size_t i = 0; i < list.size(); ++i) {
            items.push_back(read(list[i], here.at(i)));
        }
    }
    return items;
}

void read_length(const Json& json, const Place& place, ExperimentSpec& spec)
{
    if (json.find("steps") != nullptr && json.find("epochs") != nullptr) {
        place.at("epochs").fail("and steps say the same thing: leave one of them out");
    }
    if (json.find("steps") != nullptr) {
        spec.steps = read_count(json, place, "steps", 1, 1);
    }
    if (json.find("epochs") != nullptr) {
        const ParamSpec epochs{.key = "epochs", .minimum = 0.0, .maximum = 1e9, .exclusive_minimum = true};
        spec.epochs = std::get<double>(read_member(json, place, epochs));
    }
}

}  // namespace

const std::vector<std::string>& spec_keys()
{
    static const std::vector<std::string> keys{"version",     "name",  "seed",   "objective",    "start",
                                               "chains",      "steps", "epochs", "record_every", "metrics_every",
                                               "share_noise", "lanes", "probes", "changes"};
    return keys;
}

ExperimentSpec spec_from_json(const Json& json, const std::string& source)
{
    const Place top{source, {}};
    check_keys(json, top, spec_keys());
    const Json& version = need(json, top, "version", "1");
    if (const auto* number = std::get_if<std::int64_t>(&version.value);
        number == nullptr || *number != ExperimentSpec::kVersion) {
        top.at("version").fail("must be 1, the only version this program reads, not " + describe(version));
    }
    ExperimentSpec spec;
    spec.name = read_text(json, top, "name", {});
    spec.seed = read_seed(json, top);
    spec.objective = read_objective(need(json, top, "objective", "what is minimised"), top.at("objective"));
    if (const Json* start = json.find("start")) {
        spec.start = read_start(*start, top.at("start"));
    }
    spec.chains = read_count(json, top, "chains", 1, 1, kMostChains);
    read_length(json, top, spec);
    spec.record_every = read_count(json, top, "record_every", 0, 0);
    spec.metrics_every = read_count(json, top, "metrics_every", 0, 0);
    const ParamSpec share{.key = "share_noise", .type = ParamType::boolean, .default_value = true};
    spec.share_noise = std::get<bool>(read_member(json, top, share));
    need(json, top, "lanes", "the optimizers to compare");
    spec.lanes = read_list<LaneSpec>(json, top, "lanes", read_lane);
    if (spec.lanes.empty() || spec.lanes.size() > kMostLanes) {
        top.at("lanes").fail("must hold between 1 and " + std::to_string(kMostLanes) + " lanes");
    }
    spec.probes = read_list<ProbeSpec>(json, top, "probes", read_probe);
    spec.changes = read_list<ChangeSpec>(
        json, top, "changes", [&](const Json& item, const Place& place) { return read_change(item, place, spec); });
    check_spec(spec, source);
    if (spec.start.points.empty() && spec.objective.kind == "landscape") {
        spec.start.points = suggestion(spec.objective).points;
    }
    return spec;
}

ExperimentSpec parse_spec(std::string_view text, const std::string& source)
{
    return spec_from_json(parse_json(text, source), source);
}

ExperimentSpec read_spec(const std::filesystem::path& file)
{
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) {
        throw std::invalid_argument(file.string() + ": there is no such file");
    }
    if (!std::filesystem::is_regular_file(status)) {
        throw std::invalid_argument(file.string() + ": is not a file but a folder or a device; name a spec's .json");
    }
    if (std::filesystem::file_size(file, error) > kLargestFile) {
        throw std::invalid_argument(file.string() + ": is larger than 64 MiB; that can not be a spec");
    }
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream) {
        throw std::invalid_argument(file.string() + ": can not be read; is it yours to read?");
    }
    return parse_spec(text, file.string());
}

}  // namespace basin
