#include "core/network/layer_tangents.h"

#include <array>
#include <tuple>

#include "core/network/layers.h"

namespace basin {
namespace {

using Pair = std::array<std::int64_t, 2>;

/// A number for each channel, to go with images.
at::Tensor on_images(const at::Tensor& channels)
{
    return channels.view({1, -1, 1, 1});
}

at::Tensor push_norm(const Passed& passed, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& in)
{
    const at::Tensor scale = (passed.variance + kNormEpsilon).rsqrt_();
    const at::Tensor slope = weight * scale;
    const at::Tensor t = at::addcmul(on_images(bias - passed.mean * slope), passed.in, on_images(slope));
    return in.defined() ? t.addcmul_(in, on_images(passed.weight * scale)) : t;
}

/// B(in, weight) + bias.
at::Tensor map(const Layer& layer, const at::Tensor& in, const at::Tensor& weight, const at::Tensor& bias)
{
    if (layer.kind == LayerKind::affine)
        return at::linear(in, weight, bias);
    return at::conv2d(in, weight, bias, layer.stride, layer.extent);
}

/// A norm subtracts `mean`, and has the bias's for nothing.
Slopes map_slopes(const Passed& passed, const at::Tensor& u, const at::Tensor& in, const at::Tensor& weight,
                  const at::Tensor& mean, Asked asked)
{
    Slopes found;
    const Layer& layer = passed.layer;
    if (layer.kind == LayerKind::affine) {
        found.in = asked.in ? u.mm(weight) : at::Tensor{};
        found.weight = asked.weight ? u.t().mm(in) : at::Tensor{};
    } else if (layer.kind == LayerKind::norm) {
        std::tie(found.in, found.weight, found.bias) = at::native_batch_norm_backward(
            u, in, weight, mean, passed.variance, {}, {}, false, kNormEpsilon, {asked.in, asked.weight, asked.weight});
    } else {
        std::tie(found.in, found.weight, std::ignore) = at::convolution_backward(
            u, in, weight, {}, Pair{layer.stride, layer.stride}, Pair{layer.extent, layer.extent}, {1, 1}, false,
            {0, 0}, 1, {asked.in, asked.weight, false});
    }
    return found;
}

}  // namespace

at::Tensor push_weighted(const Passed& passed, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& in)
{
    if (passed.layer.kind == LayerKind::norm)
        return push_norm(passed, weight, bias, in);
    const at::Tensor t = map(passed.layer, passed.in, weight, bias);
    return in.defined() ? t.add_(map(passed.layer, in, passed.weight, {})) : t;
}

at::Tensor push(const Passed& passed, const at::Tensor& in)
{
    switch (passed.layer.kind) {
        case LayerKind::relu:
        case LayerKind::tanh:
            return back(passed, in);  // a diagonal Jacobian
        case LayerKind::max_pool:
            return in.flatten(2).gather(2, passed.indices.flatten(2)).view_as(passed.out);
        default:  // linear
            return layer_forward(passed.layer, in, {},
                                 {.examples = in, .parameters = {}, .buffers = {}, .dropout = {}});
    }
}

Slopes slopes(const Passed& passed, const at::Tensor& u, Asked asked)
{
    Slopes found = map_slopes(passed, u, passed.in, passed.weight, passed.mean, asked);
    if (asked.weight && has_bias(passed.layer) && !found.bias.defined())
        found.bias = u.dim() == 2 ? u.sum(0) : u.sum({0, 2, 3});
    return found;
}

Slopes changed_slopes(const Passed& passed, const at::Tensor& in, const at::Tensor& weight)
{
    return map_slopes(passed, passed.delta, in, weight, passed.centred, {});
}

at::Tensor back(const Passed& passed, const at::Tensor& u)
{
    const Layer& layer = passed.layer;
    switch (layer.kind) {
        case LayerKind::relu:
            return at::threshold_backward(u, passed.out, 0);
        case LayerKind::tanh:
            return at::tanh_backward(u, passed.out);
        case LayerKind::max_pool: {
            const Pair window{layer.extent, layer.extent};
            return at::max_pool2d_with_indices_backward(u, passed.in, window, window, 0, 1, false, passed.indices);
        }
        case LayerKind::mean:
            return (u / (passed.in.size(2) * passed.in.size(3))).view({u.size(0), -1, 1, 1}).expand_as(passed.in);
        case LayerKind::subsample: {
            at::Tensor spread = at::zeros_like(passed.in);
            spread.slice(2, 0, c10::nullopt, layer.stride)
                .slice(3, 0, c10::nullopt, layer.stride)
                .copy_(u.narrow(1, 0, passed.in.size(1)));
            return spread;
        }
        default:
            return u.view_as(passed.in);  // flatten
    }
}

}  // namespace basin
