// The layers that models are made of. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <span>

#include "core/network/model.h"

namespace basin {

/// What `layer` makes of h; of h and `added` where it adds, which no other looks at. ReLU, tanh and add write over `h`.
/// Training normalises by the batch and moves the running mean and (unbiased) variance by kNormMomentum towards the
/// batch's, in the buffers it is given; otherwise the buffers are what is normalised by. Throws std::invalid_argument
/// where a channel of a batch has one number, and so no variance.
at::Tensor layer_forward(const Layer& layer, at::Tensor h, const at::Tensor& added, const ForwardInput& in);

/// On a CPU, what follows normalised convolutions is a fifth quicker when a pixel's channels lie side by side (of
/// PyTorch's ResNet-20; a LeNet is no quicker, a GPU slower): the examples in that order, where it is so.
at::Tensor laid_out(std::span<const Layer> layers, const at::Tensor& examples);

/// Through all of them, as Model::pass_through left them. A value is let go once nothing takes it any more.
at::Tensor layers_forward(std::span<const Layer> layers, const ForwardInput& in);

}  // namespace basin
