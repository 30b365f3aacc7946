// Describes parameters once: the form, the file format, the command line and `describe` all read this.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace basin {

enum class ParamType : std::uint8_t { number, integer, boolean, choice, list, text, file };
enum class ParamScale : std::uint8_t { linear, log };

/// A number that moves with the step. `total` below is the run's planned number of steps (0: endless).
///   constant: value;  steps: value * factor^(number of milestones <= step);
///   cosine:   from value down to `end` at `total`, or `over` steps after the warm-up when `over` is set; stays at
///             `end` afterwards, and at `value` where neither says when it ends;
///   warm_up:  value * (step + 1) / over in the first `over` steps (never 0), then constant.
/// A warm-up may precede steps and cosine: `warm_up` steps of value * (step + 1) / warm_up come first. Milestones count
/// from step 0 all the same. No function of the C library is used, so that every machine gives equal bytes.
struct Schedule {
    enum class Kind : std::uint8_t { constant, steps, cosine, warm_up };
    Kind kind = Kind::constant;
    double value = 0;
    double end = 0;
    double factor = 0.1;
    std::vector<std::int64_t> milestones{};
    std::int64_t over = 0;
    std::int64_t warm_up = 0;

    double at(std::uint64_t step, std::uint64_t total) const;
    bool operator==(const Schedule&) const = default;
};

/// number and any live number may hold a double or a Schedule; integer int64; choice, text, file std::string.
using ParamValue = std::variant<double, std::int64_t, bool, std::string, std::vector<double>, Schedule>;

/// When a parameter acts: while all terms of one alternative hold; without alternatives always.
struct ParamTerm {
    std::string key;
    std::vector<ParamValue> values;  // holds while parameter `key` has one of these
    bool operator==(const ParamTerm&) const = default;
};
using ParamCondition = std::vector<std::vector<ParamTerm>>;

/// The condition that parameter `key` (boolean or choice) has this value.
ParamCondition when(std::string key, ParamValue value);
/// `value_of` gives the value of a parameter; null where a term should not count.
bool holds(const ParamCondition& condition, const std::function<const ParamValue*(const std::string&)>& value_of);

/// One parameter: what it is called, means, defaults to and may be. `symbol` is for display (Unicode: "λ").
struct ParamSpec {
    std::string key{};
    std::string symbol{};
    std::string label{};
    std::string help{};
    ParamType type = ParamType::number;
    ParamValue default_value = 0.0;
    std::optional<double> minimum{};
    std::optional<double> maximum{};
    bool exclusive_minimum = false;
    ParamScale scale = ParamScale::linear;
    /// What a slider should span when the hard range is wider or open; {minimum, maximum}.
    std::optional<std::pair<double, double>> slider{};
    std::string unit{};
    std::vector<std::string> choices{};
    /// Acts only while other parameters (booleans or choices, described before this one) have certain values.
    ParamCondition enabled_if{};
    /// May change while running; a live number may be a Schedule.
    bool live = false;
};

using ParamSchema = std::vector<ParamSpec>;

/// The value as this parameter keeps it: whole numbers become integers or doubles as the type asks, a constant
/// Schedule its number. Throws std::invalid_argument that starts with `name` and says what would be right.
ParamValue checked_value(const ParamSpec& spec, ParamValue value, std::string_view name);

/// Throws std::invalid_argument: `where` has no `word`; the nearest candidate, else all of them.
[[noreturn]] void throw_unknown(std::string_view where, std::string_view what, std::string_view word,
                                const std::vector<std::string>& candidates);

/// Values for one schema, complete (defaults filled in). A value type; reading is safe from any thread.
/// Every setter and constructor checks type and range and throws std::invalid_argument naming the key, what was
/// given and what would be right; an unknown key names the nearest known one.
class Params {
public:
    Params();
    explicit Params(const ParamSchema& schema);

    /// `where` stands before the key in messages ("spec.json: lanes[1].").
    void set(std::string_view key, ParamValue value, std::string_view where = {});
    bool has(std::string_view key) const;
    const ParamValue& value(std::string_view key) const;
    const ParamSchema& schema() const { return *schema_; }

    /// The number at a step: a Schedule is evaluated, an integer converted.
    double number(std::string_view key, std::uint64_t step = 0, std::uint64_t total = 0) const;
    std::int64_t integer(std::string_view key) const;
    bool flag(std::string_view key) const;
    const std::string& text(std::string_view key) const;
    const std::vector<double>& list(std::string_view key) const;

    bool operator==(const Params& other) const { return values_ == other.values_; }

private:
    std::size_t index(std::string_view key) const;
    std::shared_ptr<const ParamSchema> schema_;
    std::vector<ParamValue> values_;
};

/// An entry's schema, or how to make it when it is first read: a method over other methods needs the whole catalog for
/// that. Any thread may read it.
class EntrySchema {
public:
    EntrySchema(const ParamSchema& schema);
    EntrySchema(ParamSchema (*make)());

    const Params& defaults() const;
    const ParamSchema& get() const { return defaults().schema(); }
    operator const ParamSchema&() const { return get(); }
    ParamSchema::const_iterator begin() const { return get().begin(); }
    ParamSchema::const_iterator end() const { return get().end(); }

private:
    struct Made;
    std::shared_ptr<Made> made_;
};

/// The candidate nearest to `word` by edit distance (Damerau-Levenshtein), empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// For messages and tables: numbers as format_number writes them, lists in brackets, schedules in words.
std::string format_value(const ParamValue& value);

/// Shortest text that reads back as the same double, in any locale ("0.05", "1e-08" style).
std::string format_number(double value);
/// Whole text as a number, in any locale; nullopt when it is not one.
std::optional<double> parse_number(std::string_view text);

}  // namespace basin
