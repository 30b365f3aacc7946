// Follows layer_products.cpp: which tensors a chunk keeps, and what a product computes besides.
#include "core/network/curvature_cost.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace basin {
namespace {

// In gradients of as many examples. Making what is kept is the difference of a product from scratch; the Fisher matrix
// costs what Gauss-Newton does.
struct Factors {
    double hessian;
    double gauss_newton;
    double making;
    double loss;  // a forward pass beside a forward and a backward pass, which is two
};
// Of a LeNet, by which a density takes 0.98 [0.97, 1.04] of the seconds stated for it (`basin-bench measuring`). Its
// pools are dear on a gradient's way back.
constexpr Factors kSmall{1.15, 0.86, 0.73, 1.0 / 3};
// Of residual networks' wide convolutions a gradient takes three, a product six, Gauss-Newton four and what is kept
// two. Found on ResNet-20 and ResNet-18, images of 32 x 32, one thread: 1.93 to 2.06, 1.26 to 1.38, 0.63 to 0.74, a
// loss 0.29 to 0.32.
constexpr Factors kResidual{1.97, 1.32, 0.7, 0.31};

std::int64_t numbers(const std::vector<std::int64_t>& shape)
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

/// Shape of a layer's output; `weight` is that of its weight, where it has one.
std::vector<std::int64_t> output_shape(const Layer& layer, const std::vector<std::int64_t>& in,
                                       const std::vector<std::int64_t>& weight)
{
    const auto side = [&](std::size_t k) { return (in[k] + 2 * layer.extent - weight[k + 1]) / layer.stride + 1; };
    const auto every = [&](std::size_t k) { return (in[k] + layer.stride - 1) / layer.stride; };
    switch (layer.kind) {
        case LayerKind::affine:
            return {weight[0]};
        case LayerKind::convolution:
            return {weight[0], side(1), side(2)};
        case LayerKind::max_pool:
            return {in[0], in[1] / layer.extent, in[2] / layer.extent};
        case LayerKind::subsample:
            return {in[0] + layer.extent, every(1), every(2)};
        case LayerKind::mean:
            return {in[0]};
        case LayerKind::flatten:
            return {numbers(in)};
        default:
            return in;
    }
}

bool has_memory_of_its_own(LayerKind kind)
{
    using enum LayerKind;
    return kind != relu && kind != tanh && kind != add && kind != flatten;
}

/// Bytes of one example in float.
std::size_t kept_bytes(const Model& model, std::span<const std::int64_t> example_shape)
{
    std::int64_t bytes = 0;
    std::vector<std::vector<std::int64_t>> shapes{{example_shape.begin(), example_shape.end()}};
    const std::vector<Layer>& layers = model.layers;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const Layer& layer = layers[l];
        shapes.push_back(
            output_shape(layer, shapes[layer.from],
                         has_weights(layer) ? model.layout.blocks[layer.block].shape : std::vector<std::int64_t>{}));
        const std::int64_t floats = numbers(shapes.back()) * static_cast<std::int64_t>(sizeof(float));
        if (has_second_derivatives(layer))
            bytes += floats;
        if (has_memory_of_its_own(layer.kind))
            bytes += floats;
        if (layer.kind == LayerKind::max_pool)
            bytes += 2 * floats;  // indices of 64 bits
        // What changes a sum changes both that are added: one tensor.
        if (layer.kind == LayerKind::add && layer.from > 0 && has_second_derivatives(layers[l - 1]) &&
            has_second_derivatives(layers[layer.from - 1]))
            bytes -= floats;
    }
    return static_cast<std::size_t>(bytes);
}

}  // namespace

std::optional<CurvatureCost> curvature_cost(const Model& model, std::span<const std::int64_t> example_shape,
                                            std::size_t examples, std::size_t chunk, std::size_t budget,
                                            CurvatureMatrix matrix)
{
    if (examples == 0 || model.layers.empty()) {
        return {};
    }
    const std::size_t each = kept_bytes(model, example_shape);
    std::size_t kept = 0;
    std::size_t bytes = 0;
    while (kept < examples) {
        const std::size_t next = std::min(chunk, examples - kept);
        if (bytes + next * each > budget) {
            break;
        }
        bytes += next * each;
        kept += next;
    }
    const Factors& factors = normalised(model.layers) ? kResidual : kSmall;
    const double product = matrix == CurvatureMatrix::hessian ? factors.hessian : factors.gauss_newton;
    const auto all = static_cast<double>(examples);
    return CurvatureCost{all, product + factors.making * (all - static_cast<double>(kept)) / all, factors.loss, bytes};
}

}  // namespace basin
