// What one evaluation of a network holds in memory. Includes LibTorch: for this folder's few files only.
#pragma once

#include <cstdint>
#include <vector>

#include "core/network/model.h"
#include "core/network/network_loss.h"

namespace basin {

/// Bytes that tensors take at most at one time in a forward pass of so many examples, with a gradient also in the
/// backward pass (activations, gradients; not theta, not the examples). Found with a few examples on the CPU: every
/// tensor's size is a constant plus a multiple of the number of examples, so the list of what was made and let go with
/// 4 and with 8 gives the list for any number. What libraries take for themselves (oneDNN, cuDNN, cuBLAS) is not in it.
std::uint64_t evaluation_bytes(const Model& model, NetworkLoss loss, const std::vector<std::int64_t>& example_shape,
                               std::int64_t examples, bool gradient);

}  // namespace basin
