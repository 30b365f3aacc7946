// Losses and accuracies of a network at points of theta. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/network/model.h"
#include "core/network/network_loss.h"
#include "core/network/tensor_data.h"
#include "core/network/torch_place.h"
#include "core/objective/point_values.h"

namespace basin {

/// Forward passes without gradients over samples that are gathered once, so that a point costs its forward passes and
/// the copying of theta. Of a split of the data that no value asks for nothing is computed. Computes in float.
class NetworkPointValues : public PointValues {
public:
    /// Throws std::invalid_argument naming train_sample or test_sample when it is larger than the data.
    NetworkPointValues(std::shared_ptr<const Model> model, std::shared_ptr<const TensorData> data, NetworkLoss loss,
                       std::span<const float> buffers, const PointRequest& request, TorchPlace place);

    void at(std::span<const double> theta, std::span<double> values) override;

private:
    struct Sample {
        std::vector<at::Tensor> inputs;  // batches
        std::vector<at::Tensor> labels;
        double count = 0;
        bool loss = false;
        bool accuracy = false;
    };
    struct Answer {
        double loss = 0;
        double accuracy = 0;
    };
    Answer judge(const Sample& sample) const;

    std::shared_ptr<const Model> model_;
    std::shared_ptr<const TensorData> data_;  // samples may be views on it
    NetworkLoss loss_;
    TorchPlace place_;
    std::vector<float> theta_;
    at::Tensor here_;                     // the same numbers on the place; a view on theta_ on the CPU
    std::vector<at::Tensor> parameters_;  // views on here_
    std::vector<at::Tensor> buffers_;
    std::array<Sample, 2> samples_;  // training, test
    struct Wanted {
        std::size_t sample;
        bool accuracy;
    };
    std::vector<Wanted> wanted_;
};

}  // namespace basin
