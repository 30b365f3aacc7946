// What a scheduled spectrum beside a training LeNet takes from it: the lane's own seconds with a measurement going on
// all the time over those without, by turns.
#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>

#include "bench/lane_seconds.h"
#include "bench/pairs.h"
#include "core/compute/cores.h"

namespace basin::bench {

namespace {

// Two to five seconds of training; the spectrum that is due at its start takes longer.
constexpr int kSteps = 600;

double train(int threads, const std::string& probes = {}, const std::function<void(const Runner&)>& at_end = {})
{
    return lane_seconds({.steps = kSteps, .train_size = 6000, .threads = threads, .more = probes}, at_end);
}

Line line(int threads, std::size_t pairs)
{
    const int cores = core_count();
    const std::string probes =
        R"(, "probes": [{"probe": "hessian_spectrum", "every": )" + std::to_string(kSteps) + "}]";
    double share = 1;  // of the measurement, done when the lane had ended
    const auto look = [&share](const Runner& runner) {
        const ProbeActivity activity = runner.probe_activity();
        if (!(activity.measuring && activity.step == 0))
            throw std::runtime_error("the measurement ended before the lane did; take more steps");
        share = activity.share;
    };
    double with = 0;
    double without = 0;
    const Ratio ratio =
        pair_up([&] { return with = train(threads, probes, look); }, [&] { return without = train(threads); }, pairs);
    // What n + 1 threads of equal weight would leave to the team on n cores.
    const double fair = std::max(1.0, static_cast<double>(threads + 1) / static_cast<double>(cores));
    std::array<char, 120> note{};
    std::snprintf(note.data(), note.size(), "last: %.2f s and %.2f s, %.2f %% of the measurement meanwhile", without,
                  with, 100 * share);
    std::array<char, 120> text{};
    std::snprintf(text.data(), text.size(), "%d training threads and a spectrum on %d cores over without", threads,
                  cores);
    // 5 %: where a core is free the three still share its memory.
    return {text.data(), ratio, Bound{Bound::Kind::at_most, std::max(fair, 1.05)}, note.data()};
}

std::vector<Line> run(std::size_t pairs)
{
    const int cores = core_count();
    std::vector<Line> lines;
    if (cores > 1)
        lines.push_back(line(cores - 1, pairs));
    lines.push_back(line(cores, pairs));
    return lines;
}

}  // namespace

Case probe_share_case()
{
    return {"probe_share", "LeNet: training beside a scheduled spectrum, over training alone", run};
}

}  // namespace basin::bench
