// u = (x^2 + y - 11)^2 + (x + y^2 - 7)^2. Lap^2 u = 48 everywhere, so g = u + sigma^2/2 Lap u + 6 sigma^4 exactly, and
// pi_v = pi_g at every sigma. Four minima of equal value; Lap u is least at (3, 2).
#include "core/landscape/kernels.h"
#ifndef BASIN_KERNEL_ISA
#include "core/landscape/closed_form.h"
#endif

namespace basin {
namespace {

template <class T>
struct HimmelblauFunctor {
    BASIN_INLINE T value(T x, T y) const
    {
        const T p = x * x + y - T(11);
        const T q = x + y * y - T(7);
        return p * p + q * q;
    }
    BASIN_INLINE void gradient(T x, T y, T& gx, T& gy) const
    {
        const T p = x * x + y - T(11);
        const T q = x + y * y - T(7);
        gx = T(4) * x * p + T(2) * q;
        gy = T(2) * p + T(4) * y * q;
    }
};

}  // namespace

BASIN_LANDSCAPE_KERNELS(himmelblau, HimmelblauFunctor)

#ifndef BASIN_KERNEL_ISA
namespace {

struct Himmelblau {
    template <class T>
    HimmelblauFunctor<T> functor() const
    {
        return {};
    }
    Hessian2 hessian(Point at) const
    {
        return {12 * at.x * at.x + 4 * at.y - 42, 4 * (at.x + at.y), 4 * at.x + 12 * at.y * at.y - 26};
    }
    double smoothed(Point at, double sigma) const
    {
        const double s2 = sigma * sigma;
        return functor<double>().value(at.x, at.y) + 0.5 * s2 * hessian(at).trace() + 6 * s2 * s2;
    }
    Point smoothed_gradient(Point at, double sigma) const
    {
        Point slope;
        functor<double>().gradient(at.x, at.y, slope.x, slope.y);
        const double half = 0.5 * sigma * sigma;
        return {slope.x + half * (24 * at.x + 4), slope.y + half * (24 * at.y + 4)};
    }
    Box view() const { return {-5.5, 5.5, -5.5, 5.5}; }
    LandscapeSuggestion suggestion() const { return {{{0.2, -0.5}}, 0.001, 1, 0.3}; }
    static const LandscapeKernels& kernels(int isa) { return landscape_kernels_himmelblau(isa); }
};

std::unique_ptr<const Landscape> make(const Params& params)
{
    return std::make_unique<ClosedForm<Himmelblau>>(Himmelblau{}, params.number("stretch"));
}

}  // namespace

const LandscapeEntry& landscape_entry_himmelblau()
{
    static const LandscapeEntry entry{
        "himmelblau",
        "Himmelblau",
        "Four minima of equal loss and different sharpness; smoothing prefers the one at (3, 2).",
        "u = (x² + y − 11)² + (x + y² − 7)²",
        "Himmelblau, Applied Nonlinear Programming (1972)",
        {stretch_parameter()},
        &make};
    return entry;
}
#endif

}  // namespace basin
