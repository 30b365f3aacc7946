// Networks as one writes them with LibTorch's modules. Includes LibTorch.
#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace basin::bench {

struct HandNetwork {
    std::shared_ptr<torch::nn::Module> module;
    std::function<torch::Tensor(const torch::Tensor&)> forward;
};

/// `network` is lenet, resnet18 or resnet20, for images of `channels`, with 10 classes and theta's numbers in
/// parameters()' order. Throws std::invalid_argument when they are not as many.
HandNetwork hand_network(const std::string& network, std::int64_t channels, const std::vector<float>& theta);

}  // namespace basin::bench
