// Objectives without data whose curvature is known in double: for the probes of networks.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>
#include <stop_token>
#include <utility>

#include "core/objective/objective.h"
#include "core/probe/probe.h"

namespace basin {

/// Counts what is asked of a Curvature, and may stop a measurement after so many products.
struct Asked {
    int products = 0;
    int evaluations = 0;
    std::function<void()> on_evaluation = [] {};
    int stop_after = -1;
    std::stop_source stop;
    CurvatureRequest request;
    std::vector<float> theta;
};

/// Anything that hands out one kind of curvature; the rest of an Objective is not used by probes.
class CurvedObjective final : public Objective {
public:
    using Make = std::function<std::unique_ptr<Curvature>(const CurvatureRequest&)>;
    CurvedObjective(Layout layout, std::shared_ptr<Asked> asked, Make make)
        : layout_(std::move(layout)), asked_(std::move(asked)), make_(std::move(make))
    {
    }
    const Layout& layout() const override { return layout_; }
    const Layout& buffer_layout() const override { return buffers_; }
    void start(std::span<float>, std::span<float>, std::size_t, const StartSpec&, std::uint64_t) override {}
    void evaluate(const EvaluationArrays&, BatchKey, Want) override {}
    std::size_t examples(BatchKey, Want) const override { return 0; }
    std::size_t steps_per_epoch() const override { return 0; }
    std::vector<std::string> metric_keys() const override { return {}; }
    std::unique_ptr<Curvature> curvature(std::span<const float> theta, std::span<const float>,
                                         const CurvatureRequest& request) override
    {
        asked_->request = request;
        asked_->theta.assign(theta.begin(), theta.end());
        return make_ ? make_(request) : nullptr;
    }
    std::optional<CurvatureCost> curvature_cost(const CurvatureRequest& request, CurvatureMatrix) const override
    {
        cost_request = request;
        return cost;
    }
    std::unique_ptr<Objective> clone(Backend&) const override
    {
        return std::make_unique<CurvedObjective>(layout_, asked_, make_);
    }

    std::optional<CurvatureCost> cost;
    mutable CurvatureRequest cost_request;

private:
    Layout layout_;
    Layout buffers_;
    std::shared_ptr<Asked> asked_;
    Make make_;
};

/// Counting around what a test defines: loss, gradient and products in double.
class CountedCurvature : public Curvature {
public:
    CountedCurvature(Layout layout, Eigen::VectorXd theta, std::shared_ptr<Asked> asked)
        : layout_(std::move(layout)), theta_(std::move(theta)), asked_(std::move(asked)), gradient_(theta_.size())
    {
    }
    const Layout& layout() const override { return layout_; }
    std::span<const double> theta() const override { return numbers(theta_); }
    double loss() override { return value(theta_, nullptr); }
    std::span<const double> gradient() override
    {
        value(theta_, &gradient_);
        return numbers(gradient_);
    }
    void product(CurvatureMatrix matrix, std::span<const double> v, std::span<double> out) override
    {
        if (++asked_->products == asked_->stop_after) {
            asked_->stop.request_stop();
        }
        const Eigen::Map<const Eigen::VectorXd> in(v.data(), theta_.size());
        // A factor tells the matrices apart.
        Eigen::Map<Eigen::VectorXd>(out.data(), theta_.size()) = (1.0 + static_cast<double>(matrix)) * times(in);
    }
    double evaluate(std::span<const double> elsewhere, std::span<double> gradient) override
    {
        ++asked_->evaluations;
        asked_->on_evaluation();
        Eigen::VectorXd slope(theta_.size());
        const Eigen::VectorXd at = Eigen::Map<const Eigen::VectorXd>(elsewhere.data(), theta_.size());
        const double loss = value(at, &slope);
        if (!gradient.empty()) {
            Eigen::Map<Eigen::VectorXd>(gradient.data(), theta_.size()) = slope;
        }
        return loss;
    }
    std::size_t kept_bytes() const override { return 0; }

protected:
    virtual double value(const Eigen::VectorXd& at, Eigen::VectorXd* gradient) const = 0;
    virtual Eigen::VectorXd times(const Eigen::VectorXd& v) const = 0;
    const Eigen::VectorXd& at() const { return theta_; }

private:
    static std::span<const double> numbers(const Eigen::VectorXd& v)
    {
        return {v.data(), static_cast<std::size_t>(v.size())};
    }
    Layout layout_;
    Eigen::VectorXd theta_;
    std::shared_ptr<Asked> asked_;
    Eigen::VectorXd gradient_;
};

/// L = (theta - centre)'A(theta - centre)/2 + bottom.
class QuadraticCurvature final : public CountedCurvature {
public:
    QuadraticCurvature(Layout layout, Eigen::MatrixXd a, const Eigen::VectorXd& away, double bottom,
                       std::shared_ptr<Asked> asked)
        : CountedCurvature(std::move(layout), away, std::move(asked)), a_(std::move(a)), bottom_(bottom)
    {
    }

protected:
    double value(const Eigen::VectorXd& at, Eigen::VectorXd* gradient) const override
    {
        const Eigen::VectorXd slope = a_ * at;
        if (gradient != nullptr) {
            *gradient = slope;
        }
        return at.norm() > reach ? std::numeric_limits<double>::infinity() : bottom_ + 0.5 * at.dot(slope);
    }
    Eigen::VectorXd times(const Eigen::VectorXd& v) const override { return a_ * v; }

public:
    double reach = std::numeric_limits<double>::infinity();  // beyond, the loss is infinite

private:
    Eigen::MatrixXd a_;
    double bottom_;
};

/// The 2-3-1 network of test 5d: tanh, half mean squared error over four examples. Products are the imaginary part of
/// the gradient at theta + i h v, exact to rounding.
class TinyNetwork final : public CountedCurvature {
public:
    static Layout network_layout()
    {
        Layout layout;
        layout.append("W1", {3, 2}, BlockRole::weight);
        layout.append("b1", {3}, BlockRole::bias);
        layout.append("W2", {1, 3}, BlockRole::weight);
        layout.append("b2", {1}, BlockRole::bias);
        return layout;
    }
    explicit TinyNetwork(std::shared_ptr<Asked> asked) : CountedCurvature(network_layout(), start(), std::move(asked))
    {
    }

protected:
    double value(const Eigen::VectorXd& at, Eigen::VectorXd* gradient) const override
    {
        Eigen::VectorXd slope(13);
        const double loss = forward_and_back<double>(at, slope);
        if (gradient != nullptr) {
            *gradient = slope;
        }
        return loss;
    }
    Eigen::VectorXd times(const Eigen::VectorXd& v) const override
    {
        constexpr double kTiny = 1e-30;
        Eigen::VectorXcd slope(13);
        const Eigen::VectorXcd shifted = at().cast<std::complex<double>>() + std::complex<double>(0, kTiny) * v;
        forward_and_back<std::complex<double>>(shifted, slope);
        return slope.imag() / kTiny;
    }

private:
    static Eigen::VectorXd start()
    {
        Eigen::VectorXd theta(13);
        for (Eigen::Index k = 0; k < 13; ++k) {
            theta(k) = 0.5 * std::sin(static_cast<double>(k + 1));
        }
        return theta;
    }
    template <class T>
    static T forward_and_back(const Eigen::Matrix<T, Eigen::Dynamic, 1>& w, Eigen::Matrix<T, Eigen::Dynamic, 1>& slope)
    {
        T loss(0);
        slope.setZero();
        for (int i = 1; i <= 4; ++i) {
            const double x0 = std::sin(i);
            const double x1 = std::cos(2 * i);
            T output = w(12);
            Eigen::Matrix<T, 3, 1> hidden;
            for (Eigen::Index j = 0; j < 3; ++j) {
                hidden(j) = std::tanh(w(2 * j) * x0 + w(2 * j + 1) * x1 + w(6 + j));
                output += w(9 + j) * hidden(j);
            }
            const T residual = (output - std::sin(3 * i)) / 4.0;
            loss += 2.0 * residual * residual;
            slope(12) += residual;
            for (Eigen::Index j = 0; j < 3; ++j) {
                slope(9 + j) += residual * hidden(j);
                const T inner = residual * w(9 + j) * (1.0 - hidden(j) * hidden(j));
                slope(6 + j) += inner;
                slope(2 * j) += inner * x0;
                slope(2 * j + 1) += inner * x1;
            }
        }
        return loss;
    }
};

/// A probe on an objective, with what was asked of it.
struct CurvedBench {
    std::shared_ptr<Asked> asked = std::make_shared<Asked>();
    std::unique_ptr<CurvedObjective> objective;

