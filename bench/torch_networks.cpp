#include "bench/torch_networks.h"

#include <torch/torch.h>

#include <stdexcept>
#include <utility>

namespace basin::bench {

namespace {

namespace nn = torch::nn;

nn::Conv2d convolution(std::int64_t from, std::int64_t to, std::int64_t extent, std::int64_t stride)
{
    return nn::Conv2d(nn::Conv2dOptions(from, to, extent).stride(stride).padding(extent / 2).bias(false));
}

nn::Sequential lenet(std::int64_t channels)
{
    return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(channels, 6, 5).padding(2)), nn::ReLU(), nn::MaxPool2d(2),
                          nn::Conv2d(6, 16, 5), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(), nn::Linear(400, 120),
                          nn::ReLU(), nn::Linear(120, 84), nn::ReLU(), nn::Linear(84, 10));
}

/// K. He et al., CVPR 2016. `projected`: a shortcut that changes shape is a 1x1 convolution, else it takes every other
/// pixel and zeros for the new channels behind.
struct BlockImpl : nn::Module {
    BlockImpl(std::int64_t from, std::int64_t to, std::int64_t stride, bool projected)
        : conv1(register_module("conv1", convolution(from, to, 3, stride))),
          bn1(register_module("bn1", nn::BatchNorm2d(to))),
          conv2(register_module("conv2", convolution(to, to, 3, 1))),
          bn2(register_module("bn2", nn::BatchNorm2d(to))),
          added(to - from),
          changes(from != to)
    {
        if (changes && projected)
            shortcut =
                register_module("shortcut", nn::Sequential(convolution(from, to, 1, stride), nn::BatchNorm2d(to)));
    }

    torch::Tensor forward(const torch::Tensor& x)
    {
        using torch::indexing::Slice;
        torch::Tensor beside = x;
        if (!shortcut.is_empty())
            beside = shortcut->forward(x);
        else if (changes)
            beside = at::constant_pad_nd(x.index({Slice(), Slice(), Slice(0, {}, 2), Slice(0, {}, 2)}),
                                         {0, 0, 0, 0, 0, added});
        const torch::Tensor h = torch::relu(bn1(conv1(x)));
        return torch::relu(bn2(conv2(h)) + beside);
    }

    nn::Conv2d conv1;
    nn::BatchNorm2d bn1;
    nn::Conv2d conv2;
    nn::BatchNorm2d bn2;
    nn::Sequential shortcut{nullptr};
    std::int64_t added;
    bool changes;
};
TORCH_MODULE(Block);

struct Stages {
    std::int64_t width;
    int stages;
    int blocks;
    bool projected;
};

nn::Sequential resnet(std::int64_t channels, const Stages& form)
{
    nn::Sequential net(convolution(channels, form.width, 3, 1), nn::BatchNorm2d(form.width), nn::ReLU());
    std::int64_t from = form.width;
    for (int stage = 0; stage < form.stages; ++stage) {
        const std::int64_t to = form.width << stage;
        for (int block = 0; block < form.blocks; ++block) {
            net->push_back(Block(from, to, stage > 0 && block == 0 ? 2 : 1, form.projected));
            from = to;
        }
    }
    net->push_back(nn::AdaptiveAvgPool2d(1));
    net->push_back(nn::Flatten());
    net->push_back(nn::Linear(from, 10));
    return net;
}

nn::Sequential made(const std::string& network, std::int64_t channels)
{
    if (network == "lenet")
        return lenet(channels);
    if (network == "resnet18")
        return resnet(channels, {64, 4, 2, true});
    if (network == "resnet20")
        return resnet(channels, {16, 3, 3, false});
    throw std::invalid_argument("no network " + network + " by hand");
}

}  // namespace

HandNetwork hand_network(const std::string& network, std::int64_t channels, const std::vector<float>& theta)
{
    nn::Sequential net = made(network, channels);
    const torch::NoGradGuard guard;
    std::int64_t offset = 0;
    const torch::Tensor flat = torch::tensor(theta);
    for (torch::Tensor& parameter : net->parameters()) {
        if (offset + parameter.numel() > flat.numel())
            break;
        parameter.copy_(flat.narrow(0, offset, parameter.numel()).view(parameter.sizes()));
        offset += parameter.numel();
    }
    std::int64_t numbers = 0;
    for (const torch::Tensor& parameter : net->parameters())
        numbers += parameter.numel();
    if (numbers != flat.numel())
        throw std::invalid_argument(network + " by hand has " + std::to_string(numbers) + " parameters, and Basin's " +
                                    std::to_string(flat.numel()));
    return {net.ptr(), [net](const torch::Tensor& x) mutable { return net->forward(x); }};
}

}  // namespace basin::bench
