// Tensors that look into flat arrays. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <vector>

#include "core/compute/layout.h"
#include "core/network/recently_used.h"

namespace basin {

/// The blocks of a layout as views on a flat array of the device's memory, one set for each array asked about; the
/// newest few are remembered, so that a step makes no new ones. A view does not own its array. One caller at a time.
class FlatViews {
public:
    /// `leaves`: the views ask for gradients.
    FlatViews(const Layout& layout, bool leaves, at::Device device = at::kCPU)
        : layout_(layout), options_(at::TensorOptions(at::kFloat).device(device).requires_grad(leaves))
    {
    }

    const std::vector<at::Tensor>& of(float* array);

private:
    /// theta, its perturbed copies and gradients of one method; views of more arrays are made again.
    static constexpr std::size_t kRemembered = 8;

    const Layout& layout_;
    at::TensorOptions options_;
    RecentlyUsed<float*, std::vector<at::Tensor>> views_{kRemembered};
};

}  // namespace basin
