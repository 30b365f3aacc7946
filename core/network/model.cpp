#include "core/network/model.h"

#include <algorithm>
#include <cassert>
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

std::size_t parameter_blocks(const Layer& layer)
{
    switch (layer.kind) {
        case LayerKind::affine:
        case LayerKind::norm:
            return 2;
        case LayerKind::convolution:
            return layer.bias ? 2 : 1;
        default:
            return 0;
    }
}

bool normalised(std::span<const Layer> layers)
{
    return std::any_of(layers.begin(), layers.end(), [](const Layer& layer) { return layer.kind == LayerKind::norm; });
}

void Model::pass_through(std::vector<Layer> all)
{
    layers = std::move(all);
    std::vector<bool> moves{false};
    std::vector<std::size_t> last(layers.size() + 1);
    std::size_t block = 0;
    std::size_t buffer = 0;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        Layer& layer = layers[l];
        if (layer.from == Layer::kBefore)
            layer.from = l;
        assert(layer.from <= l);
        layer.block = block;
        layer.buffer = buffer;
        layer.input_moves = moves[layer.from] || (layer.kind == LayerKind::add && moves[l]);
        last[l] = last[layer.from] = l;
        moves.push_back(layer.input_moves || parameter_blocks(layer) > 0);
        block += parameter_blocks(layer);
        buffer += layer.kind == LayerKind::norm ? 2 : 0;
    }
    for (std::size_t value = 0; value < layers.size(); ++value)
        layers[last[value]].done.push_back(value);
    assert(block == layout.blocks.size() && buffer == buffer_layout.blocks.size());
#ifdef BASIN_WITH_TORCH
    forward = [steps = layers](const ForwardInput& in) { return layers_forward(steps, in); };
#endif
}

}  // namespace basin
