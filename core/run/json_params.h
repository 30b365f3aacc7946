// Between a file's JSON and checked values. A dotted key ("label_noise.rate") is an object inside an object.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/catalog/params.h"
#include "core/run/json.h"

namespace basin {

/// Where in which file a value stands; every complaint begins with it.
struct Place {
    std::string source;
    std::string path;

    Place at(std::string_view key) const;
    Place at(std::size_t index) const;
    /// "two.json: lanes[1].beta"; the source alone at the top.
    std::string text() const;
    /// Throws std::invalid_argument: text() and the sentence.
    [[noreturn]] void fail(const std::string& sentence) const;
};

/// Fills `params` from the members of `object`, except those in `reserved`, which belong to the caller. Throws
/// std::invalid_argument for an unknown key, a wrong type, a value out of range.
void read_params(const Json& object, const Place& place, const std::vector<std::string>& reserved, Params& params);
/// Adds all values to `object`, nested, in the schema's order.
void write_params(const Params& params, Json& object);

/// A number, whole number, boolean, text, list of numbers or {"schedule": ...}; others are refused.
ParamValue read_value(const Json& json, const Place& place);
Json write_value(const ParamValue& value);

/// The only keys `object` may have; otherwise the unknown one is named with its nearest neighbour.
void check_keys(const Json& object, const Place& place, const std::vector<std::string>& known);
/// "a list", "true", "\"hot\"", ...: what a complaint says was given.
std::string describe(const Json& json);

/// `key` of `object` as this parameter would take it (name, range, default from the ParamSpec).
ParamValue read_member(const Json& object, const Place& place, const ParamSpec& spec);

}  // namespace basin
