// A network's training loop as one writes it in LibTorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/network/data/data_set.h"

namespace basin::bench {

struct TorchLoop {
    std::string network = "lenet";  // see hand_network()
    std::shared_ptr<const DataSet> data;
    std::vector<float> theta;  // in the layout's order
    std::size_t batch_size = 128;
    std::uint64_t seed = 1;
    double step_size = 0.02;
    int threads = 1;
    /// On the GPU: with PyTorch's fused optimizer, and losses read every 16 steps and at the end.
    bool cuda = false;
};

/// torch::nn modules, torch::optim::SGD with momentum 0.9, batches by index from tensors in memory, the
/// very batches that Basin takes; goes on by as many steps as asked for and reads the loss of each. Empty without
/// LibTorch.
std::function<void(std::size_t)> torch_steps(const TorchLoop& setting);

/// Forward passes of the same modules without gradients and their cross-entropy, the mean over the first `examples`
/// training images in batches of batch_size, read at the end of each of the passes asked for. Empty without LibTorch.
std::function<void(std::size_t)> torch_forward(const TorchLoop& setting, std::size_t examples);

}  // namespace basin::bench
