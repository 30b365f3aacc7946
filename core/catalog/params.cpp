// Values that fit their schema.
#include "core/catalog/params.h"

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace basin {

namespace {

std::string join(const std::vector<double>& numbers)
{
    std::string text = "[";
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        text += (i == 0 ? "" : ", ") + format_number(numbers[i]);
    }
    return text + "]";
}

std::string format_schedule(const Schedule& schedule)
{
    std::string value = format_number(schedule.value);
    std::string text;
    switch (schedule.kind) {
        case Schedule::Kind::constant:
            return value;
        case Schedule::Kind::warm_up:
            return "warm-up to " + value + " over " + std::to_string(schedule.over) + " steps";
        case Schedule::Kind::steps:
            text = "steps from " + value + " times " + format_number(schedule.factor) + " at";
            for (const std::int64_t milestone : schedule.milestones) {
                text += " " + std::to_string(milestone);
            }
            break;
        case Schedule::Kind::cosine:
            text = "cosine from " + value + " to " + format_number(schedule.end);
            text += schedule.over > 0 ? " over " + std::to_string(schedule.over) + " steps" : "";
            break;
    }
    return text + (schedule.warm_up > 0 ? " after " + std::to_string(schedule.warm_up) + " steps of warm-up" : "");
}

}  // namespace

std::string format_value(const ParamValue& value)
{
    struct Format {
        std::string operator()(double number) const { return format_number(number); }
        std::string operator()(std::int64_t whole) const { return std::to_string(whole); }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(const std::string& text) const { return '"' + text + '"'; }
        std::string operator()(const std::vector<double>& list) const { return join(list); }
        std::string operator()(const Schedule& schedule) const { return format_schedule(schedule); }
    };
    return std::visit(Format{}, value);
}

ParamCondition when(std::string key, ParamValue value)
{
    return {{{std::move(key), {std::move(value)}}}};
}

bool holds(const ParamCondition& condition, const std::function<const ParamValue*(const std::string&)>& value_of)
{
    const auto term_holds = [&](const ParamTerm& term) {
        const ParamValue* value = value_of(term.key);
        return value == nullptr || std::find(term.values.begin(), term.values.end(), *value) != term.values.end();
    };
    return condition.empty() || std::any_of(condition.begin(), condition.end(), [&](const auto& alternative) {
               return std::all_of(alternative.begin(), alternative.end(), term_holds);
           });
}

Params::Params() : schema_(std::make_shared<const ParamSchema>()) {}

Params::Params(const ParamSchema& schema) : schema_(std::make_shared<const ParamSchema>(schema))
{
    values_.reserve(schema.size());
    for (const ParamSpec& spec : schema) {
        values_.push_back(checked_value(spec, spec.default_value, spec.key));
    }
}

std::size_t Params::index(std::string_view key) const
{
    for (std::size_t i = 0; i < schema_->size(); ++i) {
        if ((*schema_)[i].key == key) {
            return i;
        }
    }
    std::vector<std::string> keys;
    for (const ParamSpec& spec : *schema_) {
        keys.push_back(spec.key);
    }
    throw_unknown("this", "parameter", key, keys);
}

void Params::set(std::string_view key, ParamValue value, std::string_view where)
{
    const std::size_t at = index(key);
    values_[at] = checked_value((*schema_)[at], std::move(value), std::string(where) + std::string(key));
}

bool Params::has(std::string_view key) const
{
    for (const ParamSpec& spec : *schema_) {
        if (spec.key == key) {
            return true;
        }
    }
    return false;
}

const ParamValue& Params::value(std::string_view key) const
{
    return values_[index(key)];
}

double Params::number(std::string_view key, std::uint64_t step, std::uint64_t total) const
{
    const ParamValue& found = value(key);
    if (const auto* schedule = std::get_if<Schedule>(&found)) {
        return schedule->at(step, total);
    }
    if (const auto* whole = std::get_if<std::int64_t>(&found)) {
        return static_cast<double>(*whole);
    }
    return std::get<double>(found);
}

std::int64_t Params::integer(std::string_view key) const
{
    return std::get<std::int64_t>(value(key));
}
bool Params::flag(std::string_view key) const
{
    return std::get<bool>(value(key));
}
const std::string& Params::text(std::string_view key) const
{
    return std::get<std::string>(value(key));
}
const std::vector<double>& Params::list(std::string_view key) const
{
    return std::get<std::vector<double>>(value(key));
}

struct EntrySchema::Made {
    explicit Made(std::function<ParamSchema()> maker) : make(std::move(maker)) {}
    std::function<ParamSchema()> make;
    std::once_flag once{};
    Params defaults{};
};

EntrySchema::EntrySchema(const ParamSchema& schema) : made_(std::make_shared<Made>([schema] { return schema; })) {}
EntrySchema::EntrySchema(ParamSchema (*make)()) : made_(std::make_shared<Made>(make)) {}

const Params& EntrySchema::defaults() const
{
    std::call_once(made_->once, [this] { made_->defaults = Params(made_->make()); });
    return made_->defaults;
}

}  // namespace basin
