// Derivatives of layers.cpp's layers, one layer at a time. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include "core/network/model.h"

namespace basin {

/// What the forward pass at theta and the backward pass of the loss's slope r leave at one layer.
struct Passed {
    Layer layer;
    at::Tensor weight;
    at::Tensor mean;      // of a norm,
    at::Tensor variance;  // and
    at::Tensor centred;   // the mean of tangents, which is zero
    at::Tensor in;
    at::Tensor out;
    at::Tensor indices;  // of a pool's maxima
    at::Tensor delta;    // d(z.r)/d out, where has_second_derivatives(layer)
};

/// The tangent of a layer's output, of layers with weights: along tangents of weight, bias and input (undefined: none).
at::Tensor push_weighted(const Passed& passed, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& in);
/// Of the others but add.
at::Tensor push(const Passed& passed, const at::Tensor& in);

/// Derivatives of u.(B(in, weight) + bias), which is u.out of a layer with weights; B is linear in either. Undefined
/// where nobody asked.
struct Slopes {
    at::Tensor in;
    at::Tensor weight;
    at::Tensor bias;
};
struct Asked {
    bool in = true;
    bool weight = true;
};
/// At theta; of the bias where the weight is asked for.
Slopes slopes(const Passed& passed, const at::Tensor& u, Asked asked);
/// With `u` the delta that is kept: what slopes() changes by along tangents of input and weight.
Slopes changed_slopes(const Passed& passed, const at::Tensor& in, const at::Tensor& weight);

/// Back through a layer without weights, but add.
at::Tensor back(const Passed& passed, const at::Tensor& u);

}  // namespace basin
