// The network 2-3-1 with tanh and half the mean square on four examples, in double, with derivatives exact to rounding.
#pragma once

#include <QString>
#include <array>
#include <cmath>
#include <complex>
#include <stdexcept>
#include <vector>

#include "core/objective/curvature.h"
#include "core/objective/point_values.h"

namespace tiny {

inline constexpr std::size_t kDim = 13;

inline basin::Layout layout()
{
    basin::Layout layout;
    layout.append("hidden.weight", {3, 2}, basin::BlockRole::weight);
    layout.append("hidden.bias", {3}, basin::BlockRole::bias);
    layout.append("output.weight", {1, 3}, basin::BlockRole::weight);
    layout.append("output.bias", {1}, basin::BlockRole::bias);
    return layout;
}

/// theta_k = 0.5 sin k, or any other function of k = 1 .. 13.
template <class F>
std::vector<double> numbered(F&& f)
{
    std::vector<double> theta;
    for (std::size_t k = 1; k <= kDim; ++k) {
        theta.push_back(f(static_cast<double>(k)));
    }
    return theta;
}
inline std::vector<double> start()
{
    return numbered([](double k) { return 0.5 * std::sin(k); });
}

/// L = (1/8) sum (f - y)^2 over x = (sin i, cos 2i), y = sin 3i, i = 1 .. 4; adds dL/dtheta to `gradient` when it is
/// not null. S may be complex.
template <class S>
S loss(const std::vector<S>& theta, std::vector<S>* gradient = nullptr)
{
    S sum = 0;
    for (int i = 1; i <= 4; ++i) {
        const std::array<double, 2> x{std::sin(i), std::cos(2 * i)};
        std::array<S, 3> h;
        S f = theta[12];
        for (std::size_t j = 0; j < 3; ++j) {
            h[j] = std::tanh(theta[2 * j] * x[0] + theta[2 * j + 1] * x[1] + theta[6 + j]);
            f += theta[9 + j] * h[j];
        }
        const S r = f - std::sin(3 * i);
        sum += 0.125 * r * r;
        if (gradient == nullptr) {
            continue;
        }
        const S slope = 0.25 * r;
        (*gradient)[12] += slope;
        for (std::size_t j = 0; j < 3; ++j) {
            const S back = slope * theta[9 + j] * (1.0 - h[j] * h[j]);
            (*gradient)[9 + j] += slope * h[j];
            (*gradient)[6 + j] += back;
            (*gradient)[2 * j] += back * x[0];
            (*gradient)[2 * j + 1] += back * x[1];
        }
    }
    return sum;
}

inline std::vector<double> gradient(const std::vector<double>& theta)
{
    std::vector<double> result(kDim);
    loss(theta, &result);
    return result;
}

class Values : public basin::PointValues {
public:
    void at(std::span<const double> theta, std::span<double> values) override
    {
        values[0] = loss(std::vector<double>(theta.begin(), theta.end()));
        ++asked;
    }
    int asked = 0;
};

/// Products by a complex step: H v = Im g(theta + i h v) / h, with h so small that the next term is 0.
class TinyCurvature : public basin::Curvature {
public:
    explicit TinyCurvature(std::vector<double> theta) : theta_(std::move(theta)), gradient_(tiny::gradient(theta_)) {}
    const basin::Layout& layout() const override { return layout_; }
    std::span<const double> theta() const override { return theta_; }
    double loss() override { return tiny::loss(theta_); }
    std::span<const double> gradient() override { return gradient_; }
    void product(basin::CurvatureMatrix, std::span<const double> v, std::span<double> out) override
    {
        constexpr double kStep = 1e-30;
        std::vector<std::complex<double>> at(theta_.begin(), theta_.end());
        for (std::size_t i = 0; i < at.size(); ++i) {
            at[i] += std::complex<double>(0, kStep * v[i]);
        }
        std::vector<std::complex<double>> g(kDim);
        tiny::loss(at, &g);
        for (std::size_t i = 0; i < g.size(); ++i) {
            out[i] = g[i].imag() / kStep;
        }
    }
    double evaluate(std::span<const double> elsewhere, std::span<double>) override
    {
        return tiny::loss(std::vector<double>(elsewhere.begin(), elsewhere.end()));
    }
    std::size_t kept_bytes() const override { return 0; }

private:
    basin::Layout layout_ = tiny::layout();
    std::vector<double> theta_;
    std::vector<double> gradient_;
};

/// The sentence of a refused call; empty when it went through.
template <class Call>
QString refusal(Call&& call)
{
    try {
        call();
    } catch (const std::invalid_argument& error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

}  // namespace tiny