    static CurvedBench tiny()
    {
        CurvedBench bench;
        bench.objective = std::make_unique<CurvedObjective>(
            TinyNetwork::network_layout(), bench.asked,
            [asked = bench.asked](const CurvatureRequest&) { return std::make_unique<TinyNetwork>(asked); });
        return bench;
    }
    static CurvedBench quadratic(const Eigen::MatrixXd& a, const Eigen::VectorXd& away, double bottom = 0)
    {
        CurvedBench bench;
        Layout layout;
        layout.append("w", {a.rows()}, BlockRole::weight);
        bench.objective =
            std::make_unique<CurvedObjective>(layout, bench.asked, [=, asked = bench.asked](const CurvatureRequest&) {
                return std::make_unique<QuadraticCurvature>(layout, a, away, bottom, asked);
            });
        return bench;
    }
    ProbeInput input() const
    {
        ProbeInput in;
        in.theta.assign(objective->dim(), 0.5F);
        in.seed = 3;
        in.step = 40;
        return in;
    }
    std::unique_ptr<Probe> probe(const char* key, const std::map<std::string, ParamValue>& values = {}) const
    {
        const ProbeEntry& entry = find_probe(key);
        Params params(entry.schema);
        for (const auto& [name, value] : values) {
            params.set(name, value);
        }
        return entry.make(params, *objective);
    }
    ProbeResult measure(const char* key, const std::map<std::string, ParamValue>& values = {}) const
    {
        return probe(key, values)->measure(input(), asked->stop.get_token(), [](double) {});
    }
};

inline ProbeValue value_of(const ProbeResult& result, const std::string& key)
{
    for (const ProbeValue& value : result.values) {
        if (value.key == key) {
            return value;
        }
    }
    throw std::logic_error("there is no value " + key);
}

inline std::vector<std::string> keys_of(const ProbeResult& result)
{
    std::vector<std::string> keys;
    for (const ProbeValue& value : result.values) {
        keys.push_back(value.key);
    }
    return keys;
}

template <class Action>
std::string refusal_of(Action action)
{
    try {
        action();
    } catch (const std::exception& error) {
        return error.what();
    }
    return {};
}

}  // namespace basin
