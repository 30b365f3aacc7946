// What other programs that compute all the time take from a training LeNet: the lane's own seconds beside them over
// those alone, by turns.
#include <array>
#include <cstddef>
#include <cstdio>
#include <thread>
#include <vector>

#include "bench/lane_seconds.h"
#include "bench/pairs.h"
#include "core/compute/cores.h"

namespace basin::bench {

namespace {

constexpr int kSteps = 200;

/// Seconds of a team of all cores, beside so many threads that are always busy.
double train(int busy)
{
    std::vector<std::jthread> others;
    others.reserve(static_cast<std::size_t>(busy));
    for (int i = 0; i < busy; ++i)
        others.emplace_back([](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
            }
        });
    return lane_seconds({.steps = kSteps, .train_size = 2000, .threads = core_count()});
}

Line line(int busy, std::size_t pairs)
{
    double beside = 0;
    double alone = 0;
    const Ratio ratio = pair_up([&] { return beside = train(busy); }, [&] { return alone = train(0); }, pairs);
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%d busy threads beside %d training ones over none", busy, core_count());
    std::array<char, 80> note{};
    std::snprintf(note.data(), note.size(), "last: %.2f s and %.2f s for %d steps", alone, beside, kSteps);
    return {text.data(), ratio, {}, note.data()};
}

std::vector<Line> run(std::size_t pairs)
{
    std::vector<Line> lines;
    for (const int busy : {1, core_count(), core_count() + 1})
        lines.push_back(line(busy, pairs));
    return lines;
}

}  // namespace

Case busy_case()
{
    return {"busy", "LeNet: training beside busy programs, over training alone", run};
}

}  // namespace basin::bench
