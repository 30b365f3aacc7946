// The layers that models are made of. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <span>

#include "core/network/model.h"

namespace basin {

inline bool has_weights(const Layer& layer)
{
    return layer.kind == LayerKind::affine || layer.kind == LayerKind::convolution;
}

/// A layer with weights takes them from parameters[block] and the next. ReLU and tanh write over `h`.
at::Tensor layer_forward(const Layer& layer, at::Tensor h, std::span<const at::Tensor> parameters, std::size_t block);

}  // namespace basin
