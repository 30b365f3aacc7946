// Full matrices out of products, and distances.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <span>
#include <vector>

#include "core/objective/curvature.h"

namespace matrices {

inline Eigen::VectorXd product(basin::Curvature& curvature, basin::CurvatureMatrix matrix, const Eigen::VectorXd& v)
{
    Eigen::VectorXd out(v.size());
    const auto size = static_cast<std::size_t>(v.size());
    curvature.product(matrix, {v.data(), size}, {out.data(), size});
    return out;
}

/// A column for each coordinate.
inline Eigen::MatrixXd whole(basin::Curvature& curvature, basin::CurvatureMatrix matrix)
{
    const auto size = static_cast<Eigen::Index>(curvature.dim());
    Eigen::MatrixXd found(size, size);
    for (Eigen::Index k = 0; k < size; ++k)
        found.col(k) = product(curvature, matrix, Eigen::VectorXd::Unit(size, k));
    return found;
}

/// Ascending.
inline Eigen::VectorXd eigenvalues(const Eigen::MatrixXd& matrix)
{
    return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix, Eigen::EigenvaluesOnly).eigenvalues();
}

inline Eigen::VectorXd vector(std::span<const double> values)
{
    return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

/// v_k = f(k), k = 1 ... size.
template <class F>
Eigen::VectorXd made(Eigen::Index size, F f)
{
    Eigen::VectorXd v(size);
    for (Eigen::Index k = 0; k < size; ++k)
        v[k] = f(static_cast<double>(k + 1));
    return v;
}

}  // namespace matrices
