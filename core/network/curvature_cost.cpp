// Follows layer_products.cpp and graph_products.cpp: which tensors a chunk keeps, and what a product computes besides.
#include "core/network/curvature_cost.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace basin {
namespace {

// In gradients of as many examples, as `basin-bench curvature` finds on the LeNet (BENCHMARKS.md): 1.14 and 1.16 kept,
// 1.84 and 1.91 from scratch, Gauss-Newton 0.83 and 0.89 kept, at 128 and 1,024 images. Making what is kept is the
// difference; the Fisher matrix costs what Gauss-Newton does.
struct Factors {
    double hessian;
    double gauss_newton;
    double making;
    double loss;  // a forward pass beside a forward and a backward pass, which is two
};
constexpr Factors kByLayers{1.15, 0.86, 0.73, 1.0 / 3};
// By double backward, of ResNet-20 and ResNet-18 on images of 12 x 12 and 28 x 28, one thread: 2.0 to 2.7 kept, 2.9 to
// 3.8 from scratch, Gauss-Newton 1.9 to 2.6 kept, a loss 0.27 to 0.29.
constexpr Factors kByGraph{2.4, 2.3, 1.2, 0.28};

std::int64_t numbers(const std::vector<std::int64_t>& shape)
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

/// Shape of a layer's output; `weight` is that of its weight, where it has one.
std::vector<std::int64_t> output_shape(const Layer& layer, std::vector<std::int64_t> in,
                                       const std::vector<std::int64_t>& weight)
{
    switch (layer.kind) {
        case LayerKind::affine:
            return {weight[0]};
        case LayerKind::convolution:
            return {weight[0], in[1] + 2 * layer.extent - weight[2] + 1, in[2] + 2 * layer.extent - weight[3] + 1};
        case LayerKind::max_pool:
            return {in[0], in[1] / layer.extent, in[2] / layer.extent};
        case LayerKind::flatten:
            return {numbers(in)};
        default:
            return in;
    }
}

/// Bytes of one example in float.
std::size_t kept_bytes(const Model& model, std::vector<std::int64_t> shape)
{
    std::int64_t bytes = 0;
    std::size_t block = 0;
    for (const Layer& layer : model.layers) {
        const bool weights = layer.kind == LayerKind::affine || layer.kind == LayerKind::convolution;
        shape = output_shape(layer, std::move(shape),
                             model.layout.blocks[std::min(block, model.layout.blocks.size() - 1)].shape);
        block += weights ? 2 : 0;
        const std::int64_t floats = numbers(shape) * static_cast<std::int64_t>(sizeof(float));
        if (layer.kind == LayerKind::flatten) {
            continue;  // views
        }
        bytes += floats;  // delta
        if (weights || layer.kind == LayerKind::max_pool) {
            bytes += floats;  // the output; ReLU and tanh write over their input
        }
        if (layer.kind == LayerKind::max_pool) {
            bytes += 2 * floats;  // indices of 64 bits
        }
    }
    return static_cast<std::size_t>(bytes);
}

}  // namespace

std::optional<CurvatureCost> curvature_cost(const Model& model, std::span<const std::int64_t> example_shape,
                                            std::size_t examples, std::size_t chunk, std::size_t budget,
                                            CurvatureMatrix matrix)
{
    const bool by_graph = model.layers.empty();
    if (examples == 0 || (by_graph && model.kept_by_graph == 0)) {
        return {};
    }
    // A graph has the gradient at its end.
    const std::size_t once = by_graph ? model.layout.size() * sizeof(float) : 0;
    const std::size_t each = by_graph ? static_cast<std::size_t>(model.kept_by_graph) * sizeof(float)
                                      : kept_bytes(model, {example_shape.begin(), example_shape.end()});
    std::size_t kept = 0;
    std::size_t bytes = 0;
    while (kept < examples) {
        const std::size_t next = std::min(chunk, examples - kept);
        if (bytes + once + next * each > budget) {
            break;
        }
        bytes += once + next * each;
        kept += next;
    }
    const Factors& factors = by_graph ? kByGraph : kByLayers;
    const double product = matrix == CurvatureMatrix::hessian ? factors.hessian : factors.gauss_newton;
    const auto all = static_cast<double>(examples);
    return CurvatureCost{all, product + factors.making * (all - static_cast<double>(kept)) / all, factors.loss, bytes};
}

}  // namespace basin
