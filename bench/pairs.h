// Times two ways of doing one thing against each other, so that a drifting machine does not decide.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basin::bench {

/// Median of paired ratios with a distribution-free 95 % interval (order statistics of the binomial law).
struct Ratio {
    double median = 0;
    double low = 0;
    double high = 0;
    std::size_t pairs = 0;
};

/// met: the whole interval keeps the bound; missed: none of it does; else undecided.
enum class Verdict { met, missed, undecided };

/// What a case must reach: `at_least` or `at_most` a ratio, or one from `value` to `upper`.
struct Bound {
    enum class Kind { at_least, at_most, within } kind = Kind::at_least;
    double value = 1;
    double upper = 0;
};

/// `work` does the same amount of work at each call.
struct Contender {
    std::string name;
    std::function<void()> work;
};

/// Sorted values in, median with its interval out. Needs at least 6 values for 95 %.
Ratio median_interval(std::vector<double> values);
Verdict judge(const Ratio& ratio, const Bound& bound);
std::string verdict_name(Verdict verdict);

/// What `numerator` returns over what `denominator` does, in turns A B, B A, ..., after one warm-up each.
Ratio pair_up(const std::function<double()>& numerator, const std::function<double()>& denominator, std::size_t pairs);
/// The same of the seconds that their work takes.
Ratio time_pairs(const Contender& numerator, const Contender& denominator, std::size_t pairs);

/// One measured line of a case.
struct Line {
    std::string text;  // "seconds of torch::optim::SGD over seconds of Basin"
    Ratio ratio;
    std::optional<Bound> bound;
    std::string note;  // absolute figures, for orientation
};

struct Case {
    std::string name;
    std::string summary;
    std::vector<Line> (*run)(std::size_t pairs);
    /// Why it cannot run on this machine, in one sentence; empty: it can. Null: it always can.
    std::string (*missing)() = nullptr;
};

/// `missing` of a case on a GPU.
std::string no_cuda();

/// Cases of this build, in the order of their names.
std::vector<Case> cases();

}  // namespace basin::bench
