// JSON as values in the order of the file, read strictly and written for people. No locale touches a number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace basin {

struct JsonMember;

/// One JSON value. Whole numbers are int64 (uint64 only above its range), all others double. A value type.
struct Json {
    using Array = std::vector<Json>;
    using Object = std::vector<JsonMember>;
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> value;

    // Null at first. All that makes, copies or destroys `value` stands below JsonMember, which must be whole there.
    Json();
    Json(std::nullptr_t);
    Json(bool from);
    Json(int from);
    Json(std::int64_t from);
    Json(std::uint64_t from);
    Json(double from);
    Json(const char* from);
    Json(std::string from);
    Json(Array from);
    Json(Object from);
    Json(const Json& other);
    Json(Json&& other) noexcept;
    Json& operator=(const Json& other);
    Json& operator=(Json&& other) noexcept;
    ~Json();

    const Object* object() const { return std::get_if<Object>(&value); }
    const Array* array() const { return std::get_if<Array>(&value); }
    const std::string* text() const { return std::get_if<std::string>(&value); }
    /// Null when this is no object or has no such key.
    const Json* find(std::string_view key) const;
    Json* find(std::string_view key);
    /// Adds or replaces; this must be an object.
    void set(std::string_view key, Json value);
    /// Removes a member where there is one.
    void erase(std::string_view key);
};

struct JsonMember {
    std::string key;
    Json value;
};

inline Json::Json() = default;
inline Json::Json(std::nullptr_t) {}
inline Json::Json(bool from) : value(from) {}
inline Json::Json(int from) : value(std::int64_t{from}) {}
inline Json::Json(std::int64_t from) : value(from) {}
inline Json::Json(std::uint64_t from) : value(from) {}
inline Json::Json(double from) : value(from) {}
inline Json::Json(const char* from) : value(std::string(from)) {}
inline Json::Json(std::string from) : value(std::move(from)) {}
inline Json::Json(Array from) : value(std::move(from)) {}
inline Json::Json(Object from) : value(std::move(from)) {}
inline Json::Json(const Json& other) = default;
inline Json::Json(Json&& other) noexcept = default;
inline Json& Json::operator=(const Json& other) = default;
inline Json& Json::operator=(Json&& other) noexcept = default;
inline Json::~Json() = default;

/// Throws std::invalid_argument with `source`, line and column: syntax, a key given twice, a number beyond double's
/// range, nesting deeper than a person writes.
Json parse_json(std::string_view text, const std::string& source);

/// Indented by two; a list or object of plain values stands on one line while it is short. Ends without a newline.
/// Numbers that are not finite are written as null.
std::string format_json(const Json& json);
/// Everything on one line, for streams of lines.
std::string format_json_line(const Json& json);

}  // namespace basin
