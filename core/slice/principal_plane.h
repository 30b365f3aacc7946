// The plane in which paths move most.
//
// Rows m_j = theta_j - centre of all paths together, j = 1 .. T. K = M M' is T x T and never P x P; its eigenpairs
// (k_j, u_j) give the directions p_j = M' u_j / sqrt(k_j), coordinates sqrt(k_j) u_j and singular values sqrt(k_j) of
// M. A share is k_j / tr K. Centred on the mean this is principal component analysis; centred on a point (say, the
// final one) shares differ. Even a random walk puts 6/pi^2 = 61 % of its variance on the first direction, so a large
// share proves nothing: J. Antognini, J. Sohl-Dickstein, "PCA of high dimensional random walks", NeurIPS 2018.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/slice/plane.h"

namespace basin {

struct PrincipalPlane {
    Plane plane;                                     // unit, orthogonal directions; numbers "share 1" .. "share 5"
    std::vector<double> singular_values;             // all T, descending
    std::vector<double> shares;                      // sum 1
    std::vector<std::array<double, 2>> coordinates;  // a row each: alpha, beta
};

/// Rows of dim numbers each; sums are taken in double, in blocks of coordinates, so that beside the rows only T x T
/// and T x 1,024 numbers are held. `centre` empty: the mean of all rows. A direction's sign makes its row coordinate of
/// largest modulus positive. Throws std::invalid_argument with less than three rows, rows that are not finite, or rows
/// that span no plane.
PrincipalPlane principal_plane(std::span<const std::span<const float>> rows, std::span<const double> centre = {});
PrincipalPlane principal_plane(std::span<const std::span<const double>> rows, std::span<const double> centre = {});

}  // namespace basin
