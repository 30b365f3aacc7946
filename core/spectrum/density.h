// The density of a matrix' eigenvalues by stochastic Lanczos quadrature, with its error band.
//
// For a probe z with |z| = 1, m steps of Lanczos give nodes theta_k and weights tau_k (squared first components of T's
// eigenvectors) with sum_k tau_k f(theta_k) = z'f(A)z, exact for polynomials up to degree 2m - 1. Over R probes
//   phi(t) = mean_r sum_k tau_k N(t; theta_k, s^2),   tr f(A) ~ n mean_r sum_k tau_k f(theta_k),
// each with the deviation over the probes / sqrt(R) as its standard error.
// S. Ubaru, J. Chen, Y. Saad, SIAM J. Matrix Anal. 38 (2017); B. Ghorbani, S. Krishnan, Y. Xiao, ICML 2019.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "core/spectrum/symmetric_operator.h"

namespace basin {

/// Nodes ascending; weights sum to 1.
struct Quadrature {
    std::vector<double> nodes;
    std::vector<double> weights;
    /// sum_k tau_k f(theta_k).
    double mean(const std::function<double(double)>& f) const;
};

/// Gauss quadrature for z'f(A)z / |z|^2, z = start, of at most `steps` nodes; fewer where the space is invariant, and
/// then exact for every f. Empty when it was stopped.
Quadrature lanczos_quadrature(SymmetricOperator& matrix, std::span<const double> start, std::size_t steps,
                              const std::stop_token& stop = {}, const Progress& progress = {});

struct DensityRequest {
    std::size_t probes = 8;
    std::size_t steps = 80;
    /// Deviation s of the Gaussian that each node is drawn with; 0: half the distance of m Chebyshev nodes in the
    /// middle of their range, pi/4 range / m. A narrower kernel shows the nodes themselves, which are not eigenvalues.
    double deviation = 0;
    std::uint64_t seed = 1;
};

struct NumberWithError {
    double value = 0;
    double error = 0;  // one standard error; NaN from a single probe
};

struct SpectralDensity {
    double deviation = 0;                    // of the kernel, as used
    std::vector<double> at;                  // evenly spaced, nodes' range and 5 deviations more at both sides
    std::vector<double> density;             // sums to 1 times the spacing: what the band leaves out is below 1e-6
    std::vector<double> error;               // pointwise, one standard error; NaN from a single probe
    std::array<NumberWithError, 4> moments;  // tr A^p / n, p = 1 .. 4
    NumberWithError trace;                   // n times the first
    std::vector<Quadrature> quadratures;     // one a probe
    std::uint64_t products = 0;
    bool stopped = false;  // by the token; there is then no density
};

/// Rademacher probes; exactly probes * min(steps, dim) products, fewer only where a space is invariant before.
/// Equal arguments give equal bytes. Throws std::invalid_argument without probes or steps.
SpectralDensity spectral_density(SymmetricOperator& matrix, const DensityRequest& request, std::stop_token stop = {},
                                 const Progress& progress = {});
std::size_t spectral_density_bytes(std::size_t n, std::size_t steps);

/// phi and its error over the quadratures on a grid of its own; used above, and for spectra that are known.
void smooth(SpectralDensity& density, std::size_t steps, double wanted_deviation);

/// tr f(A) with its standard error.
NumberWithError trace_of(const SpectralDensity& density, std::size_t dim, const std::function<double(double)>& f);

}  // namespace basin
