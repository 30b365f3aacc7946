// Loss, gradient and second derivatives near one theta, on a fixed sample of the data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/compute/layout.h"

namespace basin {

/// Symmetric matrices of dim x dim that say how curved a loss is at theta (mean loss L over n examples, outputs f_i,
/// J_i = df_i/dtheta, g_i the gradient of one example's loss):
///   hessian           d2L/dtheta2;
///   gauss_newton      (1/n) sum J_i' (d2l/df2) J_i, the Hessian without the curvature of the network itself;
///   empirical_fisher  (1/n) sum g_i g_i'.
/// N. Schraudolph, "Fast curvature matrix-vector products for second-order gradient descent", Neural Comput. 14 (2002).
enum class CurvatureMatrix : std::uint8_t { hessian, gauss_newton, empirical_fisher };

/// What a curvature is taken of.
struct CurvatureRequest {
    std::size_t sample = 1024;  // training examples; 0: all of them
    std::uint64_t seed = 1;     // draws the sample, Stream::probe
    /// Bytes that may be kept to make products cheaper; what does not fit is computed anew for each product.
    std::size_t kept_bytes = std::size_t{1} << 30;
};

/// What products and evaluations of such a curvature take, known before it is made.
struct CurvatureCost {
    double examples = 0;         // of the sample
    double product = 0;          // one product, in gradients of the sample
    double loss = 0;             // one loss without its gradient, in gradients of the sample
    std::size_t kept_bytes = 0;  // of what is kept between products
};

/// A loss seen from one theta. Every answer is a function of theta, the sample and the arguments; nothing of the run is
/// touched. One caller at a time. Numbers go in and out in double, whatever the network computes in.
class Curvature {
public:
    virtual ~Curvature() = default;
    virtual const Layout& layout() const = 0;
    std::size_t dim() const { return layout().size(); }
    /// Where everything below is taken (dim).
    virtual std::span<const double> theta() const = 0;
    /// Mean loss at theta over the sample; not finite where the network is not.
    virtual double loss() = 0;
    virtual std::span<const double> gradient() = 0;
    /// out = matrix * v, exact up to rounding (no finite differences); v and out have dim numbers and may not overlap.
    virtual void product(CurvatureMatrix matrix, std::span<const double> v, std::span<double> out) = 0;
    /// Loss and gradient (dim numbers; empty: not wanted) of the same sample somewhere else.
    virtual double evaluate(std::span<const double> elsewhere, std::span<double> gradient) = 0;
    /// Bytes that are kept between products (graphs, activations), as far as they are known.
    virtual std::size_t kept_bytes() const = 0;
};

}  // namespace basin
