// A data set as tensors. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include "core/network/data/data_set.h"

namespace basin {

/// Views on the arrays of `set`, which it keeps alive, or copies of them on a GPU. Immutable, shared by all clones of
/// an objective and all threads.
struct TensorData {
    explicit TensorData(DataSet data, at::Device device = at::kCPU);
    TensorData(const TensorData&) = delete;
    TensorData& operator=(const TensorData&) = delete;

    const DataSet set;
    at::Tensor train_inputs;  // examples x example_shape
    at::Tensor train_labels;
    at::Tensor test_inputs;
    at::Tensor test_labels;
    std::vector<std::int64_t> batch_shape(std::size_t examples) const;
};

}  // namespace basin
