// Describes parameters once: the form, the file format, the command line and `describe` all read this.
#pragma once

#include <cstdint>
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
///   cosine:   from value down to `end` at `total` (or `over` when set);
///   warm_up:  linear from 0 to value over the first `over` steps, then constant.
/// A warm-up may precede steps and cosine: then `warm_up` steps come first.
struct Schedule {
  enum class Kind : std::uint8_t { constant, steps, cosine, warm_up };
  Kind kind = Kind::constant;
  double value = 0;
  double end = 0;
  double factor = 0.1;
  std::vector<std::int64_t> milestones;
  std::int64_t over = 0;
  std::int64_t warm_up = 0;

  double at(std::uint64_t step, std::uint64_t total) const;
  bool operator==(const Schedule&) const = default;
};

/// number and any live number may hold a double or a Schedule; integer int64; choice, text, file std::string.
using ParamValue = std::variant<double, std::int64_t, bool, std::string, std::vector<double>, Schedule>;

/// One parameter: what it is called, means, defaults to and may be. `symbol` is for display (Unicode: "λ").
struct ParamSpec {
  std::string key;
  std::string symbol;
  std::string label;
  std::string help;
  ParamType type = ParamType::number;
  ParamValue default_value = 0.0;
  std::optional<double> minimum;
  std::optional<double> maximum;
  bool exclusive_minimum = false;
  ParamScale scale = ParamScale::linear;
  /// What a slider should span when the hard range is wider or open; {minimum, maximum}.
  std::optional<std::pair<double, double>> slider;
  std::string unit;
  std::vector<std::string> choices;
  /// Enabled only while another parameter (boolean or choice) has this value.
  std::optional<std::pair<std::string, ParamValue>> enabled_if;
  /// May change while running; a live number may be a Schedule.
  bool live = false;
};

using ParamSchema = std::vector<ParamSpec>;

/// Values for one schema, complete (defaults filled in). A value type; reading is safe from any thread.
/// Every setter and constructor checks type and range and throws std::invalid_argument naming the key, what was
/// given and what would be right; an unknown key names the nearest known one.
class Params {
 public:
  Params() = default;
  explicit Params(const ParamSchema& schema);

  void set(std::string_view key, ParamValue value);
  bool has(std::string_view key) const;
  const ParamValue& value(std::string_view key) const;
  const ParamSchema& schema() const { return schema_; }

  /// The number at a step: a Schedule is evaluated, an integer converted.
  double number(std::string_view key, std::uint64_t step = 0, std::uint64_t total = 0) const;
  std::int64_t integer(std::string_view key) const;
  bool flag(std::string_view key) const;
  const std::string& text(std::string_view key) const;
  const std::vector<double>& list(std::string_view key) const;

  bool operator==(const Params& other) const { return values_ == other.values_; }

 private:
  std::size_t index(std::string_view key) const;
  ParamSchema schema_;
  std::vector<ParamValue> values_;
};

/// The candidate nearest to `word` by edit distance (Damerau-Levenshtein), empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// Shortest text that reads back as the same double, in any locale ("0.05", "1e-08" style).
std::string format_number(double value);
/// Whole text as a number, in any locale; nullopt when it is not one.
std::optional<double> parse_number(std::string_view text);

}  // namespace basin
