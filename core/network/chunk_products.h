// Products of one chunk of a curvature's sample. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "core/network/model.h"
#include "core/network/network_loss.h"
#include "core/objective/curvature.h"

namespace basin {

/// Some of the sample's examples at one theta. The tensors are shared, never written.
struct Chunk {
    const Model& model;
    NetworkLoss loss;
    at::Tensor inputs;
    at::Tensor targets;
    const std::vector<at::Tensor>& parameters;  // leaves that ask for gradients
    const std::vector<at::Tensor>& buffers;
    double count;  // examples of the whole sample

    at::Tensor outputs() const
    {
        return model.forward(
            {.examples = inputs, .parameters = parameters, .buffers = buffers, .training = false, .dropout = {}});
    }
};

/// Whatever of the products does not depend on v, computed once.
class ChunkProducts {
public:
    virtual ~ChunkProducts() = default;
    /// The chunk's share of matrix * v, a tensor for each block of the layout (without memory where it is zero).
    virtual std::vector<at::Tensor> product(CurvatureMatrix matrix, const std::vector<at::Tensor>& v) = 0;
};

/// For any model, by double backward. With outputs z, slope r = dl/dz and gradient g = J' r all in one graph,
///   H v = d(g.v)/dtheta,  J v = d(g.v)/dr,  J' u = d(z.u)/dtheta,
/// so that one graph serves all three matrices: GGN v = J' (d2l/dz2) J v, Fisher v = (1/n) sum J_i' r_i (r_i . J_i v).
std::unique_ptr<ChunkProducts> graph_products(const Chunk& chunk);

/// For models of layers, by their tangents: a forward pass of (z, J v) and a backward pass of (r, its change along v),
/// of which activations, pooling indices and r's own backward pass are kept.
/// B. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Comput. 6 (1994).
std::unique_ptr<ChunkProducts> layer_products(const Chunk& chunk);

/// What J' is applied to for Gauss-Newton and Fisher: row i from J_i v, with `slope` = r / n.
at::Tensor pulled_back(CurvatureMatrix matrix, NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& slope,
                       const at::Tensor& tangents, double count);

}  // namespace basin
