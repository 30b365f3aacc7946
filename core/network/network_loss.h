// What a network's outputs are judged by. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "core/catalog/params.h"

namespace basin {

/// The loss of example i with outputs f_i and class y_i; a network's loss is its mean over examples:
///   cross_entropy  -log softmax(f_i)[y_i];
///   squared_error  |f_i - onehot(y_i)|^2 / 2.
enum class NetworkLoss : std::uint8_t { cross_entropy, squared_error };

/// What the parameter `loss` says.
NetworkLoss network_loss(const Params& params);

/// `outputs` is examples x classes. `targets` are the classes (examples, integers); for squared_error they may also be
/// the wanted outputs themselves (examples x outputs, of the outputs' type). Everything is differentiable.
at::Tensor mean_loss(NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& targets);
at::Tensor summed_loss(NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& targets);
/// Row i is dl_i/df_i.
at::Tensor loss_slope(NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& targets);
/// Row i is (d2l_i/df_i2) t_i.
at::Tensor loss_curvature(NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& tangents);

}  // namespace basin
