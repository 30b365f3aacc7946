#include "core/field/wasserstein.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace basin {
namespace {

/// Four values about an edge, zero beyond the box.
struct Around {
    double far_left, left, right, far_right;
};

Around around(const std::vector<double>& mass, std::size_t edge)
{
    const auto cell = [&mass](std::size_t i) { return i < mass.size() ? mass[i] : 0.0; };
    return {edge > 1 ? cell(edge - 2) : 0.0, edge > 0 ? cell(edge - 1) : 0.0, cell(edge), cell(edge + 1)};
}

}  // namespace

double Marginal::at(double x) const
{
    const double place = (x - low) / step();
    if (place <= 0)
        return 0;
    if (place >= static_cast<double>(cells()))
        return 1;
    const auto left = static_cast<std::size_t>(place);
    const double t = place - static_cast<double>(left);
    const double rise = distribution[left + 1] - distribution[left];
    const double from = density[left] * step();
    const double to = density[left + 1] * step();
    const double value = distribution[left] + t * (from + t * (3 * rise - 2 * from - to + t * (from + to - 2 * rise)));
    return std::clamp(value, 0.0, 1.0);
}

Marginal marginal(const GibbsMeasure& measure, Axis axis)
{
    const Lattice& cells = measure.mass.lattice;
    Marginal law;
    law.low = axis == Axis::x ? cells.box.x_min : cells.box.y_min;
    law.high = axis == Axis::x ? cells.box.x_max : cells.box.y_max;
    std::vector<double> mass(axis == Axis::x ? cells.columns : cells.rows, 0.0);
    for (std::size_t row = 0; row < cells.rows; ++row)
        for (std::size_t column = 0; column < cells.columns; ++column)
            mass[axis == Axis::x ? column : row] += measure.mass.at(column, row);
    const double step = (law.high - law.low) / static_cast<double>(mass.size());
    law.distribution.assign(mass.size() + 1, 0.0);
    law.density.assign(mass.size() + 1, 0.0);
    double sum = 0;
    for (std::size_t edge = 0; edge <= mass.size(); ++edge) {
        const Around near = around(mass, edge);
        // A sum of middles is off by step^2/24 times the slope at its end (Euler-Maclaurin).
        law.distribution[edge] = std::clamp(sum + (near.right - near.left) / 24, 0.0, 1.0);
        law.density[edge] =
            std::max(0.0, (9 * (near.left + near.right) - near.far_left - near.far_right) / (16 * step));
        if (edge < mass.size())
            sum += mass[edge];
    }
    law.distribution.front() = 0;
    law.distribution.back() = 1;
    return law;
}

double wasserstein(const Marginal& a, const Marginal& b)
{
    constexpr std::size_t kParts = 8;  // of a cell: |F - G| has corners where the two cross
    double sum = 0;
    for (std::size_t part = 1; part < kParts * a.cells(); ++part) {
        const double x = a.low + static_cast<double>(part) / kParts * a.step();
        sum += std::abs(a.at(x) - b.at(x));
    }
    return sum * a.step() / kParts;
}

std::uint64_t Histogram::size() const
{
    return std::accumulate(counts.begin(), counts.end(), below + above);
}

Histogram count_coordinates(std::span<const float> positions, std::size_t offset, std::size_t stride, double low,
                            double high)
{
    Histogram histogram{low, high, std::vector<std::uint32_t>(Histogram::kBins, 0), 0, 0, 0};
    const double scale = static_cast<double>(Histogram::kBins) / (high - low);
    for (std::size_t i = offset; i < positions.size(); i += stride) {
        const double place = (static_cast<double>(positions[i]) - low) * scale;
        if (place >= 0 && place < static_cast<double>(Histogram::kBins))
            ++histogram.counts[static_cast<std::size_t>(place)];
        else if (!std::isfinite(place))
            ++histogram.escaped;
        else
            ++(place < 0 ? histogram.below : histogram.above);
    }
    return histogram;
}

Distance wasserstein(const Histogram& particles, const Marginal& law)
{
    const double n = static_cast<double>(particles.size());
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (n == 0)
        return {nan, nan};
    const std::size_t bins = particles.counts.size();
    const double width = (particles.high - particles.low) / static_cast<double>(bins);
    double distance = 0;
    double influence = 0;  // at the left edge of the bin
    double counted = static_cast<double>(particles.below);
    double first = 0;
    double second = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        const double here = static_cast<double>(particles.counts[bin]);
        counted += here;
        const double difference = counted / n - law.at(particles.low + static_cast<double>(bin + 1) * width);
        distance += std::abs(difference) * width;
        const double change = difference > 0 ? -width : difference < 0 ? width : 0.0;
        const double middle = influence + 0.5 * change;
        first += here * middle;
        second += here * middle * middle;
        influence += change;
    }
    first += static_cast<double>(particles.above) * influence;
    second += static_cast<double>(particles.above) * influence * influence;
    const double variance = std::max(0.0, second / n - (first / n) * (first / n));
    return {distance, std::sqrt(variance / n)};
}

Floor wasserstein_floor(const Marginal& law)
{
    constexpr double kDead = 1e-12;
    constexpr std::size_t kNodes = 400;  // of the double integral, which takes half a square of them
    std::size_t first = 0;
    std::size_t last = law.cells();
    while (first < last && law.distribution[first] < kDead)
        ++first;
    while (last > first && law.distribution[last] > 1 - kDead)
        --last;
    const double low = law.low + (static_cast<double>(first) - 1) * law.step();
    const double step = (static_cast<double>(last - first) + 2) * law.step() / kNodes;
    std::vector<double> spread;
    std::vector<double> odds;  // sqrt(F / (1 - F)), rising
    double sum = 0;
    for (std::size_t node = 0; node <= kNodes; ++node) {
        const double f = law.at(low + static_cast<double>(node) * step);
        if (f < kDead || f > 1 - kDead)
            continue;
        spread.push_back(std::sqrt(f * (1 - f)));
        odds.push_back(std::sqrt(f / (1 - f)));
        sum += spread.back();
    }
    double variance = 0;
    for (std::size_t i = 0; i < spread.size(); ++i) {
        for (std::size_t j = i; j < spread.size(); ++j) {
            const double r = std::min(1.0, odds[i] / odds[j]);
            const double covariance = std::sqrt(1 - r * r) + r * std::asin(r) - 1;
            variance += (i == j ? 1 : 2) * covariance * spread[i] * spread[j];
        }
    }
    constexpr double kShare = 2 / std::numbers::pi;
    return {std::sqrt(kShare) * sum * step, step * std::sqrt(std::max(0.0, kShare * variance))};
}

}  // namespace basin
