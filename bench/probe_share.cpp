// What a scheduled spectrum beside a training LeNet takes from it: the lane's own seconds with a measurement going on
// all the time over those without, by turns.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "bench/pairs.h"
#include "core/run/runner.h"
#include "core/run/spec.h"

namespace basin::bench {

namespace {

// Two to five seconds of training; the spectrum that is due at its start takes longer.
constexpr int kSteps = 600;

struct Trained {
    double seconds = 0;  // of the lane's own turns
    double share = 1;    // of the measurement, done when the lane had ended
};

Trained train(int threads, bool measured)
{
    const std::string probes =
        measured ? R"(, "probes": [{"probe": "hessian_spectrum", "every": )" + std::to_string(kSteps) + "}]" : "";
    const std::string spec = R"({"version": 1, "seed": 1, "steps": )" + std::to_string(kSteps) +
                             R"(, "metrics_every": 1000000,
        "objective": {"network": "lenet", "dataset": "fashion_mnist", "train_size": 6000, "batch_size": 128},
        "lanes": [{"label": "SGD", "optimizer": "sgd", "step_size": 0.02, "momentum": 0.9}])" +
                             probes + "}";
    RunOptions options;
    options.threads = threads;
    Runner runner(parse_spec(spec, "probe_share"), options);
    runner.start();
    while (runner.lane_status(0).state == LaneState::running)
        runner.wait_for(std::chrono::milliseconds(5));  // the run itself ends only when everything is measured
    const LaneStatus lane = runner.lane_status(0);
    if (lane.state == LaneState::failed)
        throw std::runtime_error(lane.message);
    const ProbeActivity activity = runner.probe_activity();
    if (measured && !(activity.measuring && activity.step == 0))
        throw std::runtime_error("the measurement ended before the lane did; take more steps");
    runner.stop();
    runner.wait();
    return {lane.seconds, activity.share};
}

Line line(int threads, std::size_t pairs)
{
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    train(threads, false);
    std::vector<double> ratios;
    Trained with;
    Trained without;
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        if (pair % 2 == 0)
            without = train(threads, false);
        with = train(threads, true);
        if (pair % 2 == 1)
            without = train(threads, false);
        ratios.push_back(with.seconds / without.seconds);
    }
    // What n + 1 threads of equal weight would leave to the team on n cores.
    const double fair = std::max(1.0, static_cast<double>(threads + 1) / static_cast<double>(cores));
    std::array<char, 120> note{};
    std::snprintf(note.data(), note.size(), "last: %.2f s and %.2f s, %.2f %% of the measurement meanwhile",
                  without.seconds, with.seconds, 100 * with.share);
    std::array<char, 120> text{};
    std::snprintf(text.data(), text.size(), "%d training threads and a spectrum on %d cores over without", threads,
                  cores);
    // 5 %: where a core is free the three still share its memory.
    return {text.data(), median_interval(ratios), Bound{Bound::Kind::at_most, std::max(fair, 1.05)}, note.data()};
}

std::vector<Line> run(std::size_t pairs)
{
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
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
