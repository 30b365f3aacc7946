#include "core/network/layers.h"

namespace basin {

at::Tensor layer_forward(const Layer& layer, at::Tensor h, std::span<const at::Tensor> parameters, std::size_t block)
{
    switch (layer.kind) {
        case LayerKind::affine:
            return at::linear(h, parameters[block], parameters[block + 1]);
        case LayerKind::convolution:
            return at::conv2d(h, parameters[block], parameters[block + 1], 1, layer.extent);
        case LayerKind::relu:
            return h.relu_();
        case LayerKind::tanh:
            return h.tanh_();
        case LayerKind::max_pool:
            return at::max_pool2d(h, layer.extent);
        case LayerKind::flatten:
            return h.flatten(1);
    }
    return h;
}

}  // namespace basin
