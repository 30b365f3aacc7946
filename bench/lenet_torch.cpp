#include "bench/lenet_torch.h"

#ifdef BASIN_WITH_TORCH

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/network/data/batch_order.h"

namespace basin::bench {

namespace {

torch::nn::Sequential lenet_with(const std::vector<float>& theta)
{
    torch::nn::Sequential net{torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 6, 5).padding(2)),
                              torch::nn::ReLU(),
                              torch::nn::MaxPool2d(2),
                              torch::nn::Conv2d(6, 16, 5),
                              torch::nn::ReLU(),
                              torch::nn::MaxPool2d(2),
                              torch::nn::Flatten(),
                              torch::nn::Linear(400, 120),
                              torch::nn::ReLU(),
                              torch::nn::Linear(120, 84),
                              torch::nn::ReLU(),
                              torch::nn::Linear(84, 10)};
    const torch::NoGradGuard guard;
    std::int64_t offset = 0;
    const torch::Tensor flat = torch::tensor(theta);
    for (torch::Tensor& parameter : net->parameters()) {
        parameter.copy_(flat.narrow(0, offset, parameter.numel()).view(parameter.sizes()));
        offset += parameter.numel();
    }
    return net;
}

struct Loop {
    explicit Loop(const TorchLenet& setting)
        : data(setting.data),
          order(data->train.size(), setting.batch_size),
          seed(setting.seed),
          net(lenet_with(setting.theta)),
          device(setting.cuda ? torch::kCUDA : torch::kCPU)
    {
        // Tensors of the loop's own, so that nothing is shared with the other contender.
        const auto count = static_cast<std::int64_t>(data->train.size());
        inputs = torch::from_blob(const_cast<float*>(data->train.inputs.data()), {count, 1, 28, 28}).clone().to(device);
        labels = torch::tensor(data->train.labels).to(device);
        if (setting.cuda) {
            net->to(device);
            parameters = net->parameters();
            for (const torch::Tensor& parameter : parameters)
                momenta.push_back(torch::zeros_like(parameter));
        }
    }

    /// What torch.optim.SGD(momentum=0.9, fused=True) does.
    void queued_step()
    {
        const auto chosen = order.batch({seed, number, 0, 0});
        const torch::Tensor index =
            torch::tensor(std::vector<std::int64_t>(chosen.begin(), chosen.end()), torch::kLong).to(device, true);
        const torch::Tensor loss = torch::nn::functional::cross_entropy(net->forward(inputs.index_select(0, index)),
                                                                        labels.index_select(0, index));
        at::_fused_sgd_(parameters, torch::autograd::grad({loss}, parameters), momenta, 0, 0.9, 0.02, 0, false, false,
                        number == 0);
        ++number;
        losses.push_back(loss.detach());
        if (losses.size() == 16)
            read();
    }

    void read()
    {
        if (!losses.empty())
            last = torch::stack(losses).cpu()[-1].item<float>();
        losses.clear();
    }

    void step()
    {
        const auto chosen = order.batch({seed, number++, 0, 0});
        const torch::Tensor index = torch::from_blob(const_cast<std::uint32_t*>(chosen.data()),
                                                     {static_cast<std::int64_t>(chosen.size())}, torch::kInt);
        optimizer.zero_grad();
        const torch::Tensor loss = torch::nn::functional::cross_entropy(net->forward(inputs.index_select(0, index)),
                                                                        labels.index_select(0, index));
        loss.backward();
        optimizer.step();
        last = loss.item<float>();
    }

    std::shared_ptr<const DataSet> data;
    BatchOrder order;
    std::uint64_t seed;
    std::uint64_t number = 0;
    torch::Tensor inputs;
    torch::Tensor labels;
    torch::nn::Sequential net;
    torch::Device device;
    std::vector<torch::Tensor> parameters;
    std::vector<torch::Tensor> momenta;
    std::vector<torch::Tensor> losses;
    torch::optim::SGD optimizer{net->parameters(), torch::optim::SGDOptions(0.02).momentum(0.9)};
    float last = 0;
};

}  // namespace

std::function<void(std::size_t)> torch_lenet(const TorchLenet& setting)
{
    at::set_num_threads(setting.threads);
    return [loop = std::make_shared<Loop>(setting), cuda = setting.cuda](std::size_t steps) {
        for (std::size_t i = 0; i < steps; ++i)
            cuda ? loop->queued_step() : loop->step();
        loop->read();
    };
}

std::function<void(std::size_t)> torch_lenet_forward(const TorchLenet& setting, std::size_t examples)
{
    at::set_num_threads(setting.threads);
    struct Batch {
        torch::Tensor inputs;
        torch::Tensor labels;
    };
    std::vector<Batch> batches;
    const std::vector<std::int64_t>& labels = setting.data->train.labels;
    for (std::size_t first = 0; first < examples; first += setting.batch_size) {
        const auto count = static_cast<std::int64_t>(std::min(setting.batch_size, examples - first));
        float* images = const_cast<float*>(setting.data->train.inputs.data()) + first * 784;
        const auto begin = labels.begin() + static_cast<std::ptrdiff_t>(first);
        batches.push_back({torch::from_blob(images, {count, 1, 28, 28}).clone(),
                           torch::tensor(std::vector<std::int64_t>(begin, begin + count))});
    }
    return [net = lenet_with(setting.theta), batches, examples](std::size_t passes) mutable {
        const torch::NoGradGuard guard;
        for (std::size_t i = 0; i < passes; ++i) {
            torch::Tensor sum = torch::zeros({});
            for (const Batch& batch : batches)
                sum += torch::nn::functional::cross_entropy(
                    net->forward(batch.inputs), batch.labels,
                    torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kSum));
            if (!std::isfinite(sum.item<float>() / static_cast<float>(examples)))
                throw std::runtime_error("the loss is not finite");
        }
    };
}

}  // namespace basin::bench

#else

namespace basin::bench {

std::function<void(std::size_t)> torch_lenet(const TorchLenet&)
{
    return {};
}

std::function<void(std::size_t)> torch_lenet_forward(const TorchLenet&, std::size_t)
{
    return {};
}

}  // namespace basin::bench

#endif
