#include "core/landscape/minima.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace basin {
namespace {

constexpr int kMaximumSteps = 400;  // 10 to 20 are usual; a curved valley crossed in steps of `reach` takes more
constexpr std::size_t kStartsPerSide = 41;
/// A minimum is strict when its smaller curvature is more than rounding beside the larger one.
constexpr double kFlat = 1e-9;
/// Values closer than this are one level: all four minima of Himmelblau's function are 0 up to rounding.
constexpr double kTie = 1e-10;

bool is_strict_minimum(const Hessian2& h)
{
    const auto [low, high] = eigenvalues(h);
    return std::isfinite(high) && high > 0 && low > kFlat * high;
}

/// Newton's step with the curvatures' absolute values, so that it points downhill at saddles as well.
Point newton_step(const Point& g, const Hessian2& h)
{
    const auto [low, high] = eigenvalues(h);
    const double largest = std::max(std::abs(low), std::abs(high));
    const double floor = 1e-8 * largest;
    // Unit eigenvector of `high`; of the two equal formulas the one without cancellation.
    double vx = h.xx >= h.yy ? high - h.yy : h.xy;
    double vy = h.xx >= h.yy ? h.xy : high - h.xx;
    const double norm = std::hypot(vx, vy);
    if (norm > 0) {
        vx /= norm;
        vy /= norm;
    } else {
        vx = 1;
        vy = 0;
    }
    const double along = (vx * g.x + vy * g.y) / std::max({std::abs(high), floor, 1e-300});
    const double across = (-vy * g.x + vx * g.y) / std::max({std::abs(low), floor, 1e-300});
    return {-(along * vx - across * vy), -(along * vy + across * vx)};
}

}  // namespace

std::array<double, 2> eigenvalues(const Hessian2& h)
{
    const double mean = 0.5 * (h.xx + h.yy);
    const double radius = std::hypot(0.5 * (h.xx - h.yy), h.xy);
    return {mean - radius, mean + radius};
}

std::optional<Point> descend(const Surface& surface, Point at, double reach)
{
    double value = surface.value(at);
    for (int i = 0; i < kMaximumSteps; ++i) {
        Point step = newton_step(surface.gradient(at), surface.hessian(at));
        const double length = std::hypot(step.x, step.y);
        if (!std::isfinite(length))
            return std::nullopt;
        const double shorten = length > reach ? reach / length : 1.0;
        step = {step.x * shorten, step.y * shorten};
        bool lower = false;
        for (int halvings = 0; halvings < 60 && !lower; ++halvings) {
            const Point next{at.x + step.x, at.y + step.y};
            const double there = surface.value(next);
            lower = there < value;
            if (lower) {
                at = next;
                value = there;
            }
            step = {0.5 * step.x, 0.5 * step.y};
        }
        if (!lower)
            break;  // as low as values can tell
    }
    if (!is_strict_minimum(surface.hessian(at)))
        return std::nullopt;
    // Values are flat to rounding within sqrt(eps) of a minimum; gradients are not.
    for (int i = 0; i < 4; ++i) {
        const Point step = newton_step(surface.gradient(at), surface.hessian(at));
        if (!(std::hypot(step.x, step.y) < reach))
            return std::nullopt;
        at = {at.x + step.x, at.y + step.y};
    }
    return at;
}

std::vector<Minimum> find_minima(const Surface& surface, const Box& view, std::span<const Point> hints)
{
    const double width = view.x_max - view.x_min;
    const double height = view.y_max - view.y_min;
    const double reach = 0.05 * std::max(width, height);
    std::vector<Minimum> found;
    const auto walk = [&](Point start) {
        const std::optional<Point> at = descend(surface, start, reach);
        if (!at || at->x < view.x_min || at->x > view.x_max || at->y < view.y_min || at->y > view.y_max)
            return;
        const auto same = [&](const Minimum& other) {
            return std::hypot(other.at.x - at->x, other.at.y - at->y) < 1e-6 * std::max(width, height);
        };
        if (std::any_of(found.begin(), found.end(), same))
            return;
        found.push_back({*at, surface.value(*at), eigenvalues(surface.hessian(*at)), false});
    };
    for (const Point& hint : hints)
        walk(hint);
    for (std::size_t row = 0; row < kStartsPerSide; ++row) {
        for (std::size_t column = 0; column < kStartsPerSide; ++column) {
            // Middles of cells, so that no start sits on an axis of symmetry's end.
            walk({view.x_min + width * (static_cast<double>(column) + 0.5) / kStartsPerSide,
                  view.y_min + height * (static_cast<double>(row) + 0.5) / kStartsPerSide});
        }
    }
    std::sort(found.begin(), found.end(), [](const Minimum& a, const Minimum& b) { return a.value < b.value; });
    for (auto first = found.begin(); first != found.end();) {
        const double level = first->value + kTie * (1 + std::abs(first->value));
        const auto last = std::find_if(first, found.end(), [level](const Minimum& m) { return m.value > level; });
        std::sort(first, last, [](const Minimum& a, const Minimum& b) { return a.at.x < b.at.x; });
        if (first == found.begin())
            std::for_each(first, last, [](Minimum& m) { m.global = true; });
        first = last;
    }
    return found;
}

std::optional<Point> find_saddle(const Surface& surface, Point from, Point to)
{
    constexpr int kSamples = 512;
    const Point middle{0.5 * (from.x + to.x), 0.5 * (from.y + to.y)};
    const double reach = 0.5 * std::hypot(to.x - from.x, to.y - from.y);
    Point at = middle;
    double highest = -std::numeric_limits<double>::infinity();
    for (int i = 1; i < kSamples; ++i) {
        const double t = static_cast<double>(i) / kSamples;
        const Point sample{from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
        const double value = surface.value(sample);
        if (value > highest) {
            highest = value;
            at = sample;
        }
    }
    for (int i = 0; i < 50; ++i) {
        const Point g = surface.gradient(at);
        const Hessian2 h = surface.hessian(at);
        const double determinant = h.xx * h.yy - h.xy * h.xy;
        const Point step{(h.xy * g.y - h.yy * g.x) / determinant, (h.xy * g.x - h.xx * g.y) / determinant};
        const double length = std::hypot(step.x, step.y);
        if (!std::isfinite(length))
            return std::nullopt;
        const double shorten = length > 0.1 * reach ? 0.1 * reach / length : 1.0;
        at = {at.x + shorten * step.x, at.y + shorten * step.y};
        if (length < 1e-14 * reach)
            break;
    }
    const std::array<double, 2> curvature = eigenvalues(surface.hessian(at));
    const Point slope = surface.gradient(at);
    const bool stationary = std::hypot(slope.x, slope.y) < 1e-9 * reach * std::abs(curvature[0]);
    const bool between = std::hypot(at.x - middle.x, at.y - middle.y) < reach;
    if (!stationary || !between || !(curvature[0] < 0) || !(curvature[1] > 0))
        return std::nullopt;
    return at;
}

Surface surface_of(const Landscape& landscape)
{
    return {[&landscape](Point at) { return landscape.value(at); },
            [&landscape](Point at) { return landscape.gradient(at); },
            [&landscape](Point at) { return landscape.hessian(at); }};
}

}  // namespace basin
