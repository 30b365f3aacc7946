// Names and numbers as text: the nearest known word, numbers that no locale touches.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "core/catalog/params.h"

namespace basin {

namespace {

/// Optimal string alignment: insert, delete, replace, swap of neighbours, each for 1.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::string lower(std::string_view text)
{
    std::string result(text);
    for (char& c : result) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates)
{
    // A third of the letters may be wrong; more than that is another word.
    const std::size_t allowed = std::max<std::size_t>(1, word.size() / 3);
    constexpr std::size_t kLongestWord = 64;
    if (word.empty() || word.size() > kLongestWord) {
        return {};
    }
    const std::string wanted = lower(word);
    std::string best;
    std::size_t best_distance = allowed + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(wanted, lower(candidate));
        if (distance < best_distance && distance < candidate.size()) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

void throw_unknown(std::string_view where, std::string_view what, std::string_view word,
                   const std::vector<std::string>& candidates)
{
    constexpr std::size_t kShown = 60;
    std::string text(where);
    text += text.empty() || text.back() == ' ' ? "" : " ";
    text += "has no ";
    text += what;
    text += " \"";
    text += word.substr(0, kShown);
    text += word.size() > kShown ? "...\"" : "\"";
    if (const std::string near = nearest(word, candidates); !near.empty()) {
        throw std::invalid_argument(text + "; did you mean \"" + near + "\"?");
    }
    text += candidates.empty() ? "; it has none" : "; known: ";
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        text += (i == 0 ? "" : ", ") + candidates[i];
    }
    throw std::invalid_argument(text);
}

std::string format_number(double value)
{
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? std::string(text.data(), end) : std::string();
}

std::optional<double> parse_number(std::string_view text)
{
    // from_chars takes no plus sign; a person may write one.
    if (text.size() > 1 && text.front() == '+' && text[1] != '-') {
        text.remove_prefix(1);
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

}  // namespace basin
