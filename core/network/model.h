// A network as a factory of layout, buffers and forward pass. The layout needs no LibTorch; the forward pass does.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/catalog/params.h"
#include "core/compute/layout.h"
#include "core/compute/rng.h"

namespace at {
class Tensor;
}

namespace basin {

/// What a model is made for.
struct ModelTask {
    std::vector<std::int64_t> example_shape;  // {channels, rows, columns}, or {coordinates}
    int classes = 0;

    std::int64_t numbers() const;
    /// Throws std::invalid_argument unless the examples are images of at least `smallest` rows and columns.
    void require_images(const std::string& network, const std::string& dataset, std::int64_t smallest) const;
};

/// A block starts uniform in centre +- spread, drawn from Stream::initialisation at its place in theta.
struct BlockStart {
    float centre = 0;
    float spread = 0;
};

/// What a forward pass reads. `parameters` and `buffers` are views on flat arrays, in the layout's order.
struct ForwardInput {
    const at::Tensor& examples;
    std::span<const at::Tensor> parameters;
    std::span<const at::Tensor> buffers;
    bool training = false;  // statistics of the batch, dropout
    RngKey dropout;
};

/// affine: W h + b; convolution: stride 1, padded by `extent`; max_pool: windows of `extent` side by side. ReLU and
/// tanh write over their input, so a model does not begin with them.
enum class LayerKind : std::uint8_t { affine, convolution, relu, tanh, max_pool, flatten };
struct Layer {
    LayerKind kind = LayerKind::affine;
    std::int64_t extent = 0;
};

/// Immutable; any thread may call `forward` on tensors of its own.
struct Model {
    Layout layout;
    Layout buffer_layout;
    std::vector<BlockStart> starts;         // one a block of layout
    std::vector<BlockStart> buffer_starts;  // spread is 0
    /// Logits, examples x classes. Empty in a build without LibTorch.
    std::function<at::Tensor(const ForwardInput&)> forward;
    /// What `forward` does, where that is one layer after the other: affine layers and convolutions take weight and
    /// bias from the next two blocks. Empty for models of another kind; products of second derivatives cost more with
    /// these.
    std::vector<Layer> layers;
    /// Where there are no `layers`: numbers that a graph for double backward keeps of one example; 0: not known.
    std::int64_t kept_by_graph = 0;
    /// Whether training forward passes depend on ForwardInput::dropout: then no two steps do the same.
    bool draws_dropout = false;

    /// PyTorch's default start: weight (`shape`, first extent the outputs) and bias uniform in +- 1/sqrt(fan_in).
    void append_affine(const std::string& name, std::vector<std::int64_t> shape);
    /// A weight alone, with the same start.
    void append_weight(std::string name, std::vector<std::int64_t> shape);
    /// Batch normalisation of so many channels: `name`.weight (1) and .bias (0), and in the buffers .mean (0) and
    /// .variance (1).
    void append_norm(const std::string& name, std::int64_t channels);
    /// Sets `layers`, and `forward` to pass through them.
    void pass_through(std::vector<Layer> all);
};

}  // namespace basin
