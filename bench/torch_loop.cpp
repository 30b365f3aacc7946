#include "bench/torch_loop.h"

#ifdef BASIN_WITH_TORCH

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "bench/torch_networks.h"
#include "core/network/data/batch_order.h"

namespace basin::bench {

namespace {

/// Copies of `count` training images from the first on.
torch::Tensor images(const DataSet& data, std::int64_t first, std::int64_t count)
{
    std::vector<std::int64_t> shape = data.example_shape;
    std::int64_t numbers = 1;
    for (const std::int64_t extent : shape)
        numbers *= extent;
    shape.insert(shape.begin(), count);
    return torch::from_blob(const_cast<float*>(data.train.inputs.data()) + first * numbers, shape).clone();
}

struct Loop {
    explicit Loop(const TorchLoop& setting)
        : data(setting.data),
          order(data->train.size(), setting.batch_size),
          seed(setting.seed),
          step_size(setting.step_size),
          net(hand_network(setting.network, setting.data->example_shape[0], setting.theta)),
          device(setting.cuda ? torch::kCUDA : torch::kCPU)
    {
        // Tensors of the loop's own, so that nothing is shared with the other contender.
        const auto count = static_cast<std::int64_t>(data->train.size());
        inputs = images(*data, 0, count).to(device);
        labels = torch::tensor(data->train.labels).to(device);
        if (setting.cuda) {
            net.module->to(device);
            parameters = net.module->parameters();
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
        const torch::Tensor loss = torch::nn::functional::cross_entropy(net.forward(inputs.index_select(0, index)),
                                                                        labels.index_select(0, index));
        at::_fused_sgd_(parameters, torch::autograd::grad({loss}, parameters), momenta, 0, 0.9, step_size, 0, false,
                        false, number == 0);
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
        const torch::Tensor loss = torch::nn::functional::cross_entropy(net.forward(inputs.index_select(0, index)),
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
    double step_size;
    HandNetwork net;
    torch::Device device;
    std::vector<torch::Tensor> parameters;
    std::vector<torch::Tensor> momenta;
    std::vector<torch::Tensor> losses;
    torch::optim::SGD optimizer{net.module->parameters(), torch::optim::SGDOptions(step_size).momentum(0.9)};
    float last = 0;
};

}  // namespace

std::function<void(std::size_t)> torch_steps(const TorchLoop& setting)
{
    at::set_num_threads(setting.threads);
    return [loop = std::make_shared<Loop>(setting), cuda = setting.cuda](std::size_t steps) {
        for (std::size_t i = 0; i < steps; ++i)
            cuda ? loop->queued_step() : loop->step();
        loop->read();
    };
}

std::function<void(std::size_t)> torch_forward(const TorchLoop& setting, std::size_t examples)
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
        const auto begin = labels.begin() + static_cast<std::ptrdiff_t>(first);
        batches.push_back({images(*setting.data, static_cast<std::int64_t>(first), count),
                           torch::tensor(std::vector<std::int64_t>(begin, begin + count))});
    }
    return [net = hand_network(setting.network, setting.data->example_shape[0], setting.theta), batches,
            examples](std::size_t passes) mutable {
        const torch::NoGradGuard guard;
        for (std::size_t i = 0; i < passes; ++i) {
            torch::Tensor sum = torch::zeros({});
            for (const Batch& batch : batches)
                sum += torch::nn::functional::cross_entropy(
                    net.forward(batch.inputs), batch.labels,
                    torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kSum));
            if (!std::isfinite(sum.item<float>() / static_cast<float>(examples)))
                throw std::runtime_error("the loss is not finite");
        }
    };
}

}  // namespace basin::bench

#else

namespace basin::bench {

std::function<void(std::size_t)> torch_steps(const TorchLoop&)
{
    return {};
}

std::function<void(std::size_t)> torch_forward(const TorchLoop&, std::size_t)
{
    return {};
}

}  // namespace basin::bench

#endif
