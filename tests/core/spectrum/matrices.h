// Matrices with known spectra, as products.
#pragma once

#include <Eigen/Core>
#include <QString>
#include <cmath>
#include <exception>
#include <numbers>
#include <random>

#include "core/spectrum/symmetric_operator.h"

namespace basin {

inline Eigen::Map<const Eigen::VectorXd> view(std::span<const double> v)
{
    return {v.data(), static_cast<Eigen::Index>(v.size())};
}

inline SymmetricOperator as_operator(const Eigen::MatrixXd& a)
{
    return {static_cast<std::size_t>(a.rows()), [a](std::span<const double> v, std::span<double> out) {
                Eigen::Map<Eigen::VectorXd>(out.data(), a.rows()) = a * view(v);
            }};
}

/// H diag(lambda) H with the reflection H = I - 2 u u', u_k ~ cos k (radians, k = 1 ...), without ever forming it.
inline Product reflected(const Eigen::VectorXd& lambda)
{
    Eigen::VectorXd u(lambda.size());
    for (Eigen::Index k = 0; k < u.size(); ++k) {
        u(k) = std::cos(static_cast<double>(k + 1));
    }
    u.normalize();
    return [lambda, u](std::span<const double> v, std::span<double> out) {
        Eigen::VectorXd w = view(v) - 2 * u * u.dot(view(v));
        w.array() *= lambda.array();
        w -= 2 * u * u.dot(w);
        Eigen::Map<Eigen::VectorXd>(out.data(), w.size()) = w;
    };
}

inline SymmetricOperator reflected_operator(const Eigen::VectorXd& lambda)
{
    return {static_cast<std::size_t>(lambda.size()), reflected(lambda)};
}

inline Eigen::MatrixXd dense(SymmetricOperator matrix)
{
    const auto n = static_cast<Eigen::Index>(matrix.dim());
    Eigen::MatrixXd a(n, n);
    for (Eigen::Index j = 0; j < n; ++j) {
        const Eigen::VectorXd unit = Eigen::VectorXd::Unit(n, j);
        matrix.apply({unit.data(), matrix.dim()}, {a.col(j).data(), matrix.dim()});
    }
    return a;
}

/// 1/k, k = 1 .. n.
inline Eigen::VectorXd harmonic(Eigen::Index n)
{
    return Eigen::VectorXd::LinSpaced(n, 1, static_cast<double>(n)).cwiseInverse();
}

/// The matrix of test 5a: n = 50, eigenvalues 1/k, reflected.
inline Eigen::MatrixXd householder_matrix()
{
    return dense(reflected_operator(harmonic(50)));
}

/// The matrix of test 5b: the same eigenvalues with the columns of the cosine transform as eigenvectors.
inline Eigen::MatrixXd cosine_matrix()
{
    constexpr Eigen::Index kSize = 50;
    Eigen::MatrixXd q(kSize, kSize);
    for (Eigen::Index j = 0; j < kSize; ++j) {
        for (Eigen::Index k = 0; k < kSize; ++k) {
            q(j, k) = std::sqrt(2.0 / kSize) *
                      std::cos(std::numbers::pi * (static_cast<double>(j) + 0.5) * static_cast<double>(k) / kSize);
        }
    }
    q.col(0) /= std::numbers::sqrt2;
    return q * harmonic(kSize).asDiagonal() * q.transpose();
}

inline Eigen::MatrixXd random_symmetric(Eigen::Index n, unsigned seed)
{
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    const Eigen::MatrixXd a = Eigen::MatrixXd::NullaryExpr(n, n, [&] { return normal(engine); });
    return (a + a.transpose()) / 2;
}

inline Eigen::VectorXd random_vector(Eigen::Index n, unsigned seed)
{
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    return Eigen::VectorXd::NullaryExpr(n, [&] { return normal(engine); });
}

inline std::span<const double> numbers_of(const Eigen::VectorXd& v)
{
    return {v.data(), static_cast<std::size_t>(v.size())};
}

/// What `action` was refused with; empty when it was not.
template <class Action>
QString refusal(Action action)
{
    try {
        action();
    } catch (const std::exception& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

}  // namespace basin
