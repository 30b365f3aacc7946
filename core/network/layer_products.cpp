// Products by the layers' tangents.
#include <utility>

#include "core/network/chunk_products.h"
#include "core/network/layer_tangents.h"
#include "core/network/layers.h"

namespace basin {
namespace {

using Tensors = std::vector<at::Tensor>;

/// Undefined is zero. Neither is written over: both may be kept, or stand in two places.
at::Tensor sum(const at::Tensor& a, const at::Tensor& b)
{
    return !a.defined() ? b : !b.defined() ? a : a + b;
}

class LayerProducts : public ChunkProducts {
public:
    explicit LayerProducts(const Chunk& chunk)
        : loss_(chunk.loss),
          count_(chunk.count),
          blocks_(chunk.parameters.size()),
          tangent_needed_(chunk.model.layers.size() + 1)
    {
        const at::NoGradGuard guard;
        const at::Tensor outputs = pass(chunk);
        slope_ = loss_slope(loss_, outputs, chunk.targets) / count_;
        Tensors changes(layers_.size() + 1);
        changes.back() = slope_;
        for (std::size_t l = layers_.size(); l-- > 0;) {
            const at::Tensor u = std::exchange(changes[l + 1], {});
            if (has_second_derivatives(layers_[l].layer))
                layers_[l].delta = u;
            if (!layers_[l].layer.input_moves)
                continue;
            if (has_weights(layers_[l].layer))
                spread(l, slopes(layers_[l], u, {.weight = false}).in, changes);
            else
                spread_back(l, u, changes);
        }
    }

    Tensors product(CurvatureMatrix matrix, const Tensors& v) override
    {
        const at::NoGradGuard guard;
        const Tensors tangents = push_forward(matrix, v);
        if (matrix == CurvatureMatrix::hessian)
            return pull_back(loss_curvature(loss_, outputs(), tangents.back()) / count_, &tangents, v);
        return pull_back(pulled_back(matrix, loss_, outputs(), slope_, tangents.back(), count_), nullptr, v);
    }

private:
    const at::Tensor& outputs() const { return layers_.back().out; }

    /// Forward at theta.
    at::Tensor pass(const Chunk& chunk)
    {
        Tensors parameters;
        for (const at::Tensor& parameter : chunk.parameters)
            parameters.push_back(parameter.detach());
        const ForwardInput forward{
            .examples = chunk.inputs, .parameters = parameters, .buffers = chunk.buffers, .dropout = {}};
        Tensors values{laid_out(chunk.model.layers, chunk.inputs)};
        for (const Layer& layer : chunk.model.layers) {
            if (has_second_derivatives(layer))
                tangent_needed_[has_weights(layer) ? layer.from : layers_.size() + 1] = true;
            Passed passed;
            passed.layer = layer;
            passed.in = values[layer.from];
            if (has_weights(layer))
                passed.weight = parameters[layer.block];
            if (layer.kind == LayerKind::norm) {
                passed.mean = chunk.buffers[layer.buffer];
                passed.variance = chunk.buffers[layer.buffer + 1];
                passed.centred = at::zeros_like(passed.mean);
            }
            if (layer.kind == LayerKind::max_pool)
                std::tie(passed.out, passed.indices) =
                    at::max_pool2d_with_indices(passed.in, {layer.extent, layer.extent});
            else
                passed.out =
                    layer_forward(layer, layer.kind == LayerKind::add ? values.back() : passed.in, passed.in, forward);
            values.push_back(passed.out);
            layers_.push_back(std::move(passed));
        }
        return values.back();
    }

    /// A derivative by what layer l takes, added to those by its other readers.
    void spread(std::size_t l, const at::Tensor& change, Tensors& changes) const
    {
        const std::size_t from = layers_[l].layer.from;
        changes[from] = sum(changes[from], change);
    }
    /// u, by what layer l makes, through a layer without weights.
    void spread_back(std::size_t l, const at::Tensor& u, Tensors& changes) const
    {
        const bool adds = layers_[l].layer.kind == LayerKind::add;
        if (adds)
            changes[l] = sum(changes[l], u);
        spread(l, adds ? u : back(layers_[l], u), changes);
    }

    /// Change along v of the outputs, and of the values whose changes the Hessian's way back needs; undefined where
    /// nothing moves, as the examples.
    Tensors push_forward(CurvatureMatrix matrix, const Tensors& v) const
    {
        Tensors tangents(layers_.size() + 1);
        for (std::size_t l = 0; l < layers_.size(); ++l) {
            const Passed& passed = layers_[l];
            const Layer& layer = passed.layer;
            const at::Tensor& in = tangents[layer.from];
            if (has_weights(layer))
                tangents[l + 1] =
                    push_weighted(passed, v[layer.block], has_bias(layer) ? v[layer.block + 1] : at::Tensor{}, in);
            else if (layer.kind == LayerKind::add)
                tangents[l + 1] = sum(tangents[l], in);
            else if (layer.input_moves)
                tangents[l + 1] = push(passed, in);
            for (const std::size_t value : layer.done)
                if (matrix != CurvatureMatrix::hessian || !tangent_needed_[value])
                    tangents[value].reset();
        }
        return tangents;
    }

    /// J' u; with tangents along v also d(J' r)/dtheta v, the slope r held.
    Tensors pull_back(const at::Tensor& from, const Tensors* tangents, const Tensors& v) const
    {
        Tensors parts(blocks_);
        Tensors changes(layers_.size() + 1);
        changes.back() = from;
        for (std::size_t l = layers_.size(); l-- > 0;) {
            const Passed& passed = layers_[l];
            const Layer& layer = passed.layer;
            const at::Tensor u = std::exchange(changes[l + 1], {});
            if (has_weights(layer)) {
                Slopes found = slopes(passed, u, {.in = layer.input_moves});
                if (layer.input_moves && tangents != nullptr) {
                    const Slopes more = changed_slopes(passed, (*tangents)[layer.from], v[layer.block]);
                    found.in.add_(more.in);
                    found.weight.add_(more.weight);
                }
                parts[layer.block] = found.weight;
                if (has_bias(layer))
                    parts[layer.block + 1] = found.bias;
                if (layer.input_moves)
                    spread(l, found.in, changes);
            } else if (has_second_derivatives(layer) && tangents != nullptr) {  // tanh: (1 - out^2)' = -2 out out'
                spread(l, back(passed, u).addcmul_(passed.delta * passed.out, (*tangents)[l + 1], -2), changes);
            } else if (layer.input_moves) {
                spread_back(l, u, changes);
            }
        }
        return parts;
    }

    NetworkLoss loss_;
    double count_;
    std::size_t blocks_;
    std::vector<Passed> layers_;
    std::vector<bool> tangent_needed_;  // of each value
    at::Tensor slope_;                  // r / n
};

}  // namespace

std::unique_ptr<ChunkProducts> layer_products(const Chunk& chunk)
{
    return std::make_unique<LayerProducts>(chunk);
}

}  // namespace basin
