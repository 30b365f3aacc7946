// The file format as JSON Schema (draft 2020-12), made from the catalogs.
#include "core/optim/optimizer.h"
#include "core/probe/probe.h"
#include "core/run/spec_json.h"

namespace basin {

namespace {

Json object(Json::Object members)
{
    return Json(std::move(members));
}

Json range(Json json, const ParamSpec& spec)
{
    if (spec.minimum) {
        json.set(spec.exclusive_minimum ? "exclusiveMinimum" : "minimum", *spec.minimum);
    }
    if (spec.maximum) {
        json.set("maximum", *spec.maximum);
    }
    return json;
}

Json type_schema(const ParamSpec& spec)
{
    switch (spec.type) {
        case ParamType::number: {
            Json number = range(object({{"type", "number"}}), spec);
            if (!spec.live) {
                return number;
            }
            return object({{"anyOf", Json::Array{std::move(number), object({{"$ref", "#/$defs/schedule"}})}}});
        }
        case ParamType::integer:
            return range(object({{"type", "integer"}}), spec);
        case ParamType::boolean:
            return object({{"type", "boolean"}});
        case ParamType::choice:
            return object({{"enum", Json::Array(spec.choices.begin(), spec.choices.end())}});
        case ParamType::list:
            return object({{"type", "array"}, {"items", range(object({{"type", "number"}}), spec)}});
        case ParamType::text:
        case ParamType::file:
            return object({{"type", "string"}});
    }
    return {};
}

Json param_schema(const ParamSpec& spec)
{
    Json json = object({{"title", spec.label}, {"description", spec.help}});
    const Json type = type_schema(spec);
    for (const JsonMember& member : *type.object()) {
        json.set(member.key, member.value);
    }
    json.set("default", write_value(spec.default_value));
    return json;
}

/// Adds the parameters to `properties`; a dotted key becomes an object of its own that knows no other keys.
void add_params(const ParamSchema& schema, Json& properties)
{
    for (const ParamSpec& spec : schema) {
        Json* level = &properties;
        std::string_view rest = spec.key;
        for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
            const std::string_view name = rest.substr(0, dot);
            if (level->find(name) == nullptr) {
                level->set(name,
                           object({{"type", "object"}, {"properties", object({})}, {"additionalProperties", false}}));
            }
            level = level->find(name)->find("properties");
            rest.remove_prefix(dot + 1);
        }
        level->set(rest, param_schema(spec));
    }
}

/// An object that has `key` with the entry's name, perhaps some members of its own, and the entry's parameters.
template <class Entry>
Json entry_schema(const std::string& key, const Entry& entry, Json::Object own)
{
    Json properties = object({{key, object({{"const", entry.key}})}});
    for (JsonMember& member : own) {
        properties.set(member.key, std::move(member.value));
    }
    add_params(entry.schema, properties);
    return object({{"title", entry.label},
                   {"description", entry.help},
                   {"type", "object"},
                   {"properties", std::move(properties)},
                   {"required", Json::Array{key}},
                   {"additionalProperties", false}});
}

Json count_schema(const char* description, std::int64_t minimum)
{
    return object({{"description", description}, {"type", "integer"}, {"minimum", minimum}});
}

Json schedule_schema()
{
    const auto kind = [](const char* name, const char* description, Json::Object own, Json::Array required) {
        Json properties = object({{"schedule", object({{"const", name}})}, {"value", object({{"type", "number"}})}});
        for (JsonMember& member : own) {
            properties.set(member.key, std::move(member.value));
        }
        return object({{"description", description},
                       {"type", "object"},
                       {"properties", std::move(properties)},
                       {"required", std::move(required)},
                       {"additionalProperties", false}});
    };
    const Json warm_up = count_schema("Steps of linear rise that come first.", 0);
    return object(
        {{"description", "A number that moves with the step."},
         {"oneOf", Json::Array{kind("constant", "value", {}, {"schedule", "value"}),
                               kind("steps", "value times factor at each milestone that is reached",
                                    {{"factor", object({{"type", "number"}, {"exclusiveMinimum", 0}})},
                                     {"milestones", object({{"type", "array"},
                                                            {"minItems", 1},
                                                            {"items", object({{"type", "integer"}, {"minimum", 0}})}})},
                                     {"warm_up", warm_up}},
                                    {"schedule", "value", "milestones"}),
                               kind("cosine", "from value down to end, at the end of the run or after `over` steps",
                                    {{"end", object({{"type", "number"}})},
                                     {"over", count_schema("Steps; 0: to the end of the run.", 0)},
                                     {"warm_up", warm_up}},
                                    {"schedule", "value"}),
                               kind("warm_up", "rises linearly to value in `over` steps, then stays",
                                    {{"over", count_schema("Steps.", 1)}}, {"schedule", "value", "over"})}}});
}

Json start_schema()
{
    const Json number = object({{"type", "number"}});
    const Json point = object({{"type", "array"}, {"items", number}, {"minItems", 2}, {"maxItems", 2}});
    return object(
        {{"description", "Where the chains begin: spread evenly over the points, in order, plus normal noise."},
         {"type", "object"},
         {"properties",
          object({{"points", object({{"description", "Left out: where the landscape suggests."},
                                     {"type", "array"},
                                     {"items", point}})},
                  {"spread", object({{"description", "Standard deviation of the noise on each coordinate."},
                                     {"type", "number"},
                                     {"minimum", 0},
                                     {"default", 0}})}})},
         {"additionalProperties", false}});
}

Json changes_schema()
{
    const Json value = object({{"type", Json::Array{"number", "boolean", "string", "array", "object"}}});
    return object(
        {{"description", "Live parameters that change at a step, as if by hand; in the order of their steps."},
         {"type", "array"},
         {"items", object({{"type", "object"},
                           {"properties", object({{"step", count_schema("In force from this step on.", 0)},
                                                  {"lane", count_schema("Index of the lane.", 0)},
                                                  {"key", object({{"type", "string"}})},
                                                  {"value", value}})},
                           {"required", Json::Array{"key", "value"}},
                           {"additionalProperties", false}})}});
}

Json list_schema(const char* description, Json::Array entries)
{
    return object(
        {{"description", description}, {"type", "array"}, {"items", object({{"oneOf", std::move(entries)}})}});
}

}  // namespace

