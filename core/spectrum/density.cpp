#include "core/spectrum/density.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "core/spectrum/lanczos.h"
#include "core/spectrum/random_vector.h"
#include "core/spectrum/trace.h"

namespace basin {
namespace {

/// Deviations that the grid reaches beyond the nodes: 3e-7 of the outermost one is left out.
constexpr double kReach = 5;
/// Grid points a deviation: the sum over the grid is then 1 to 2 exp(-2 pi^2 4) = 1e-34.
constexpr double kPointsPerDeviation = 2;
constexpr std::size_t kFewestPoints = 256;
constexpr std::size_t kMostPoints = 16384;
/// Where all eigenvalues are one number there is no range: a kernel of a hundredth of it, or of 1 where it is 0.
constexpr double kOfOneNumber = 0.01;

std::pair<double, double> range_of(const std::vector<Quadrature>& quadratures)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const Quadrature& quadrature : quadratures) {
        low = std::min(low, quadrature.nodes.front());
        high = std::max(high, quadrature.nodes.back());
    }
    return {low, high};
}

NumberWithError number(const RunningMean& mean, double factor = 1)
{
    return {factor * mean.mean(), factor * mean.error()};
}

RunningMean over_probes(const SpectralDensity& density, const std::function<double(double)>& f)
{
    RunningMean mean;
    for (const Quadrature& quadrature : density.quadratures) {
        mean.add(quadrature.mean(f));
    }
    return mean;
}

}  // namespace

double Quadrature::mean(const std::function<double(double)>& f) const
{
    double sum = 0;
    for (std::size_t k = 0; k < nodes.size(); ++k) {
        sum += weights[k] * f(nodes[k]);
    }
    return sum;
}

Quadrature lanczos_quadrature(SymmetricOperator& matrix, std::span<const double> start, std::size_t steps,
                              const std::stop_token& stop, const Progress& progress)
{
    Lanczos lanczos(matrix, steps, start);
    for (std::size_t step = 0; step < steps; ++step) {
        if (stop.stop_requested()) {
            return {};
        }
        if (!lanczos.step()) {
            break;
        }
        if (progress) {
            progress(static_cast<double>(step + 1) / static_cast<double>(steps));
        }
    }
    const RitzPairs ritz = lanczos.ritz();
    Quadrature quadrature;
    for (Eigen::Index k = 0; k < ritz.values.size(); ++k) {
        quadrature.nodes.push_back(ritz.values(k));
        quadrature.weights.push_back(ritz.vectors(0, k) * ritz.vectors(0, k));
    }
    return quadrature;
}

std::size_t spectral_density_bytes(std::size_t n, std::size_t steps)
{
    return Lanczos::bytes(n, steps) + sizeof(double) * n;
}

void smooth(SpectralDensity& density, std::size_t steps, double wanted_deviation)
{
    const auto [low, high] = range_of(density.quadratures);
    const double range = high - low;
    const double magnitude = std::max(std::abs(low), std::abs(high));
    double s = wanted_deviation;
    if (!(s > 0)) {
        s = range > 1e-12 * magnitude
                ? 0.25 * std::numbers::pi * range / static_cast<double>(std::max<std::size_t>(steps, 1))
                : kOfOneNumber * (magnitude > 0 ? magnitude : 1);
    }
    // Narrower than the finest grid can show.
    s = std::max(
        s, range / (static_cast<double>(kMostPoints) - 2 - 2 * kReach * kPointsPerDeviation) * kPointsPerDeviation);
    const double width = range + 2 * kReach * s;
    const auto points = std::max(
        kFewestPoints, std::min(kMostPoints, static_cast<std::size_t>(std::ceil(width / s * kPointsPerDeviation)) + 1));
    const double spacing = width / static_cast<double>(points - 1);
    density.deviation = s;
    density.at.resize(points);
    for (std::size_t i = 0; i < points; ++i) {
        density.at[i] = low - kReach * s + static_cast<double>(i) * spacing;
    }
    density.density.assign(points, 0);
    density.error.assign(points, 0);
    const double height = 1 / (s * std::sqrt(2 * std::numbers::pi));
    for (std::size_t i = 0; i < points; ++i) {
        const RunningMean mean = over_probes(density, [&](double node) {
            const double z = (density.at[i] - node) / s;
            return height * std::exp(-0.5 * z * z);
        });
        density.density[i] = mean.mean();
        density.error[i] = mean.error();
    }
}

SpectralDensity spectral_density(SymmetricOperator& matrix, const DensityRequest& request, std::stop_token stop,
                                 const Progress& progress)
{
    if (request.probes == 0 || request.steps == 0) {
        throw std::invalid_argument("a density needs at least one probe and one step");
    }
    const std::uint64_t before = matrix.products();
    SpectralDensity result;
    std::vector<double> z(matrix.dim());
    for (std::size_t probe = 0; probe < request.probes; ++probe) {
        fill_random(z, NoiseKind::rademacher,
                    probe_key(request.seed, ProbeDraw::density, static_cast<std::uint32_t>(probe)));
        Quadrature quadrature = lanczos_quadrature(matrix, z, request.steps, stop, [&](double share) {
            if (progress) {
                progress((static_cast<double>(probe) + share) / static_cast<double>(request.probes));
            }
        });
        result.products = matrix.products() - before;
        if (quadrature.nodes.empty()) {
            result.quadratures.clear();
            result.stopped = true;
            return result;
        }
        result.quadratures.push_back(std::move(quadrature));
    }
    smooth(result, request.steps, request.deviation);
    const RunningMean first = over_probes(result, [](double x) { return x; });
    result.trace = number(first, static_cast<double>(matrix.dim()));
    result.moments = {number(first), number(over_probes(result, [](double x) { return x * x; })),
                      number(over_probes(result, [](double x) { return x * x * x; })),
                      number(over_probes(result, [](double x) { return x * x * x * x; }))};
    return result;
}

NumberWithError trace_of(const SpectralDensity& density, std::size_t dim, const std::function<double(double)>& f)
{
    return number(over_probes(density, f), static_cast<double>(dim));
}

}  // namespace basin
