// The largest and the smallest eigenvalues of a symmetric matrix, each with a residual that was measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "core/spectrum/symmetric_operator.h"

namespace basin {

struct ExtremeRequest {
    std::size_t top = 5;      // largest ones; capped at dim
    std::size_t bottom = 0;   // smallest ones; capped at what `top` leaves
    double tolerance = 1e-3;  // wanted relative residual
    std::size_t maximum_products = 400;
    std::size_t bytes = std::size_t{1} << 30;  // for the basis; a basis that fills them is restarted
    std::uint64_t seed = 1;
    bool vectors = false;  // keep the eigenvectors
};

/// theta = x'Ax with |x| = 1 and r = |A x - theta x|, both from a product with x itself. Some eigenvalue lies within r
/// of theta.
struct EigenPair {
    double value = 0;
    double residual = 0;         // r
    std::vector<double> vector;  // x; empty unless asked for
};

struct ExtremeEigenvalues {
    std::vector<EigenPair> top;     // descending
    std::vector<EigenPair> bottom;  // ascending
    /// The largest modulus of a Ritz value: |A| from below. Relative residuals are r / scale (0 for the zero matrix).
    double scale = 0;
    double worst = 0;  // relative residual of the worst pair
    std::uint64_t products = 0;
    bool converged = false;  // worst <= tolerance
    bool stopped = false;    // by the token; there are then no pairs
};

/// Bytes of a basis in which these pairs can be sought, at the least and at most.
std::size_t extreme_bytes_least(std::size_t n, const ExtremeRequest& request);
std::size_t extreme_bytes(std::size_t n, const ExtremeRequest& request);

/// Lanczos from a normal start. The space grows until the free residuals b_m |y_m| of all wanted pairs are below the
/// tolerance; then one product a pair gives the true residuals, which alone are returned. Where a true one is still too
/// large the space grows on until the free ones have halved. An invariant space is left by a fresh vector, thus copies
/// of a multiple eigenvalue come when the space has been used up; before that a multiple eigenvalue is one pair. That
/// no larger eigenvalue hides is as certain as a random start can make it, not proven.
/// Equal arguments give equal bytes. Throws std::invalid_argument when `bytes` or `maximum_products` are too few for
/// these pairs (with the figure), std::runtime_error where products are not finite or not symmetric.
ExtremeEigenvalues extreme_eigenvalues(SymmetricOperator& matrix, const ExtremeRequest& request,
                                       std::stop_token stop = {}, const Progress& progress = {});

}  // namespace basin
