#include "tests/core/network/residual_steps.h"

#include <torch/torch.h>

#include <cmath>
#include <stdexcept>

#include "core/network/network.h"
#include "core/network/network_curvature.h"

namespace residual_steps {
namespace {

using namespace basin;

/// The script's.
constexpr std::uint64_t kTheta = 1;
constexpr std::uint64_t kBuffers = 2;
constexpr std::uint64_t kExamples = 3;

const NetworkEntry& resnet()
{
    for (const NetworkEntry* entry : network_entries())
        if (entry->key == "resnet")
            return *entry;
    throw std::invalid_argument("no network resnet");
}

std::vector<at::Tensor> views(const Layout& layout, std::vector<double>& numbers, bool leaves)
{
    std::vector<at::Tensor> all;
    for (const LayoutBlock& block : layout.blocks)
        all.push_back(at::from_blob(numbers.data() + block.offset, block.shape, at::kDouble).requires_grad_(leaves));
    return all;
}

std::vector<double> numbers(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.detach().flatten().contiguous();
    const auto* first = flat.const_data_ptr<double>();
    return {first, first + flat.numel()};
}

at::Tensor tensor(const Images& images)
{
    std::vector<std::int64_t> shape = images.example_shape;
    shape.insert(shape.begin(), static_cast<std::int64_t>(images.labels.size()));
    return at::tensor(images.inputs, at::kDouble).view(shape);
}

}  // namespace

std::vector<double> made(std::size_t count, std::uint64_t salt)
{
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint64_t x = (i + salt * 0x9E3779B9U) & 0xFFFFFFFFU;
        for (int round = 0; round < 2; ++round)
            x = (x ^ x >> 16U) * 0x45D9F3BU & 0xFFFFFFFFU;
        x = x ^ x >> 16U;
        values[i] = static_cast<double>(x) / 2147483648.0 - 1;
    }
    return values;
}

Images made_images(std::int64_t count, std::int64_t channels, std::int64_t side)
{
    Images images{.example_shape = {channels, side, side}};
    images.inputs = made(static_cast<std::size_t>(count * channels * side * side), kExamples);
    for (double& x : images.inputs)
        x *= 1.7;
    for (std::int64_t i = 0; i < count; ++i)
        images.labels.push_back((3 * i + 1) % images.classes);
    return images;
}

Network::Network(const std::string& variant, const std::vector<std::int64_t>& example_shape, int classes)
{
    Params params(network_schema(resnet()));
    params.set("variant", variant);
    model = std::make_shared<const Model>(resnet().make(params, {example_shape, classes}));
    theta = made(model->layout.size(), kTheta);
    double bound = 0;
    for (const LayoutBlock& block : model->layout.blocks) {
        double centre = 0;
        double spread = 0.1;
        if (block.role == BlockRole::norm && block.name.ends_with("weight")) {
            centre = 1;
            spread = 0.25;
        } else if (block.role != BlockRole::norm) {
            if (block.shape.size() > 1)
                bound = 1 / std::sqrt(static_cast<double>(block.size()) / static_cast<double>(block.shape[0]));
            spread = bound;
        }
        for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
            theta[i] = centre + spread * theta[i];
    }
    buffers = made(model->buffer_layout.size(), kBuffers);
    for (const LayoutBlock& block : model->buffer_layout.blocks) {
        const bool variance = block.name.ends_with("variance");
        for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
            buffers[i] = (variance ? 1 : 0) + (variance ? 0.25 : 0.1) * buffers[i];
    }
}

Answer Network::evaluate(const Images& images, bool training)
{
    at::set_num_threads(1);
    const std::vector<at::Tensor> parameters = views(model->layout, theta, true);
    const std::vector<at::Tensor> running = views(model->buffer_layout, buffers, false);
    const at::Tensor z = model->forward({.examples = tensor(images),
                                         .parameters = parameters,
                                         .buffers = running,
                                         .training = training,
                                         .dropout = {}});
    const at::Tensor loss = at::cross_entropy_loss(z, at::tensor(images.labels, at::kLong));
    Answer answer{.logits = numbers(z), .loss = loss.item<double>()};
    for (const at::Tensor& part : torch::autograd::grad({loss}, parameters)) {
        const std::vector<double> block = numbers(part);
        answer.gradient.insert(answer.gradient.end(), block.begin(), block.end());
    }
    return answer;
}

std::unique_ptr<Curvature> Network::curvature(const Images& images, bool by_graph) const
{
    const std::vector<float> running(buffers.begin(), buffers.end());
    const Params params(network_schema(resnet()));
    return std::make_unique<NetworkCurvature>(
        model, network_loss(params), NetworkCurvature::Sample{tensor(images), at::tensor(images.labels, at::kLong)},
        theta, running,
        NetworkCurvature::Options{.scalar = at::kDouble,
                                  .kept_bytes = std::size_t{1} << 30U,
                                  .chunk = 3,
                                  .place = {.threads = 1},
                                  .by_graph = by_graph});
}

}  // namespace residual_steps
