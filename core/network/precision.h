// The numbers that a network's steps are computed in.
#pragma once

#include <cstdint>

#include "core/catalog/params.h"
#include "core/compute/backend.h"

namespace basin {

/// What a step's matrix products and convolutions are computed in; theta, gradients, losses and the optimizer's state
/// are float32 whatever is chosen, and so is all that is measured with bf16.
///   float32  as everywhere;
///   tf32     factors rounded to 10 bits of mantissa, sums in float32: NVIDIA's tensor cores, measurements included;
///   bf16     factors and activations in bfloat16 (7 bits), by LibTorch's autocast, which keeps softmax and losses in
///            float32.
/// P. Micikevicius et al., "Mixed precision training", ICLR 2018; D. Kalamkar et al., arXiv:1905.12322 (bfloat16).
enum class Precision : std::uint8_t { float32, tf32, bf16 };

ParamSpec precision_param();
/// What the parameter `precision` says. Throws std::invalid_argument where the device cannot compute so.
Precision network_precision(const Params& params, Device device);

}  // namespace basin
