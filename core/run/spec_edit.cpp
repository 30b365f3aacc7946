// Changing a spec from outside: --set, a new lane, another objective.
#include <algorithm>
#include <stdexcept>

#include "core/optim/optimizer.h"
#include "core/run/spec_json.h"

namespace basin {

namespace {

/// A path's next part: a key, or an index in brackets.
struct Step {
    std::string key;
    std::optional<std::size_t> index{};
};

constexpr std::size_t kLandscapeChains = 20000;  // the flagship's: enough for shares to a third of a percent

std::vector<Step> split_path(std::string_view path, const Place& place)
{
    std::vector<Step> steps;
    while (!path.empty()) {
        if (path.front() == '[') {
            const std::size_t end = path.find(']');
            const auto number = end == std::string_view::npos ? std::nullopt : parse_number(path.substr(1, end - 1));
            if (!number || *number < 0 || *number > 1e6 || *number != static_cast<double>(static_cast<int>(*number))) {
                place.fail("is not a path: [...] must hold a whole number, as in lanes[0].beta");
            }
            steps.push_back({{}, static_cast<std::size_t>(*number)});
            path.remove_prefix(end + 1);
        } else {
            const std::size_t end = std::min(path.find_first_of(".["), path.size());
            if (end == 0) {
                place.fail("is not a path: write it as in lanes[0].beta");
            }
            steps.push_back({std::string(path.substr(0, end)), std::nullopt});
            path.remove_prefix(end);
        }
        if (path.starts_with('.')) {
            path.remove_prefix(1);
        }
    }
    if (steps.empty()) {
        place.fail("needs a path and a value, as in --set lanes[0].beta=20");
    }
    return steps;
}

/// "lanes.fSGLD.beta" becomes "lanes[1].beta"; a label may hold dots.
std::string with_lane_index(const ExperimentSpec& spec, std::string_view path)
{
    constexpr std::string_view kLanes = "lanes.";
    if (!path.starts_with(kLanes)) {
        return std::string(path);
    }
    const std::string_view rest = path.substr(kLanes.size());
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < spec.lanes.size(); ++i) {
        const std::string& label = spec.lanes[i].label;
        if (rest.starts_with(label + ".")) {
            return "lanes[" + std::to_string(i) + "]" + std::string(rest.substr(label.size()));
        }
        labels.push_back(label);
    }
    throw_unknown("--set " + std::string(path) + ": the experiment", "lane", rest.substr(0, rest.rfind('.')), labels);
}

Json read_text_value(std::string_view text, const Json* present, const Place& place)
{
    // A text stays a text: --set name=42 and --set objective.folder=/data need no quotes.
    const bool is_text = present != nullptr && present->text() != nullptr;
    if (!is_text || text.starts_with('"')) {
        try {
            return parse_json(text, place.text());
        } catch (const std::invalid_argument&) {
            if (text.starts_with('"') || text.starts_with('[') || text.starts_with('{')) {
                throw;
            }
        }
    }
    // Through the parser all the same, which refuses what is no UTF-8.
    return parse_json(format_json(Json(std::string(text))), place.text());
}

/// What a change of one value drags along, so that the rest still fits.
void make_room(Json& json, const std::vector<Step>& steps, const Json& value)
{
    const bool objective =
        steps.size() == 2 && steps[0].key == "objective" && (steps[1].key == "landscape" || steps[1].key == "network");
    if (objective) {
        json.set("objective", Json(Json::Object{{steps[1].key, value}}));
        json.erase("start");
        return;
    }
    if (steps.size() == 1 && (steps[0].key == "steps" || steps[0].key == "epochs")) {
        json.erase(steps[0].key == "steps" ? "epochs" : "steps");
    }
    const bool optimizer =
        steps.size() == 3 && steps[0].key == "lanes" && steps[1].index && steps[2].key == "optimizer";
    if (optimizer && value.text() != nullptr) {
        Json& lane = std::get<Json::Array>(json.find("lanes")->value)[*steps[1].index];
        for (const OptimizerEntry* entry : optimizer_entries()) {
            if (entry->key == *value.text()) {
                const Params known(entry->schema);
                std::erase_if(std::get<Json::Object>(lane.value), [&](const JsonMember& member) {
                    return member.key != "label" && member.key != "optimizer" && !known.has(member.key);
                });
            }
        }
    }
}

std::string unique_label(const ExperimentSpec& spec, const std::string& label)
{
    const auto taken = [&](const std::string& wanted) {
        return std::any_of(spec.lanes.begin(), spec.lanes.end(),
                           [&](const auto& lane) { return lane.label == wanted; });
    };
    std::string unique = label;
    for (int i = 2; taken(unique); ++i) {
        unique = label + " " + std::to_string(i);
    }
    return unique;
}

void apply(const Suggestion& settings, Params& params)
{
    const auto set = [&](const char* key, const ParamValue& value) {
        if (params.has(key)) {
            params.set(key, value);
        }
    };
    set("step_size", settings.step_size);
    set("momentum", settings.momentum);
    set("beta", settings.beta);
    set("coupling", !settings.sigma.has_value());
    if (settings.sigma) {
        set("sigma", *settings.sigma);
    }
}

/// The value at a path; a key that may be left out is made (null). Complains where there is none.
Json* resolve(Json& json, const std::vector<Step>& steps, const Place& place)
{
    Json* at = &json;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].index) {
            auto* items = std::get_if<Json::Array>(&at->value);
            if (items == nullptr || *steps[i].index >= items->size()) {
                place.fail(items == nullptr ? "is not there: [...] stands behind a list"
                                            : "is not there: the list has " + std::to_string(items->size()) +
                                                  " items, the first is [0]");
            }
            at = &(*items)[*steps[i].index];
            continue;
        }
        if (at->object() == nullptr) {
            place.fail("is not there: \"" + steps[i].key + "\" stands behind a " +
                       (at->array() != nullptr ? "list, name an item as in lanes[0].beta" : "single value"));
        }
        if (at->find(steps[i].key) == nullptr) {
            std::vector<std::string> known = i == 0 ? spec_keys() : std::vector<std::string>();
            for (const JsonMember& member : *at->object()) {
                known.push_back(member.key);
            }
            if (i == 1 && steps[0].key == "start") {
                known.emplace_back("points");
            }
            if (i == 1 && steps[0].key == "objective") {
                known.insert(known.end(), {"landscape", "network"});
            }
            if (i + 1 < steps.size() || std::find(known.begin(), known.end(), steps[i].key) == known.end()) {
                throw_unknown(place.text() + ":", "key", steps[i].key, known);
            }
            at->set(steps[i].key, Json());
        }
        at = at->find(steps[i].key);
    }
    return at;
}

}  // namespace

