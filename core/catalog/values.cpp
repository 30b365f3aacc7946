// What a parameter takes: type and range, with a sentence for what it does not take.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/catalog/params.h"

namespace basin {

namespace {

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: above it doubles skip whole numbers

[[noreturn]] void refuse(std::string_view name, const std::string& wanted, const ParamValue& given)
{
    throw std::invalid_argument(std::string(name) + " must be " + wanted + ", not " + format_value(given));
}

std::string quoted(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + ("\"" + words[i] + "\"");
    }
    return text;
}

std::string range_text(const ParamSpec& spec)
{
    const std::string low =
        spec.minimum ? (spec.exclusive_minimum ? "greater than " : "at least ") + format_number(*spec.minimum)
                     : std::string();
    const std::string high = spec.maximum ? "at most " + format_number(*spec.maximum) : std::string();
    return low.empty() ? high : high.empty() ? low : low + " and " + high;
}

bool in_range(const ParamSpec& spec, double value)
{
    return std::isfinite(value) && !(spec.maximum && value > *spec.maximum) &&
           !(spec.minimum && (spec.exclusive_minimum ? value <= *spec.minimum : value < *spec.minimum));
}

void check_range(const ParamSpec& spec, double value, const std::string& name)
{
    if (!std::isfinite(value)) {
        refuse(name, "a finite number", value);
    }
    if (!in_range(spec, value)) {
        refuse(name, range_text(spec), value);
    }
}

ParamValue checked_schedule(const ParamSpec& spec, Schedule schedule, const std::string& name)
{
    using Kind = Schedule::Kind;
    if (schedule.kind == Kind::constant) {
        return checked_value(spec, schedule.value, name);
    }
    if (!spec.live) {
        throw std::invalid_argument(name + " can not change while running: give it a number, not a schedule");
    }
    check_range(spec, schedule.value, name + ".value");
    if (schedule.kind == Kind::cosine) {
        check_range(spec, schedule.end, name + ".end");
    }
    if (schedule.kind == Kind::steps) {
        if (!std::isfinite(schedule.factor) || schedule.factor <= 0) {
            refuse(name + ".factor", "greater than 0", schedule.factor);
        }
        if (schedule.milestones.empty()) {
            throw std::invalid_argument(name + ".milestones must hold at least one step");
        }
        for (std::size_t i = 0; i < schedule.milestones.size(); ++i) {
            if (schedule.milestones[i] < 0 || (i > 0 && schedule.milestones[i] <= schedule.milestones[i - 1])) {
                throw std::invalid_argument(name + ".milestones must be rising steps from 0 on");
            }
        }
        check_range(spec, schedule.at(static_cast<std::uint64_t>(schedule.milestones.back()), 0),
                    name + " after its last milestone");
    }
    if (schedule.kind == Kind::warm_up ? schedule.over < 1 : schedule.over < 0) {
        refuse(name + ".over", schedule.kind == Kind::warm_up ? "at least 1" : "at least 0", schedule.over);
    }
    if (schedule.warm_up < 0) {
        refuse(name + ".warm_up", "at least 0", schedule.warm_up);
    }
    const std::int64_t ramp = schedule.kind == Kind::warm_up ? schedule.over : schedule.warm_up;
    if (ramp > 0) {
        check_range(spec, schedule.at(0, 0), name + " at the first step of its warm-up");
    }
    return schedule;
}

ParamValue checked_number(const ParamSpec& spec, ParamValue value, const std::string& name)
{
    if (const auto* schedule = std::get_if<Schedule>(&value)) {
        return checked_schedule(spec, *schedule, name);
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        value = static_cast<double>(*whole);
    }
    if (!std::holds_alternative<double>(value)) {
        refuse(name, "a number", value);
    }
    check_range(spec, std::get<double>(value), name);
    return std::get<double>(value) + 0.0;  // -0 becomes 0, so that equal values have equal text
}

ParamValue checked_integer(const ParamSpec& spec, ParamValue value, const std::string& name)
{
    if (const auto* number = std::get_if<double>(&value)) {
        if (!(std::abs(*number) <= kExactIntegers) || *number != std::floor(*number)) {
            refuse(name, "a whole number", value);
        }
        value = static_cast<std::int64_t>(*number);
    }
    if (!std::holds_alternative<std::int64_t>(value)) {
        refuse(name, "a whole number", value);
    }
    if (!in_range(spec, static_cast<double>(std::get<std::int64_t>(value)))) {
        refuse(name, range_text(spec), value);
    }
    return value;
}

}  // namespace

ParamValue checked_value(const ParamSpec& spec, ParamValue value, std::string_view name_view)
{
    const std::string name(name_view);
    switch (spec.type) {
        case ParamType::number:
            return checked_number(spec, std::move(value), name);
        case ParamType::integer:
            return checked_integer(spec, std::move(value), name);
        case ParamType::boolean:
            if (!std::holds_alternative<bool>(value)) {
                refuse(name, "true or false", value);
            }
            break;
        case ParamType::choice: {
            const auto* text = std::get_if<std::string>(&value);
            if (text == nullptr || std::find(spec.choices.begin(), spec.choices.end(), *text) == spec.choices.end()) {
                const std::string near = text == nullptr ? std::string() : nearest(*text, spec.choices);
                refuse(name, quoted(spec.choices) + (near.empty() ? "" : " (did you mean \"" + near + "\"?)"), value);
            }
            break;
        }
        case ParamType::list: {
            if (!std::holds_alternative<std::vector<double>>(value)) {
                refuse(name, "a list of numbers", value);
            }
            const auto& numbers = std::get<std::vector<double>>(value);
            for (std::size_t i = 0; i < numbers.size(); ++i) {
                check_range(spec, numbers[i], name + "[" + std::to_string(i) + "]");
            }
            break;
        }
        case ParamType::text:
        case ParamType::file:
            if (!std::holds_alternative<std::string>(value)) {
                refuse(name, spec.type == ParamType::file ? "the name of a file or folder" : "a text", value);
            }
            break;
    }
    return value;
}

}  // namespace basin
