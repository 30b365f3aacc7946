#include "core/network/model.h"

#include <cmath>
#include <stdexcept>
#include <utility>

#ifdef BASIN_WITH_TORCH
#include "core/network/layers.h"
#endif

namespace basin {

std::int64_t ModelTask::numbers() const
{
    std::int64_t count = 1;
    for (const std::int64_t extent : example_shape)
        count *= extent;
    return count;
}

void ModelTask::require_images(const std::string& network, const std::string& dataset, std::int64_t smallest) const
{
    if (example_shape.size() != 3)
        throw std::invalid_argument("dataset: " + network + " needs images, and " + dataset +
                                    " has none; choose fashion_mnist, mnist or cifar10, or the network mlp");
    const std::int64_t rows = example_shape[1];
    const std::int64_t columns = example_shape[2];
    if (rows < smallest || columns < smallest)
        throw std::invalid_argument("dataset: " + network + " needs images of at least " + std::to_string(smallest) +
                                    " x " + std::to_string(smallest) + ", and these are " + std::to_string(rows) +
                                    " x " + std::to_string(columns));
}

void Model::append_weight(std::string name, std::vector<std::int64_t> shape)
{
    std::int64_t fan_in = 1;
    for (std::size_t i = 1; i < shape.size(); ++i)
        fan_in *= shape[i];
    layout.append(std::move(name), std::move(shape), BlockRole::weight);
    starts.push_back({0, static_cast<float>(1 / std::sqrt(static_cast<double>(fan_in)))});
}

void Model::append_affine(const std::string& name, std::vector<std::int64_t> shape)
{
    const std::int64_t outputs = shape.front();
    append_weight(name + ".weight", std::move(shape));
    layout.append(name + ".bias", {outputs}, BlockRole::bias);
    starts.push_back(starts.back());
}

void Model::append_norm(const std::string& name, std::int64_t channels)
{
    layout.append(name + ".weight", {channels}, BlockRole::norm);
    layout.append(name + ".bias", {channels}, BlockRole::norm);
    starts.insert(starts.end(), {{1, 0}, {0, 0}});
    buffer_layout.append(name + ".mean", {channels}, BlockRole::buffer);
    buffer_layout.append(name + ".variance", {channels}, BlockRole::buffer);
    buffer_starts.insert(buffer_starts.end(), {{0, 0}, {1, 0}});
}

void Model::pass_through(std::vector<Layer> all)
{
    layers = std::move(all);
#ifdef BASIN_WITH_TORCH
    forward = [steps = layers](const ForwardInput& in) {
        at::Tensor h = in.examples;
        std::size_t block = 0;
        for (const Layer& layer : steps) {
            h = layer_forward(layer, std::move(h), in.parameters, block);
            block += has_weights(layer) ? 2 : 0;
        }
        return h;
    };
#endif
}

}  // namespace basin
