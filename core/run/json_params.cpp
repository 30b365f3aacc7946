#include "core/run/json_params.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace basin {

namespace {

using Kind = Schedule::Kind;

std::vector<std::string> schedule_keys(Kind kind)
{
    switch (kind) {
        case Kind::constant:
            return {"schedule", "value"};
        case Kind::steps:
            return {"schedule", "value", "factor", "milestones", "warm_up"};
        case Kind::cosine:
            return {"schedule", "value", "end", "over", "warm_up"};
        case Kind::warm_up:
            return {"schedule", "value", "over"};
    }
    return {};
}

constexpr std::array<std::pair<std::string_view, Kind>, 4> kKinds{
    {{"constant", Kind::constant}, {"steps", Kind::steps}, {"cosine", Kind::cosine}, {"warm_up", Kind::warm_up}}};

double read_number(const Json& object, const Place& place, const std::string& key, double otherwise)
{
    const ParamSpec spec{.key = key, .default_value = otherwise};
    return std::get<double>(read_member(object, place, spec));
}

std::int64_t read_whole(const Json& object, const Place& place, const std::string& key)
{
    const ParamSpec spec{.key = key, .type = ParamType::integer, .default_value = 0};
    return std::get<std::int64_t>(read_member(object, place, spec));
}

Schedule read_schedule(const Json& json, const Place& place)
{
    const Json* name = json.find("schedule");
    if (name == nullptr) {
        place.fail("must be a plain value or a schedule: an object with a key \"schedule\"");
    }
    Schedule schedule;
    ParamSpec kind{.key = "schedule", .type = ParamType::choice, .default_value = std::string("constant")};
    for (const auto& [word, unused] : kKinds) {
        kind.choices.emplace_back(word);
    }
    const std::string word = std::get<std::string>(read_member(json, place, kind));
    schedule.kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return k.first == word; })->second;
    check_keys(json, place, schedule_keys(schedule.kind));
    if (json.find("value") == nullptr) {
        place.fail("needs a key \"value\"");
    }
    schedule.value = read_number(json, place, "value", 0);
    schedule.end = read_number(json, place, "end", schedule.end);
    schedule.factor = read_number(json, place, "factor", schedule.factor);
    schedule.over = read_whole(json, place, "over");
    schedule.warm_up = read_whole(json, place, "warm_up");
    if (const Json* milestones = json.find("milestones")) {
        if (milestones->array() == nullptr) {
            place.at("milestones").fail("must be a list of steps, not " + describe(*milestones));
        }
        const ParamSpec step{.key = "milestones", .type = ParamType::integer, .default_value = 0};
        for (std::size_t i = 0; i < milestones->array()->size(); ++i) {
            const Place item = place.at("milestones").at(i);
            schedule.milestones.push_back(
                std::get<std::int64_t>(checked_value(step, read_value((*milestones->array())[i], item), item.text())));
        }
    }
    return schedule;
}

bool begins_with_key(std::string_view dotted, const std::string& prefix)
{
    return dotted.size() > prefix.size() && dotted.starts_with(prefix) && dotted[prefix.size()] == '.';
}

/// The names that may stand in the object at `prefix` ("" at the top): first parts of what follows.
std::vector<std::string> names_at(const ParamSchema& schema, const std::string& prefix)
{
    std::vector<std::string> names;
    for (const ParamSpec& spec : schema) {
        std::string_view rest = spec.key;
        if (!prefix.empty()) {
            if (!begins_with_key(rest, prefix)) {
                continue;
            }
            rest.remove_prefix(prefix.size() + 1);
        }
        const std::string name(rest.substr(0, rest.find('.')));
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(name);
        }
    }
    return names;
}

void read_level(const Json& object, const Place& place, const std::string& prefix,
                const std::vector<std::string>& reserved, Params& params)
{
    std::vector<std::string> known = reserved;
    const std::vector<std::string> names = names_at(params.schema(), prefix);
    known.insert(known.end(), names.begin(), names.end());
    check_keys(object, place, known);
    for (const JsonMember& member : *object.object()) {
        if (std::find(reserved.begin(), reserved.end(), member.key) != reserved.end()) {
            continue;
        }
        const std::string key = prefix.empty() ? member.key : prefix + "." + member.key;
        const Place here = place.at(member.key);
        if (params.has(key)) {
            const std::string text = here.text();
            params.set(key, read_value(member.value, here), text.substr(0, text.size() - key.size()));
            continue;
        }
        if (member.value.object() == nullptr) {
            here.fail("must be an object {\"" + names_at(params.schema(), key).front() + "\": ...}, not " +
                      describe(member.value));
        }
        read_level(member.value, here, key, {}, params);
    }
}

}  // namespace

