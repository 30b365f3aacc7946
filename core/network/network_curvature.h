// Second derivatives of a network. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/network/chunk_products.h"
#include "core/network/model.h"
#include "core/network/network_loss.h"
#include "core/network/torch_place.h"
#include "core/objective/curvature.h"

namespace basin {

/// Exact products by differentiation (chunk_products.h), no differences. The sample is cut into chunks. What of their
/// products does not depend on v is computed once and kept for as many chunks as fit into kept_bytes, and anew in each
/// product for the others; what a chunk takes is measured while it is made. However many are kept, products are equal
/// up to rounding. Owns every tensor it writes to. One caller at a time, on any thread.
class NetworkCurvature : public Curvature {
public:
    /// What the loss is taken over; see network_loss.h for the targets.
    struct Sample {
        at::Tensor inputs;
        at::Tensor targets;
        std::shared_ptr<const void> owner{};  // of memory that the two are views on
    };
    struct Options {
        at::ScalarType scalar = at::kFloat;  // or kDouble: what everything is computed in
        std::size_t kept_bytes = 0;
        std::size_t chunk =
            256;  // examples at once: from 64 to 1,024 a product costs the same, memory comes in smaller pieces
        TorchPlace place{};
        bool by_graph = false;  // double backward for models of layers too
    };
    /// Copies theta and buffers, and the sample where its type is not `scalar`.
    NetworkCurvature(std::shared_ptr<const Model> model, NetworkLoss loss, Sample sample, std::span<const double> theta,
                     std::span<const float> buffers, const Options& options);

    const Layout& layout() const override { return model_->layout; }
    std::span<const double> theta() const override { return theta_; }
    double loss() override;
    std::span<const double> gradient() override;
    void product(CurvatureMatrix matrix, std::span<const double> v, std::span<double> out) override;
    double evaluate(std::span<const double> elsewhere, std::span<double> gradient) override;
    std::size_t kept_bytes() const override { return kept_bytes_; }

private:
    using Tensors = std::vector<at::Tensor>;
    struct Part {
        std::int64_t first;
        std::int64_t count;
        std::unique_ptr<ChunkProducts> kept;
    };

    Tensors tensors(std::span<const double> numbers, bool leaves) const;
    void add(const Tensors& parts, std::span<double> sum) const;
    void add_from_device(const Tensors& parts, std::span<double> sum) const;
    Chunk chunk(const Part& part, const Tensors& parameters) const;
    std::unique_ptr<ChunkProducts> products(const Part& part) const;
    void keep();

    std::shared_ptr<const Model> model_;
    NetworkLoss loss_;
    Sample sample_;
    double count_;
    std::vector<double> theta_;
    Options options_;
    Tensors parameters_;  // theta as leaves
    Tensors buffers_;
    std::vector<Part> parts_;
    bool tried_to_keep_ = false;
    std::size_t kept_bytes_ = 0;
    std::optional<double> loss_at_theta_;
    std::vector<double> gradient_at_theta_;
};

}  // namespace basin
