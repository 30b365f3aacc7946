// What a lane of a run says that its steps took.
#pragma once

#include <functional>
#include <string>

#include "core/run/runner.h"

namespace basin::bench {

/// SGD on a LeNet, batches of 128 Fashion-MNIST images.
struct LeNetLane {
    int steps = 1;
    int train_size = 0;
    int threads = 1;
    std::string more{};  // of the spec, after a comma
};

/// The lane's own seconds. `at_end` sees the run when the lane has ended, and the run may not have. Throws
/// std::runtime_error when the lane fails.
double lane_seconds(const LeNetLane& lane, const std::function<void(const Runner&)>& at_end = {});

}  // namespace basin::bench
