#include "bench/lane_seconds.h"

#include <chrono>
#include <stdexcept>

#include "core/run/spec.h"

namespace basin::bench {

double lane_seconds(const LeNetLane& lane, const std::function<void(const Runner&)>& at_end)
{
    const std::string spec = R"({"version": 1, "seed": 1, "steps": )" + std::to_string(lane.steps) +
                             R"(, "metrics_every": 1000000,
        "objective": {"network": "lenet", "dataset": "fashion_mnist", "batch_size": 128, "train_size": )" +
                             std::to_string(lane.train_size) + R"(},
        "lanes": [{"label": "SGD", "optimizer": "sgd", "step_size": 0.02, "momentum": 0.9}])" +
                             lane.more + "}";
    RunOptions options;
    options.threads = lane.threads;
    Runner runner(parse_spec(spec, "bench"), options);
    runner.start();
    while (runner.lane_status(0).state == LaneState::running)
        runner.wait_for(std::chrono::milliseconds(5));  // the run itself ends only when everything is measured
    const LaneStatus status = runner.lane_status(0);
    if (status.state == LaneState::failed)
        throw std::runtime_error(status.message);
    if (at_end)
        at_end(runner);
    runner.stop();
    runner.wait();
    return status.seconds;
}

}  // namespace basin::bench