Place Place::at(std::string_view key) const
{
    return {source, (path.empty() ? "" : path + ".") + std::string(key)};
}

Place Place::at(std::size_t index) const
{
    return {source, path + "[" + std::to_string(index) + "]"};
}

std::string Place::text() const
{
    return path.empty() ? source : source.empty() ? path : source + ": " + path;
}

void Place::fail(const std::string& sentence) const
{
    throw std::invalid_argument(text() + " " + sentence);
}

void check_keys(const Json& object, const Place& place, const std::vector<std::string>& known)
{
    if (object.object() == nullptr) {
        place.fail("must be an object {...}, not " + describe(object));
    }
    for (const JsonMember& member : *object.object()) {
        if (std::find(known.begin(), known.end(), member.key) == known.end()) {
            throw_unknown(place.text(), "key", member.key, known);
        }
    }
}

std::string describe(const Json& json)
{
    constexpr std::size_t kShown = 60;
    if (json.array() != nullptr) {
        return "a list";
    }
    if (json.object() != nullptr) {
        return "an object";
    }
    const std::string text = format_json(json);
    return text.size() > kShown ? text.substr(0, kShown) + "..." : text;
}

ParamValue read_value(const Json& json, const Place& place)
{
    struct Read {
        const Json& json;
        const Place& place;
        ParamValue operator()(std::nullptr_t) const { place.fail("must not be null: leave the key out"); }
        ParamValue operator()(bool flag) const { return flag; }
        ParamValue operator()(std::int64_t whole) const { return whole; }
        ParamValue operator()(std::uint64_t whole) const { return static_cast<double>(whole); }
        ParamValue operator()(double number) const { return number; }
        ParamValue operator()(const std::string& text) const { return text; }
        ParamValue operator()(const Json::Array& items) const
        {
            std::vector<double> numbers;
            for (std::size_t i = 0; i < items.size(); ++i) {
                const ParamSpec number{.key = "number"};
                const Place item = place.at(i);
                numbers.push_back(std::get<double>(checked_value(number, read_value(items[i], item), item.text())));
            }
            return numbers;
        }
        ParamValue operator()(const Json::Object&) const { return read_schedule(json, place); }
    };
    return std::visit(Read{json, place}, json.value);
}

ParamValue read_member(const Json& object, const Place& place, const ParamSpec& spec)
{
    const Json* found = object.find(spec.key);
    if (found == nullptr) {
        return checked_value(spec, spec.default_value, spec.key);
    }
    const Place here = place.at(spec.key);
    return checked_value(spec, read_value(*found, here), here.text());
}

void read_params(const Json& object, const Place& place, const std::vector<std::string>& reserved, Params& params)
{
    read_level(object, place, {}, reserved, params);
}

Json write_value(const ParamValue& value)
{
    const auto* schedule = std::get_if<Schedule>(&value);
    if (schedule == nullptr) {
        if (const auto* list = std::get_if<std::vector<double>>(&value)) {
            return Json(Json::Array(list->begin(), list->end()));
        }
        return std::visit(
            [](const auto& plain) -> Json {
                using Plain = std::decay_t<decltype(plain)>;
                if constexpr (std::is_same_v<Plain, Schedule> || std::is_same_v<Plain, std::vector<double>>) {
                    return {};
                } else {
                    return plain;
                }
            },
            value);
    }
    Json json{Json::Object()};
    for (const auto& [word, kind] : kKinds) {
        if (kind == schedule->kind) {
            json.set("schedule", std::string(word));
        }
    }
    json.set("value", schedule->value);
    if (schedule->kind == Kind::cosine) {
        json.set("end", schedule->end);
    }
    if (schedule->kind == Kind::steps) {
        json.set("factor", schedule->factor);
        json.set("milestones", Json::Array(schedule->milestones.begin(), schedule->milestones.end()));
    }
    if (schedule->kind == Kind::cosine || schedule->kind == Kind::warm_up) {
        json.set("over", schedule->over);
    }
    if (schedule->kind == Kind::cosine || schedule->kind == Kind::steps) {
        json.set("warm_up", schedule->warm_up);
    }
    return json;
}

void write_params(const Params& params, Json& object)
{
    for (const ParamSpec& spec : params.schema()) {
        Json* level = &object;
        std::string_view rest = spec.key;
        for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
            const std::string_view name = rest.substr(0, dot);
            if (level->find(name) == nullptr) {
                level->set(name, Json(Json::Object()));
            }
            level = level->find(name);
            rest.remove_prefix(dot + 1);
        }
        level->set(rest, write_value(params.value(spec.key)));
    }
}

}  // namespace basin
