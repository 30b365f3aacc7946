// Mini-batches as tensors. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "core/network/data/batch_order.h"
#include "core/network/recently_used.h"
#include "core/network/tensor_data.h"
#include "core/network/torch_place.h"

namespace basin {

struct Batch {
    at::Tensor inputs;
    at::Tensor labels;
};

/// The examples that a step looks at, gathered into the same memory by every step and augmented on the way where the
/// data set says so. On a GPU the order of a whole epoch and its images' windows are sent once, so that a step sends
/// nothing. One caller at a time, inside a TorchScope.
class Batches {
public:
    Batches(std::shared_ptr<const TensorData> data, std::size_t size, TorchPlace place);

    const BatchOrder& order() const { return order_; }
    /// Valid until the next call.
    Batch gather(const BatchKey& key);
    /// What gather() does on a GPU, in two parts of which only the second may be recorded in a graph: choose() says
    /// which examples, chosen() takes as many of them. The same examples on the CPU.
    std::int64_t choose(const BatchKey& key);
    Batch chosen(std::int64_t count);

private:
    /// For each place of the epoch (columns) its example and, of an augmented one, the window's row, column and step.
    const at::Tensor& plan_on_device(const BatchKey& key);
    /// crop_flip with what chosen() may use: each number is looked up, so the bytes are the CPU's.
    void look_up(const at::Tensor& plan, at::Tensor& to) const;
    Batch first(std::int64_t count) const;

    std::shared_ptr<const TensorData> data_;
    TorchPlace place_;
    std::size_t size_;
    BatchOrder order_;
    at::Tensor inputs_;  // reused by every step
    at::Tensor labels_;
    at::Tensor chosen_;    // the plan of the chosen examples
    at::Tensor channels_;  // 0, 1, ... of an augmented example, along its own dimension; so are the next two
    at::Tensor rows_;
    at::Tensor columns_;
    RecentlyUsed<RngKey, at::Tensor> epochs_{BatchOrder::kRemembered};
};

}  // namespace basin
