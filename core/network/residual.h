// Residual networks, put together of equal blocks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/network/model.h"

namespace basin {

/// How a block's input gets past a block with other extents: by dropping every other row and column and adding planes
/// of zeros behind ("option A", no parameters), or through a 1 x 1 convolution and batch normalisation.
enum class Shortcut : std::uint8_t { zero_padded, projected };

/// Stage s has `blocks[s]` blocks of `widths[s]` channels; the first block of all stages but the first halves rows and
/// columns (rounded up).
struct ResidualPlan {
    std::vector<std::int64_t> widths;
    std::vector<std::int64_t> blocks;
    Shortcut shortcut = Shortcut::zero_padded;
};

/// 3 x 3 convolution to the first width and normalisation, the stages, mean over the pixels, affine layer. A block is
///   h -> relu(norm(conv(relu(norm(conv h)))) + shortcut(h)), convolutions 3 x 3 without bias.
/// Layout and buffers are in the order in which the forward pass comes by, which is that of PyTorch's modules.
Model residual_model(const ResidualPlan& plan, const ModelTask& task);

}  // namespace basin
