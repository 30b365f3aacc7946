// u = k/2 |r|^2 - sum A_i exp(-|r - c_i|^2 / (2 w_i^2)): two wells on the x axis in a bowl. Smoothing keeps the form:
// A falls by w^2/(w^2 + sigma^2), w^2 grows by sigma^2, the bowl rises by k sigma^2. So one functor serves u and g.
#include "core/landscape/kernels.h"
#ifndef BASIN_KERNEL_ISA
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "core/landscape/closed_form.h"
#endif

namespace basin {
namespace {

template <class T>
struct GaussianWellsFunctor {
    T bowl;
    T left_x, left_depth, left_pull, left_rate;  // pull = depth / w^2, rate = -log2(e) / (2 w^2)
    T right_x, right_depth, right_pull, right_rate;

    BASIN_INLINE T value(T x, T y) const
    {
        const T dl = x - left_x;
        const T dr = x - right_x;
        const T left = left_depth * math::exp2_nonpositive(left_rate * (dl * dl + y * y));
        const T right = right_depth * math::exp2_nonpositive(right_rate * (dr * dr + y * y));
        return T(0.5) * bowl * (x * x + y * y) - left - right;
    }
    BASIN_INLINE void gradient(T x, T y, T& gx, T& gy) const
    {
        const T dl = x - left_x;
        const T dr = x - right_x;
        const T left = left_pull * math::exp2_nonpositive(left_rate * (dl * dl + y * y));
        const T right = right_pull * math::exp2_nonpositive(right_rate * (dr * dr + y * y));
        gx = bowl * x + left * dl + right * dr;
        gy = (bowl + left + right) * y;
    }
};

}  // namespace

BASIN_LANDSCAPE_KERNELS(gaussian_wells, GaussianWellsFunctor)

#ifndef BASIN_KERNEL_ISA
namespace {

struct Well {
    double x, depth, width;

    Well smoothed(double sigma) const
    {
        const double square = width * width + sigma * sigma;
        return {x, depth * width * width / square, std::sqrt(square)};
    }
    double rate() const { return 0.5 / (width * width); }
    double pull() const { return 2 * rate() * depth; }
};

struct GaussianWells {
    double bowl;
    Well left, right;

    template <class T>
    GaussianWellsFunctor<T> functor() const
    {
        const auto rate = [](const Well& well) { return static_cast<T>(-std::numbers::log2e * well.rate()); };
        return {
            static_cast<T>(bowl), static_cast<T>(left.x),  static_cast<T>(left.depth),  static_cast<T>(left.pull()),
            rate(left),           static_cast<T>(right.x), static_cast<T>(right.depth), static_cast<T>(right.pull()),
            rate(right)};
    }
    Hessian2 hessian(Point at) const
    {
        Hessian2 h{bowl, 0, bowl};
        for (const Well& well : {left, right}) {
            const double dx = at.x - well.x;
            const double curvature = 2 * well.rate();
            const double e = well.depth * curvature * std::exp(-well.rate() * (dx * dx + at.y * at.y));
            h.xx += e * (1 - curvature * dx * dx);
            h.xy -= e * curvature * dx * at.y;
            h.yy += e * (1 - curvature * at.y * at.y);
        }
        return h;
    }
    GaussianWells wider(double sigma) const { return {bowl, left.smoothed(sigma), right.smoothed(sigma)}; }
    double smoothed(Point at, double sigma) const
    {
        return wider(sigma).functor<double>().value(at.x, at.y) + bowl * sigma * sigma;
    }
    Point smoothed_gradient(Point at, double sigma) const
    {
        Point slope;
        wider(sigma).functor<double>().gradient(at.x, at.y, slope.x, slope.y);
        return slope;
    }
    Box view() const
    {
        // Both wells with their walls and a little of the bowl; for the default 3.6 by 2.88.
        const double reach = 0.6 + std::max(std::abs(left.x) + 0.6 * left.width, std::abs(right.x) + 0.6 * right.width);
        return {-reach, reach, -0.8 * reach, 0.8 * reach};
    }
    LandscapeSuggestion suggestion() const
    {
        // A tenth of the relaxation time where a well is steeper than the default's.
        const double steepest = bowl + std::max(left.pull(), right.pull());
        return {{{left.x, 0}, {right.x, 0}}, std::min(0.05, 0.1 / steepest), 20, {}};
    }
    static const LandscapeKernels& kernels(int isa) { return landscape_kernels_gaussian_wells(isa); }
};

std::unique_ptr<const Landscape> make(const Params& params)
{
    const auto well = [&params](const std::string& side) {
        return Well{params.number(side + "_x"), params.number(side + "_depth"), params.number(side + "_width")};
    };
    return std::make_unique<ClosedForm<GaussianWells>>(
        GaussianWells{params.number("bowl"), well("left"), well("right")}, params.number("stretch"));
}

ParamSpec depth_parameter(std::string key, std::string label, double value)
{
    ParamSpec spec =
        real_parameter(std::move(key), std::move(label), "How far the well reaches below the bowl.", value, {0, 2});
    spec.minimum = 0;
    return spec;
}

}  // namespace

const LandscapeEntry& landscape_entry_gaussian_wells()
{
    const std::string width = "Width of the well (standard deviation of its Gaussian): small is sharp.";
    static const LandscapeEntry entry{
        "gaussian_wells",
        "Two Gaussian wells",
        "A sharp deep well and a flat shallow one in a bowl: SGLD keeps to the deep one, fSGLD moves to the flat one.",
        "u = k/2 |r|² − Σ Aᵢ exp(−|r − cᵢ|² / (2 wᵢ²))",
        "Closed form; smoothing widens each well: w² → w² + σ²",
        {positive_parameter("bowl", "Bowl", "Curvature k of the bowl that holds the particles.", 0.1, {0.02, 1}),
         real_parameter("left_x", "Left well at x", "Where the left well lies on the x axis.", -1.8, {-4, 4}),
         depth_parameter("left_depth", "Left depth", 0.6),
         positive_parameter("left_width", "Left width", width, 0.6, {0.1, 4}),
         real_parameter("right_x", "Right well at x", "Where the right well lies on the x axis.", 1.8, {-4, 4}),
         depth_parameter("right_depth", "Right depth", 0.5),
         positive_parameter("right_width", "Right width", width, 2.0, {0.1, 4}), stretch_parameter()},
        &make};
    return entry;
}
#endif

}  // namespace basin
