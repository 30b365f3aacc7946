// A network on a data set as an objective. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/network/batches.h"
#include "core/network/evaluation_graphs.h"
#include "core/network/flat_views.h"
#include "core/network/model.h"
#include "core/network/network_loss.h"
#include "core/network/tensor_data.h"
#include "core/objective/objective.h"

namespace basin {

/// Mean loss over a mini-batch, or over all training examples, on the backend's device: what evaluate() reads and
/// writes is the backend's memory, everything else goes in and out in the host's. On a GPU evaluate() queues its work
/// on the backend's stream and returns; a batch's is recorded and repeated (see EvaluationGraphs). Equal arguments and
/// an equal number of threads (on a GPU: an equal kind of GPU) give equal bytes. Throws OutOfMemory where that runs
/// out. Runs one chain. Data and model are shared by clones, everything else is a clone's own.
class NetworkObjective : public Objective {
public:
    struct Sizes {
        std::size_t batch = 1;
        std::size_t evaluation = 1;  // examples at once over whole data sets
    };
    NetworkObjective(std::shared_ptr<const Model> model, std::shared_ptr<const TensorData> data, NetworkLoss loss,
                     Sizes sizes, TorchPlace place);

    const Layout& layout() const override { return model_->layout; }
    const Layout& buffer_layout() const override { return model_->buffer_layout; }
    void start(std::span<float> theta, std::span<float> buffers, std::size_t chains, const StartSpec& spec,
               std::uint64_t seed) override;
    void evaluate(const EvaluationArrays& arrays, BatchKey key, Want want) override;
    std::size_t examples(BatchKey key, Want want) const override;
    std::size_t steps_per_epoch() const override { return batches_.order().steps_per_epoch(); }
    std::vector<std::string> metric_keys() const override;
    /// Looks at `stop` between pieces of `Sizes::evaluation` examples.
    std::optional<std::vector<double>> metrics(std::span<const float> theta, std::span<const float> buffers,
                                               const std::stop_token& stop,
                                               const std::function<void(double)>& progress) override;
    std::vector<std::pair<std::string, std::string>> file_hashes() const override { return data_->set.file_hashes; }
    MemoryNeed memory() const override;
    /// A seeded subset of the training examples, labels as given.
    std::unique_ptr<Curvature> curvature(std::span<const float> theta, std::span<const float> buffers,
                                         const CurvatureRequest& request) override;
    std::optional<CurvatureCost> curvature_cost(const CurvatureRequest& request, CurvatureMatrix matrix) const override;
    /// train_loss, train_accuracy (of the labels as given), test_loss, test_accuracy.
    std::vector<std::string> point_value_keys() const override;
    std::unique_ptr<PointValues> point_values(std::span<const float> buffers, const PointRequest& request) override;
    std::unique_ptr<Objective> clone(Backend& backend) const override;

private:
    struct Judgement {
        double loss = 0;
        std::vector<std::int64_t> classes;  // predicted
    };
    at::Tensor here(std::span<const float> numbers) const;
    /// Calls `go_on` with the number of examples before each piece and ends early where that says false.
    Judgement judge(const at::Tensor& inputs, const at::Tensor& labels, const EvaluationArrays& arrays,
                    const std::function<bool(std::size_t)>& go_on);
    at::Tensor logits(const at::Tensor& inputs, const EvaluationArrays& arrays, const BatchKey& key, Want want);
    void evaluate_batch(const Batch& batch, const EvaluationArrays& arrays, const BatchKey& key, Want want);
    void queue_batch(const EvaluationArrays& arrays, const BatchKey& key, Want want);
    void give_loss(const EvaluationArrays& arrays, const at::Tensor& loss) const;
    void evaluate_all(const EvaluationArrays& arrays, const BatchKey& key, Want want);

    std::shared_ptr<const Model> model_;
    std::shared_ptr<const TensorData> data_;
    NetworkLoss loss_;
    Sizes sizes_;
    TorchPlace place_;
    Batches batches_;
    FlatViews parameters_;
    FlatViews gradients_;
    EvaluationGraphs graphs_;
};

}  // namespace basin
