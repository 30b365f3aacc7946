// Exact Wasserstein-1 distances on the line between particles and a marginal of a Gibbs measure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/field/measure.h"

namespace basin {

/// The law of one coordinate: distribution function and density at the edges of equal cells from `low` to `high`.
struct Marginal {
    double low = 0;
    double high = 1;
    std::vector<double> distribution;  // at cells + 1 edges, 0 to 1
    std::vector<double> density;       // at the same edges

    std::size_t cells() const { return distribution.size() - 1; }
    double step() const { return (high - low) / static_cast<double>(cells()); }
    /// P(coordinate <= x); cubic between edges.
    double at(double x) const;
};

enum class Axis : std::uint8_t { x, y };
Marginal marginal(const GibbsMeasure& measure, Axis axis);

/// Integral of |F - G|. Both over the same edges.
double wasserstein(const Marginal& a, const Marginal& b);

/// Particles counted in equal bins. Exact at bin edges; W1 is then off by far less than its floor (4,096 bins).
struct Histogram {
    static constexpr std::size_t kBins = 4096;
    double low = 0;
    double high = 1;
    std::vector<std::uint32_t> counts;
    std::uint64_t below = 0;
    std::uint64_t above = 0;
    std::uint64_t escaped = 0;  // not finite: in none of the bins, not part of the law

    std::uint64_t size() const;  // all but the escaped
};

/// Coordinates positions[offset], positions[offset + stride], ...
Histogram count_coordinates(std::span<const float> positions, std::size_t offset, std::size_t stride, double low,
                            double high);

struct Distance {
    double value = 0;
    /// One standard error for independent particles, from the influence function -integral sign(G - F). Fair away from
    /// the floor, near it larger than the truth (where the floor's band is what counts).
    double error = 0;
};

/// W1 between the particles' law and a marginal; a lower bound when particles lie outside. NaN without particles.
Distance wasserstein(const Histogram& particles, const Marginal& law);

/// W1 that n independent draws have to their own law, for large n: mean `mean / sqrt(n)`, standard deviation
/// `deviation / sqrt(n)`.
struct Floor {
    double mean = 0;
    double deviation = 0;
};
Floor wasserstein_floor(const Marginal& law);

}  // namespace basin
