// Random directions whose filters are as long as theta's own.
//
//   d_F <- d_F |w_F| / (|d_F| + 1e-10) for every filter F: an output row of a matrix, an output channel of a kernel;
//   blocks of one extent (biases, normalisation) get 0.
// Networks that compute the same function with rescaled filters then give the same picture.
// H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein, "Visualizing the loss landscape of neural nets", NeurIPS 2018. As
// in their program with ignore = "biasbn", the two directions are not made orthogonal: in P dimensions the cosine of
// their angle is some P^-1/2; it is reported.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/compute/layout.h"
#include "core/slice/plane.h"

namespace basin {

/// `raw` rescaled; both have the layout's size.
std::vector<double> filter_normalised(const Layout& layout, std::span<const double> theta, std::span<const double> raw);

/// The `number`-th (0, 1, ...) normal direction of a seed, filter-normalised; ProbeDraw::slice.
std::vector<double> random_direction(const Layout& layout, std::span<const double> theta, std::uint64_t seed,
                                     std::uint32_t number);

/// theta and two random directions; alpha = beta = 1 changes every filter by once its own length in both. Number
/// "cosine". Throws std::invalid_argument where the layout has no filters or all are zero.
Plane random_plane(const Layout& layout, std::span<const double> theta, std::uint64_t seed);

}  // namespace basin
