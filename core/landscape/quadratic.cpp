// u = 1/2 (axx dx^2 + 2 axy dx dy + ayy dy^2), dx = x - cx, dy = y - cy. Smoothing only lifts it:
// g = v = u + sigma^2/2 (axx + ayy). pi_u is the normal law with mean c and covariance A^-1 / beta.
#include "core/landscape/kernels.h"
#ifndef BASIN_KERNEL_ISA
#include <algorithm>
#include <stdexcept>

#include "core/landscape/closed_form.h"
#endif

namespace basin {
namespace {

template <class T>
struct QuadraticFunctor {
    T axx, axy, ayy, cx, cy;
    BASIN_INLINE T value(T x, T y) const
    {
        const T dx = x - cx;
        const T dy = y - cy;
        return T(0.5) * (axx * dx * dx + ayy * dy * dy) + axy * dx * dy;
    }
    BASIN_INLINE void gradient(T x, T y, T& gx, T& gy) const
    {
        const T dx = x - cx;
        const T dy = y - cy;
        gx = axx * dx + axy * dy;
        gy = axy * dx + ayy * dy;
    }
};

}  // namespace

BASIN_LANDSCAPE_KERNELS(quadratic, QuadraticFunctor)

#ifndef BASIN_KERNEL_ISA
namespace {

struct Quadratic {
    double axx, axy, ayy, cx, cy;

    template <class T>
    QuadraticFunctor<T> functor() const
    {
        return {static_cast<T>(axx), static_cast<T>(axy), static_cast<T>(ayy), static_cast<T>(cx), static_cast<T>(cy)};
    }
    Hessian2 hessian(Point) const { return {axx, axy, ayy}; }
    double smoothed(Point at, double sigma) const
    {
        return functor<double>().value(at.x, at.y) + 0.5 * sigma * sigma * (axx + ayy);
    }
    Point smoothed_gradient(Point at, double) const
    {
        Point slope;
        functor<double>().gradient(at.x, at.y, slope.x, slope.y);
        return slope;
    }
    Box view() const { return {cx - 3, cx + 3, cy - 3, cy + 3}; }
    LandscapeSuggestion suggestion() const
    {
        // A tenth of the largest stable step where the bowl is steeper than the default.
        const double step = std::min(0.05, 0.2 / eigenvalues({axx, axy, ayy})[1]);
        return {{{cx - 2.5, cy + 2.2}}, step, 20, {}};
    }
    static const LandscapeKernels& kernels(int isa) { return landscape_kernels_quadratic(isa); }
};

std::unique_ptr<const Landscape> make(const Params& params)
{
    const Quadratic shape{params.number("axx"), params.number("axy"), params.number("ayy"), params.number("cx"),
                          params.number("cy")};
    if (shape.axx * shape.ayy <= shape.axy * shape.axy)
        throw std::invalid_argument(
            "axy is " + format_number(shape.axy) +
            ", but the quadratic has a minimum only while axy^2 < axx ayy = " + format_number(shape.axx * shape.ayy));
    return std::make_unique<ClosedForm<Quadratic>>(shape, params.number("stretch"));
}

}  // namespace

const LandscapeEntry& landscape_entry_quadratic()
{
    static const LandscapeEntry entry{
        "quadratic",
        "Quadratic bowl",
        "A bowl whose samplers have exactly known laws: flat and sharp directions, nothing else.",
        "u = ½ (axx dx² + 2 axy dx dy + ayy dy²),  dx = x − cx,  dy = y − cy",
        "Closed form; pi_u is the normal law N(c, A⁻¹/β)",
        {positive_parameter("axx", "Curvature along x", "Second derivative along x.", 2, {0.1, 20}),
         real_parameter("axy", "Mixed curvature", "Mixed second derivative; its square must stay below axx ayy.", 0.5,
                        {-2, 2}),
         positive_parameter("ayy", "Curvature along y", "Second derivative along y.", 0.5, {0.1, 20}),
         real_parameter("cx", "Minimum at x", "Where the minimum lies in x.", 0, {-3, 3}),
         real_parameter("cy", "Minimum at y", "Where the minimum lies in y.", 0, {-3, 3}), stretch_parameter()},
        &make};
    return entry;
}
#endif

}  // namespace basin