ExperimentSpec with_value(const ExperimentSpec& spec, std::string_view path, std::string_view text)
{
    const Place place{"--set", std::string(path)};
    const std::vector<Step> steps = split_path(with_lane_index(spec, path), place);
    Json json = spec_to_json(spec);
    const Json value = read_text_value(text, resolve(json, steps, place), place);
    make_room(json, steps, value);
    *resolve(json, steps, place) = value;
    return spec_from_json(json, "--set");
}

LaneSpec suggest_lane(const ExperimentSpec& spec, std::string_view optimizer)
{
    const OptimizerEntry& entry = find_optimizer(optimizer);
    LaneSpec lane{unique_label(spec, entry.label), entry.key, Params(entry.schema)};
    apply(suggestion(spec.objective), lane.params);
    return lane;
}

ExperimentSpec with_objective(const ExperimentSpec& spec, std::string_view kind, std::string_view key)
{
    const ObjectiveEntry& entry = find_objective(kind, key);
    ExperimentSpec result = spec;
    result.objective = {entry.kind, entry.key, Params(entry.schema)};
    const Suggestion settings = suggestion(result.objective);
    result.start = {settings.points, 0};
    result.changes.clear();
    for (LaneSpec& lane : result.lanes) {
        apply(settings, lane.params);
    }
    if (kind != spec.objective.kind) {
        // Lengths and probes of a landscape mean nothing on a network, nor the other way round.
        result.chains = kind == "network" ? 1 : kLandscapeChains;
        result.steps.reset();
        result.epochs = settings.epochs;
        result.metrics_every = 0;
        result.probes.clear();
    }
    return spec_from_json(spec_to_json(result), result.name);
}

}  // namespace basin
