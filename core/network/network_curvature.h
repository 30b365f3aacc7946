// Second derivatives of a network. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/network/model.h"
#include "core/network/network_loss.h"
#include "core/objective/curvature.h"

namespace basin {

/// Exact products by automatic differentiation of the gradient's own graph. With outputs z, slope r = dl/dz and
/// gradient g = J' r, all in one graph:
///   H v = d(g.v)/dtheta,  J v = d(g.v)/dr,  J' u = d(z.u)/dtheta,
/// so that one graph serves all three matrices: GGN v = J' (d2l/dz2) J v, Fisher v = (1/n) sum J_i' r_i (r_i . J_i v).
/// B. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Comput. 6 (1994), for the first.
///
/// The sample is cut into chunks. The graphs of as many chunks as fit into kept_bytes are built once and kept; the
/// others are built anew for each product. What a graph takes is measured while it is built. Products over all chunks
/// are equal up to rounding however many are kept. Owns every tensor it writes to. One caller at a time, on any thread.
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
        std::size_t chunk = 256;  // examples
        int threads = 1;
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
    std::size_t kept_bytes() const override { return kept_; }

private:
    using Tensors = std::vector<at::Tensor>;
    /// Examples [first, first + count) at theta.
    struct Graph {
        at::Tensor outputs;  // z
        at::Tensor slope;    // r / n
        Tensors gradient;    // this chunk's share
    };
    struct Chunk {
        std::int64_t first;
        std::int64_t count;
        std::optional<Graph> graph;
    };

    Tensors tensors(std::span<const double> numbers, bool leaves) const;
    void add(const Tensors& parts, std::span<double> sum) const;
    Sample examples(const Chunk& chunk) const;
    at::Tensor outputs(const at::Tensor& inputs, const Tensors& parameters) const;
    Graph build(const Chunk& chunk) const;
    void keep_graphs();
    Tensors product(const Graph& graph, CurvatureMatrix matrix, const Tensors& v) const;

    std::shared_ptr<const Model> model_;
    NetworkLoss loss_;
    Sample sample_;
    double count_;
    std::vector<double> theta_;
    Options options_;
    Tensors parameters_;  // theta as leaves
    Tensors buffers_;
    std::vector<Chunk> chunks_;
    bool tried_to_keep_ = false;
    std::size_t kept_ = 0;
    std::optional<double> loss_at_theta_;
    std::vector<double> gradient_at_theta_;
};

}  // namespace basin
