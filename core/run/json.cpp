// The value itself and how it is written.
#include "core/run/json.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/catalog/params.h"

namespace basin {

namespace {

constexpr std::size_t kLineWidth = 100;  // an object of plain values longer than this takes a line a key

std::string quoted(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += {'\\', c};
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\t') {
            result += "\\t";
        } else if (code < 0x20) {
            result += {'\\', 'u', '0', '0', kHex[code >> 4U], kHex[code & 15U]};
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string plain(const Json& json)
{
    struct Write {
        std::string operator()(std::nullptr_t) const { return "null"; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t whole) const { return std::to_string(whole); }
        std::string operator()(std::uint64_t whole) const { return std::to_string(whole); }
        std::string operator()(double number) const { return std::isfinite(number) ? format_number(number) : "null"; }
        std::string operator()(const std::string& text) const { return quoted(text); }
        std::string operator()(const Json::Array&) const { return {}; }
        std::string operator()(const Json::Object&) const { return {}; }
    };
    return std::visit(Write{}, json.value);
}

void write_line(const Json& json, std::string& out)
{
    if (const auto* items = json.array()) {
        out += '[';
        for (std::size_t i = 0; i < items->size(); ++i) {
            out += i == 0 ? "" : ", ";
            write_line((*items)[i], out);
        }
        out += ']';
    } else if (const auto* members = json.object()) {
        out += '{';
        for (std::size_t i = 0; i < members->size(); ++i) {
            out += (i == 0 ? "" : ", ") + quoted((*members)[i].key) + ": ";
            write_line((*members)[i].value, out);
        }
        out += '}';
    } else {
        out += plain(json);
    }
}

/// No object inside: such values may stand on one line.
bool is_flat(const Json& json)
{
    const auto no_object = [](const Json& item) { return item.object() == nullptr && is_flat(item); };
    if (const auto* items = json.array()) {
        return std::all_of(items->begin(), items->end(), no_object);
    }
    if (const auto* members = json.object()) {
        return std::all_of(members->begin(), members->end(),
                           [&](const JsonMember& member) { return no_object(member.value); });
    }
    return true;
}

void write(const Json& json, std::size_t depth, std::string& out)
{
    const auto* items = json.array();
    const auto* members = json.object();
    if ((items == nullptr && members == nullptr) || (depth > 0 && is_flat(json))) {
        std::string line;
        write_line(json, line);
        if (members == nullptr || line.size() + 2 * depth <= kLineWidth) {
            out += line;
            return;
        }
    }
    const std::string indent(2 * (depth + 1), ' ');
    const std::size_t size = items != nullptr ? items->size() : members->size();
    out += items != nullptr ? '[' : '{';
    for (std::size_t i = 0; i < size; ++i) {
        out += (i == 0 ? "\n" : ",\n") + indent;
        if (items != nullptr) {
            write((*items)[i], depth + 1, out);
        } else {
            out += quoted((*members)[i].key) + ": ";
            write((*members)[i].value, depth + 1, out);
        }
    }
    out += size == 0 ? "" : "\n" + std::string(2 * depth, ' ');
    out += items != nullptr ? ']' : '}';
}

}  // namespace

const Json* Json::find(std::string_view key) const
{
    if (const auto* members = object()) {
        for (const JsonMember& member : *members) {
            if (member.key == key) {
                return &member.value;
            }
        }
    }
    return nullptr;
}

Json* Json::find(std::string_view key)
{
    return const_cast<Json*>(std::as_const(*this).find(key));
}

void Json::set(std::string_view key, Json new_value)
{
    if (Json* found = find(key)) {
        *found = std::move(new_value);
    } else {
        std::get<Object>(value).push_back({std::string(key), std::move(new_value)});
    }
}

void Json::erase(std::string_view key)
{
    if (auto* members = std::get_if<Object>(&value)) {
        std::erase_if(*members, [&](const JsonMember& member) { return member.key == key; });
    }
}

std::string format_json(const Json& json)
{
    std::string text;
    write(json, 0, text);
    return text;
}

std::string format_json_line(const Json& json)
{
    std::string text;
    write_line(json, text);
    return text;
}

}  // namespace basin
