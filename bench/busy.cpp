// What other programs that compute all the time take from a training LeNet: the lane's own seconds beside them over
// those alone, by turns.
#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bench/pairs.h"
#include "core/compute/cores.h"
#include "core/run/runner.h"
#include "core/run/spec.h"

namespace basin::bench {

namespace {

/// Seconds of a team of all cores, beside so many threads that are always busy.
double train(int busy)
{
    std::vector<std::jthread> others;
    for (int i = 0; i < busy; ++i)
        others.emplace_back([](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
            }
        });
    RunOptions options;
    options.threads = core_count();
    Runner runner(parse_spec(R"({"version": 1, "seed": 1, "steps": 200, "metrics_every": 1000000,
        "objective": {"network": "lenet", "dataset": "fashion_mnist", "train_size": 2000, "batch_size": 128},
        "lanes": [{"label": "SGD", "optimizer": "sgd", "step_size": 0.02, "momentum": 0.9}]})",
                             "busy"),
                  options);
    runner.start();
    while (runner.lane_status(0).state == LaneState::running)
        runner.wait_for(std::chrono::milliseconds(5));
    const LaneStatus lane = runner.lane_status(0);
    if (lane.state == LaneState::failed)
        throw std::runtime_error(lane.message);
    return lane.seconds;
}

Line line(int busy, std::size_t pairs)
{
    train(0);
    std::vector<double> ratios;
    double beside = 0;
    double alone = 0;
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        if (pair % 2 == 0)
            alone = train(0);
        beside = train(busy);
        if (pair % 2 == 1)
            alone = train(0);
        ratios.push_back(beside / alone);
    }
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%d busy threads beside %d training ones over none", busy, core_count());
    std::array<char, 80> note{};
    std::snprintf(note.data(), note.size(), "last: %.2f s and %.2f s for 200 steps", alone, beside);
    return {text.data(), median_interval(ratios), {}, note.data()};
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
