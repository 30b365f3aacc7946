// The forward pass of residual networks. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include "core/network/model.h"
#include "core/network/residual.h"

namespace basin {

/// Logits, examples x classes, of the model that residual_model(plan, ...) makes. Any thread.
at::Tensor residual_forward(const ResidualPlan& plan, const ForwardInput& in);

}  // namespace basin
