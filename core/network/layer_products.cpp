// Tangents of layers: each rule is the derivative of layers.cpp's forward, with what it needs kept.
#include <array>
#include <tuple>
#include <utility>

#include "core/network/chunk_products.h"
#include "core/network/layers.h"

namespace basin {
namespace {

using Tensors = std::vector<at::Tensor>;

/// What the forward pass and the backward pass of the slope leave at one layer.
struct Passed {
    Layer layer;
    std::size_t block;  // of its weight; the bias is the next
    at::Tensor in;
    at::Tensor out;
    at::Tensor indices;  // of a pool's maxima
    at::Tensor delta;    // d(z.r)/d out

    bool has_weights() const { return basin::has_weights(layer); }
    std::array<std::int64_t, 2> padding() const { return {layer.extent, layer.extent}; }
    std::array<std::int64_t, 2> window() const { return {layer.extent, layer.extent}; }
};

/// The linear map of a layer with weights.
at::Tensor apply(const Passed& at_layer, const at::Tensor& in, const at::Tensor& weight, const at::Tensor& bias = {})
{
    if (at_layer.layer.kind == LayerKind::affine)
        return at::linear(in, weight, bias);
    return at::conv2d(in, weight, bias, 1, at_layer.padding());
}

/// Derivatives of sum u * apply(in, weight): by weight, and by in.
at::Tensor by_weight(const Passed& at_layer, const at::Tensor& u, const at::Tensor& in, const at::Tensor& weight)
{
    if (at_layer.layer.kind == LayerKind::affine)
        return u.t().mm(in);
    return std::get<1>(at::convolution_backward(u, in, weight, {}, {1, 1}, at_layer.padding(), {1, 1}, false, {0, 0}, 1,
                                                {false, true, false}));
}
at::Tensor by_input(const Passed& at_layer, const at::Tensor& u, const at::Tensor& weight)
{
    if (at_layer.layer.kind == LayerKind::affine)
        return u.mm(weight);
    return std::get<0>(at::convolution_backward(u, at_layer.in, weight, {}, {1, 1}, at_layer.padding(), {1, 1}, false,
                                                {0, 0}, 1, {true, false, false}));
}

/// Back through a layer without weights.
at::Tensor back(const Passed& at_layer, const at::Tensor& u)
{
    switch (at_layer.layer.kind) {
        case LayerKind::relu:
            return at::threshold_backward(u, at_layer.out, 0);
        case LayerKind::tanh:
            return at::tanh_backward(u, at_layer.out);
        case LayerKind::max_pool:
            return at::max_pool2d_with_indices_backward(u, at_layer.in, at_layer.window(), at_layer.window(), 0, 1,
                                                        false, at_layer.indices);
        default:
            return u.view_as(at_layer.in);  // flatten
    }
}

/// Tangents through a layer without weights.
at::Tensor push(const Passed& at_layer, const at::Tensor& t)
{
    if (at_layer.layer.kind == LayerKind::max_pool)
        return t.flatten(2).gather(2, at_layer.indices.flatten(2)).view_as(at_layer.out);
    if (at_layer.layer.kind == LayerKind::flatten)
        return t.flatten(1);
    return back(at_layer, t);  // a diagonal Jacobian
}

class LayerProducts : public ChunkProducts {
public:
    explicit LayerProducts(const Chunk& chunk) : loss_(chunk.loss), count_(chunk.count)
    {
        const at::NoGradGuard guard;
        for (const at::Tensor& parameter : chunk.parameters)
            parameters_.push_back(parameter.detach());
        at::Tensor h = chunk.inputs;
        std::size_t block = 0;
        for (const Layer& layer : chunk.model.layers) {
            Passed passed{layer, block, h, {}, {}, {}};
            block += passed.has_weights() ? 2 : 0;
            if (layer.kind == LayerKind::max_pool)
                std::tie(h, passed.indices) = at::max_pool2d_with_indices(h, passed.window());
            else
                h = layer_forward(layer, h, parameters_, passed.block);
            passed.out = h;
            layers_.push_back(passed);
        }
        slope_ = loss_slope(loss_, h, chunk.targets) / count_;
        at::Tensor u = slope_;
        for (auto passed = layers_.rbegin(); passed != layers_.rend(); ++passed) {
            passed->delta = u;
            if (passed->has_weights() && passed->block == 0)
                break;
            u = passed->has_weights() ? by_input(*passed, u, parameters_[passed->block]) : back(*passed, u);
        }
    }

    Tensors product(CurvatureMatrix matrix, const Tensors& v) override
    {
        const at::NoGradGuard guard;
        const Tensors tangents = push_forward(v);
        const at::Tensor& outputs = layers_.back().out;
        if (matrix == CurvatureMatrix::hessian)
            return pull_back(loss_curvature(loss_, outputs, tangents.back()) / count_, &tangents, v);
        return pull_back(pulled_back(matrix, loss_, outputs, slope_, tangents.back(), count_), nullptr, v);
    }

private:
    /// Change along v of each layer's input, and of the outputs at the end; the examples do not change.
    Tensors push_forward(const Tensors& v) const
    {
        Tensors tangents;
        at::Tensor t;
        for (const Passed& passed : layers_) {
            tangents.push_back(t);
            if (passed.has_weights()) {
                const at::Tensor before = t;
                t = apply(passed, passed.in, v[passed.block], v[passed.block + 1]);
                if (before.defined())
                    t.add_(apply(passed, before, parameters_[passed.block]));
            } else if (t.defined()) {
                t = push(passed, t);
            }
        }
        tangents.push_back(t);
        return tangents;
    }

    /// J' u; with tangents along v also d(J' r)/dtheta v, the slope r held.
    Tensors pull_back(at::Tensor u, const Tensors* tangents, const Tensors& v) const
    {
        Tensors parts(parameters_.size());
        for (std::size_t l = layers_.size(); l-- > 0;) {
            const Passed& passed = layers_[l];
            const at::Tensor before = tangents != nullptr ? (*tangents)[l] : at::Tensor{};
            if (!passed.has_weights()) {
                at::Tensor next = back(passed, u);
                if (passed.layer.kind == LayerKind::tanh && before.defined())  // (1 - out^2)' = -2 out out'
                    next.addcmul_(passed.delta * passed.out, (*tangents)[l + 1], -2);
                u = next;
                continue;
            }
            const at::Tensor& weight = parameters_[passed.block];
            parts[passed.block] = by_weight(passed, u, passed.in, weight);
            parts[passed.block + 1] = u.dim() == 2 ? u.sum(0) : u.sum({0, 2, 3});
            if (before.defined())
                parts[passed.block] += by_weight(passed, passed.delta, before, weight);
            if (passed.block == 0)
                break;  // nobody asks for the change of the examples
            u = by_input(passed, u, weight);
            if (tangents != nullptr)
                u.add_(by_input(passed, passed.delta, v[passed.block]));
        }
        return parts;
    }

    NetworkLoss loss_;
    double count_;
    Tensors parameters_;
    std::vector<Passed> layers_;
    at::Tensor slope_;  // r / n
};

}  // namespace

std::unique_ptr<ChunkProducts> layer_products(const Chunk& chunk)
{
    return std::make_unique<LayerProducts>(chunk);
}

}  // namespace basin
