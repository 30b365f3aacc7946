// Strict reading: nlohmann's lexer and grammar, our own values, numbers by from_chars.
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_set>

#include "core/catalog/params.h"
#include "core/run/json.h"

namespace basin {

namespace {

constexpr std::size_t kDeepest = 32;  // a spec needs 5

std::string place(std::string_view text, std::size_t at, const std::string& source)
{
    const std::string_view before = text.substr(0, std::min(at, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n');
    const std::size_t column = start == std::string_view::npos ? before.size() : before.size() - start - 1;
    return source + ": line " + std::to_string(line) + ", column " + std::to_string(std::max<std::size_t>(column, 1)) +
           ": ";
}

/// Receives what nlohmann's parser finds, and builds our values.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    Builder(std::string_view text, const std::string& source) : text_(text), source_(source) {}

    bool null() override { return add(Json()); }
    bool boolean(bool flag) override { return add(Json(flag)); }
    bool number_integer(number_integer_t whole) override { return add(Json(std::int64_t{whole})); }
    bool number_unsigned(number_unsigned_t whole) override
    {
        return add(whole <= INT64_MAX ? Json(static_cast<std::int64_t>(whole)) : Json(std::uint64_t{whole}));
    }
    bool number_float(number_float_t, const string_t& digits) override
    {
        const std::optional<double> number = parse_number(digits);
        if (!number) {
            throw std::invalid_argument(where() + digits + " is beyond the range of numbers (1.8e308)");
        }
        return add(Json(*number));
    }
    bool string(string_t& text) override { return add(Json(std::move(text))); }
    bool binary(binary_t&) override { return false; }  // no JSON text has it
    bool start_object(std::size_t) override { return open(Json(Json::Object())); }
    bool key(string_t& name) override
    {
        if (!names_.back().insert(name).second) {
            throw std::invalid_argument(where() + "key \"" + name + "\" is given twice");
        }
        key_ = std::move(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json(Json::Array())); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) override
    {
        if (error.id == 406) {
            throw std::invalid_argument(place(text_, position, source_) + token +
                                        " is beyond the range of numbers (1.8e308)");
        }
        // "[json.exception.parse_error.101] parse error at line 2, column 3: syntax error while parsing ..."
        std::string what = error.what();
        const std::size_t column = what.find(", column ");
        const std::size_t start = column == std::string::npos ? column : what.find(": ", column);
        what = start == std::string::npos ? what : what.substr(start + 2);
        constexpr std::size_t kShown = 200;
        what = what.size() > kShown ? what.substr(0, kShown) + "..." : what;
        throw std::invalid_argument(place(text_, position, source_) + "not JSON (" + what + ")");
    }

    Json result() { return std::move(root_); }

private:
    /// Where the parser is; nlohmann tells positions only for its own errors, so the last key must do.
    std::string where() const { return source_ + ": " + (key_.empty() ? "" : "after \"" + key_ + "\": "); }

    Json* place_value(Json value)
    {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (auto* items = std::get_if<Json::Array>(&open_.back()->value)) {
            items->push_back(std::move(value));
            return &items->back();
        }
        auto& members = std::get<Json::Object>(open_.back()->value);
        members.push_back({key_, std::move(value)});
        return &members.back().value;
    }
    bool add(Json value)
    {
        place_value(std::move(value));
        return true;
    }
    bool open(Json value)
    {
        if (open_.size() == kDeepest) {
            throw std::invalid_argument(where() + "lists and objects are nested deeper than " +
                                        std::to_string(kDeepest));
        }
        open_.push_back(place_value(std::move(value)));
        names_.emplace_back();
        return true;
    }
    bool close()
    {
        open_.pop_back();
        names_.pop_back();
        return true;
    }

    std::string_view text_;
    const std::string& source_;
    Json root_;
    /// The path to where the next value goes. A pointer stays good while its value is open: its list grows only after.
    std::vector<Json*> open_;
    std::vector<std::unordered_set<std::string>> names_;  // keys seen in each open object
    std::string key_;
};

}  // namespace

Json parse_json(std::string_view text, const std::string& source)
{
    Builder builder(text, source);
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    return builder.result();
}

}  // namespace basin
