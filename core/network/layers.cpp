#include "core/network/layers.h"

#include <stdexcept>
#include <utility>

namespace basin {
namespace {

at::Tensor norm_forward(const Layer& layer, const at::Tensor& h, const ForwardInput& in)
{
    if (in.training && h.numel() / h.size(1) < 2)
        throw std::invalid_argument(
            "batch_size: a batch of 1 example has 1 number a channel in the last stage, and batch normalisation "
            "needs 2; choose batch_size and train_size so that an epoch's last batch has more, or larger images");
    return at::batch_norm(h, in.parameters[layer.block], in.parameters[layer.block + 1], in.buffers[layer.buffer],
                          in.buffers[layer.buffer + 1], in.training, kNormMomentum, kNormEpsilon, true);
}

}  // namespace

at::Tensor layer_forward(const Layer& layer, at::Tensor h, const at::Tensor& added, const ForwardInput& in)
{
    switch (layer.kind) {
        case LayerKind::affine:
            return at::linear(h, in.parameters[layer.block], in.parameters[layer.block + 1]);
        case LayerKind::convolution:
            return at::conv2d(h, in.parameters[layer.block], layer.bias ? in.parameters[layer.block + 1] : at::Tensor{},
                              layer.stride, layer.extent);
        case LayerKind::norm:
            return norm_forward(layer, h, in);
        case LayerKind::relu:
            return h.relu_();
        case LayerKind::tanh:
            return h.tanh_();
        case LayerKind::max_pool:
            return at::max_pool2d(h, layer.extent);
        case LayerKind::mean:
            return h.mean({2, 3});
        case LayerKind::flatten:
            return h.flatten(1);
        case LayerKind::subsample:
            return at::constant_pad_nd(
                h.slice(2, 0, c10::nullopt, layer.stride).slice(3, 0, c10::nullopt, layer.stride),
                {0, 0, 0, 0, 0, layer.extent});
        case LayerKind::add:
            return h.add_(added);
    }
    return h;
}

at::Tensor laid_out(std::span<const Layer> layers, const at::Tensor& examples)
{
    return examples.is_cpu() && normalised(layers) ? examples.contiguous(at::MemoryFormat::ChannelsLast) : examples;
}

at::Tensor layers_forward(std::span<const Layer> layers, const ForwardInput& in)
{
    std::vector<at::Tensor> values(layers.size() + 1);
    values.front() = laid_out(layers, in.examples);
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const Layer& layer = layers[l];
        values[l + 1] =
            layer_forward(layer, values[layer.kind == LayerKind::add ? l : layer.from], values[layer.from], in);
        for (const std::size_t value : layer.done)
            values[value].reset();
    }
    return values.back();
}

}  // namespace basin
