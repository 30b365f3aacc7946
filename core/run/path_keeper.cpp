#include "core/run/path_keeper.h"

#include <algorithm>
#include <utility>

namespace basin {

PathKeeper::PathKeeper(std::vector<std::string> labels, std::size_t dim)
    : dim_(dim), frames_(std::clamp(kBytes / (sizeof(float) * std::max<std::size_t>(dim, 1)), kFewestFrames, kFrames))
{
    for (std::string& label : labels) {
        lanes_.push_back(std::make_unique<Lane>());
        lanes_.back()->path.label = std::move(label);
    }
}

bool PathKeeper::due(std::size_t lane, std::uint64_t step) const
{
    const std::vector<std::uint64_t>& steps = lanes_[lane]->path.steps;
    return steps.empty() || (step % every_ == 0 && step > steps.back());
}

void PathKeeper::keep(std::size_t lane, std::uint64_t step, std::vector<float> theta)
{
    if (!due(lane, step)) {
        return;
    }
    auto shared = std::make_shared<const std::vector<float>>(std::move(theta));
    const std::lock_guard lock(mutex_);
    if (lanes_[lane]->path.steps.size() == frames_) {
        thin();
    }
    if (due(lane, step)) {
        lanes_[lane]->path.steps.push_back(step);
        lanes_[lane]->path.thetas.push_back(std::move(shared));
        lanes_[lane]->version.fetch_add(1, std::memory_order_release);
    }
}

/// Lets go of all keyframes but the first and the multiples of twice the interval.
void PathKeeper::thin()
{
    every_ *= 2;
    for (const auto& lane : lanes_) {
        LanePath kept;
        kept.label = lane->path.label;
        for (std::size_t i = 0; i < lane->path.steps.size(); ++i) {
            if (i == 0 || lane->path.steps[i] % every_ == 0) {
                kept.steps.push_back(lane->path.steps[i]);
                kept.thetas.push_back(std::move(lane->path.thetas[i]));
            }
        }
        lane->path = std::move(kept);
        lane->version.fetch_add(1, std::memory_order_release);
    }
}

LanePath PathKeeper::path(std::size_t lane) const
{
    const std::lock_guard lock(mutex_);
    return lanes_.at(lane)->path;
}

}  // namespace basin