std::string spec_schema()
{
    Json::Array objectives;
    for (const ObjectiveEntry& entry : objective_entries()) {
        objectives.push_back(entry_schema(entry.kind, entry, {}));
    }
    Json::Array lanes;
    for (const OptimizerEntry* entry : optimizer_entries()) {
        const Json label = object(
            {{"description", "A name of its own."}, {"type", "string"}, {"minLength", 1}, {"default", entry->label}});
        lanes.push_back(entry_schema("optimizer", *entry, {{"label", label}}));
    }
    Json::Array probes;
    for (const ProbeEntry* entry : probe_entries()) {
        probes.push_back(entry_schema("probe", *entry,
                                      {{"every", count_schema("Steps between measurements; 0: only when asked.", 0)}}));
    }
    Json lane_list = list_schema("The optimizers to compare.", std::move(lanes));
    lane_list.set("minItems", 1);
    const Json epochs =
        object({{"description", "As steps, for networks."}, {"type", "number"}, {"exclusiveMinimum", 0}});
    const Json share = object({{"description", "All lanes see equal noise (common random numbers)."},
                               {"type", "boolean"},
                               {"default", true}});
    const Json properties = object(
        {{"version", object({{"const", ExperimentSpec::kVersion}})},
         {"name", object({{"type", "string"}})},
         {"seed", count_schema("Equal specs with equal seeds give equal runs.", 0)},
         {"objective", object({{"description", "What is minimised."}, {"oneOf", std::move(objectives)}})},
         {"start", start_schema()},
         {"chains", count_schema("Copies of theta; 1 for networks.", 1)},
         {"steps", count_schema("Left out: the run goes on until it is stopped.", 1)},
         {"epochs", epochs},
         {"record_every", count_schema("Steps between recorded ones; 0: about a million rows a lane at most.", 0)},
         {"metrics_every", count_schema("Steps between a network's metrics; 0: once an epoch.", 0)},
         {"share_noise", share},
         {"lanes", std::move(lane_list)},
         {"probes", list_schema("What is measured while it runs.", std::move(probes))},
         {"changes", changes_schema()}});
    const Json schema = object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                                {"title", "Basin experiment"},
                                {"description", "Generated by `basin-run schema`."},
                                {"type", "object"},
                                {"properties", properties},
                                {"required", Json::Array{"version", "objective", "lanes"}},
                                {"not", object({{"required", Json::Array{"steps", "epochs"}}})},
                                {"additionalProperties", false},
                                {"$defs", object({{"schedule", schedule_schema()}})}});
    return format_json(schema) + "\n";
}

}  // namespace basin
