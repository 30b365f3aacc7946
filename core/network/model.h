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

/// affine: W h + b; convolution: by windows, `extent` zeros around; norm: batch normalisation of each channel; mean: of
/// each channel's rows and columns; max_pool: windows of `extent` side by side; subsample: every `stride`-th row and
/// column, `extent` planes of zeros behind; add: the value before and that of `from`.
enum class LayerKind : std::uint8_t { affine, convolution, norm, relu, tanh, max_pool, mean, flatten, subsample, add };

/// Values are counted: 0 is the examples, l + 1 what layer l makes.
struct Layer {
    static constexpr std::size_t kBefore = static_cast<std::size_t>(-1);

    LayerKind kind = LayerKind::affine;
    std::int64_t extent = 0;
    std::int64_t stride = 1;     // of a convolution or subsample
    bool bias = true;            // of a convolution
    std::size_t from = kBefore;  // the value it takes; of add, the second

    // Set by Model::pass_through.
    std::size_t block = 0;            // the first of its parameters
    std::size_t buffer = 0;           // and of its buffers
    bool input_moves = false;         // what it takes depends on parameters
    std::vector<std::size_t> done{};  // values that no later layer takes
};

/// Immutable; any thread may call `forward` on tensors of its own.
struct Model {
    Layout layout;
    Layout buffer_layout;
    std::vector<BlockStart> starts;         // one a block of layout
    std::vector<BlockStart> buffer_starts;  // spread is 0
    /// Logits, examples x classes. Empty in a build without LibTorch.
    std::function<at::Tensor(const ForwardInput&)> forward;
    /// What `forward` does, where that is known: affine layers, convolutions and norms take their parameters (weight,
    /// bias) and buffers (mean, variance) in the layouts' order. Empty for models with a forward pass of their own;
    /// products of second derivatives cost more with these.
    std::vector<Layer> layers;
    /// Whether training forward passes depend on ForwardInput::dropout: then no two steps do the same.
    bool draws_dropout = false;

    /// PyTorch's default start: weight (`shape`, first extent the outputs) and bias uniform in +- 1/sqrt(fan_in).
    void append_affine(const std::string& name, std::vector<std::int64_t> shape);
    /// A weight alone, with the same start.
    void append_weight(std::string name, std::vector<std::int64_t> shape);
    /// Batch normalisation of so many channels: `name`.weight (1) and .bias (0), and in the buffers .mean (0) and
    /// .variance (1).
    void append_norm(const std::string& name, std::int64_t channels);
    /// Sets `layers`, and `forward` to pass through them. ReLU, tanh and add write over the value before them, so the
    /// examples, or a value that another layer takes, must not stand there.
    void pass_through(std::vector<Layer> all);
};

/// Blocks of parameters that a layer takes: none, a weight, or a weight and a bias.
std::size_t parameter_blocks(const Layer& layer);
inline bool has_weights(const Layer& layer)
{
    return parameter_blocks(layer) > 0;
}
inline bool has_bias(const Layer& layer)
{
    return parameter_blocks(layer) > 1;
}
/// Whether its output has second derivatives by what moves: by input and weight, or by the input alone.
inline bool has_second_derivatives(const Layer& layer)
{
    return layer.input_moves && (has_weights(layer) || layer.kind == LayerKind::tanh);
}

/// Whether any layer is a norm.
bool normalised(std::span<const Layer> layers);

/// Of batch normalisation, PyTorch's.
inline constexpr double kNormMomentum = 0.1;
inline constexpr double kNormEpsilon = 1e-5;

}  // namespace basin
