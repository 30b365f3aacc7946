// u = h(x) (y - c(x))^2 / 2 + k x^2 / 2, h = h0 + h1 (x - f)^2, c = a sin(omega x): a curve of (nearly) zero loss,
// whose valley is widest near x = f; the bowl k makes the measure normalisable and its own minimum is (0, 0).
// Marginals: pi_u of x ~ h^(-1/2) exp(-beta k x^2 / 2).
#include "core/landscape/kernels.h"
#ifndef BASIN_KERNEL_ISA
#include <algorithm>
#include <cmath>

#include "core/landscape/closed_form.h"
#endif

namespace basin {
namespace {

template <class T>
struct FlatValleyFunctor {
    T h0, h1, flat_at, amplitude, omega, bowl;

    BASIN_INLINE T value(T x, T y) const
    {
        const T h = h0 + h1 * (x - flat_at) * (x - flat_at);
        const T d = y - amplitude * math::sin(omega * x);
        return T(0.5) * (h * d * d + bowl * x * x);
    }
    BASIN_INLINE void gradient(T x, T y, T& gx, T& gy) const
    {
        const T h = h0 + h1 * (x - flat_at) * (x - flat_at);
        const T d = y - amplitude * math::sin(omega * x);
        const T slope = amplitude * omega * math::cos(omega * x);
        gx = h1 * (x - flat_at) * d * d - h * d * slope + bowl * x;
        gy = h * d;
    }
};

}  // namespace

BASIN_LANDSCAPE_KERNELS(flat_valley, FlatValleyFunctor)

#ifndef BASIN_KERNEL_ISA
namespace {

/// E h(x + sigma Z) exp(i w (x + sigma Z)) and its derivative in x: the heat formula moves h to x + i w sigma^2.
struct Wave {
    double sine, cosine, sine_slope, cosine_slope;
};

struct FlatValley {
    double h0, h1, flat_at, amplitude, omega, bowl;

    template <class T>
    FlatValleyFunctor<T> functor() const
    {
        return {static_cast<T>(h0),        static_cast<T>(h1),    static_cast<T>(flat_at),
                static_cast<T>(amplitude), static_cast<T>(omega), static_cast<T>(bowl)};
    }
    double width(double x) const { return h0 + h1 * (x - flat_at) * (x - flat_at); }
    Hessian2 hessian(Point at) const
    {
        const double h = width(at.x);
        const double dh = 2 * h1 * (at.x - flat_at);
        const double c = amplitude * std::sin(omega * at.x);
        const double dc = amplitude * omega * std::cos(omega * at.x);
        const double d = at.y - c;
        return {h1 * d * d - 2 * dh * d * dc + h * dc * dc + h * d * omega * omega * c + bowl, dh * d - h * dc, h};
    }
    Wave wave(double x, double w, double sigma) const
    {
        const double s2 = sigma * sigma;
        const double damp = std::exp(-0.5 * w * w * s2);
        const double real = width(x) + h1 * s2 - h1 * w * w * s2 * s2;
        const double imaginary = 2 * h1 * (x - flat_at) * w * s2;
        const double real_slope = 2 * h1 * (x - flat_at);
        const double imaginary_slope = 2 * h1 * w * s2;
        const double s = damp * std::sin(w * x);
        const double c = damp * std::cos(w * x);
        return {real * s + imaginary * c, real * c - imaginary * s,
                (real_slope - w * imaginary) * s + (w * real + imaginary_slope) * c,
                (real_slope - w * imaginary) * c - (imaginary_slope + w * real) * s};
    }
    // u = h (y^2 + a^2/2)/2 - a h y sin(omega x) - a^2/4 h cos(2 omega x) + k x^2/2, smoothed term by term.
    double smoothed(Point at, double sigma) const
    {
        const double s2 = sigma * sigma;
        const double mean_h = width(at.x) + h1 * s2;
        return 0.5 * mean_h * (at.y * at.y + s2 + 0.5 * amplitude * amplitude) -
               amplitude * at.y * wave(at.x, omega, sigma).sine -
               0.25 * amplitude * amplitude * wave(at.x, 2 * omega, sigma).cosine + 0.5 * bowl * (at.x * at.x + s2);
    }
    Point smoothed_gradient(Point at, double sigma) const
    {
        const double s2 = sigma * sigma;
        const Wave once = wave(at.x, omega, sigma);
        const double along = h1 * (at.x - flat_at) * (at.y * at.y + s2 + 0.5 * amplitude * amplitude) -
                             amplitude * at.y * once.sine_slope -
                             0.25 * amplitude * amplitude * wave(at.x, 2 * omega, sigma).cosine_slope + bowl * at.x;
        return {along, (width(at.x) + h1 * s2) * at.y - amplitude * once.sine};
    }
    Box view() const
    {
        const double up = std::max(2.0, 4 * std::abs(amplitude));
        return {std::min(-3.0, flat_at - 4), std::max(3.5, flat_at + 2.5), -up, up};
    }
    LandscapeSuggestion suggestion() const { return {{{-2.4, -0.3}}, 0.01, 20, 0.3}; }
    static const LandscapeKernels& kernels(int isa) { return landscape_kernels_flat_valley(isa); }
};

std::unique_ptr<const Landscape> make(const Params& params)
{
    const FlatValley shape{params.number("h0"),        params.number("h1"),    params.number("flat_at"),
                           params.number("amplitude"), params.number("omega"), params.number("bowl")};
    return std::make_unique<ClosedForm<FlatValley>>(shape, params.number("stretch"));
}

ParamSpec widening_parameter()
{
    ParamSpec spec =
        real_parameter("h1", "Narrowing", "How fast the valley narrows away from its widest place.", 1, {0, 4});
    spec.minimum = 0;
    return spec;
}

}  // namespace

const LandscapeEntry& landscape_entry_flat_valley()
{
    static const LandscapeEntry entry{
        "flat_valley",
        "Flat valley",
        "A winding valley of nearly zero loss: descent drifts to the bowl's middle, fSGLD to the widest place.",
        "u = ½ h(x) (y − a sin ωx)² + ½ k x²,  h = h0 + h1 (x − f)²",
        "Closed form; under π_u the x marginal is h(x)^(−1/2) exp(−βkx²/2)",
        {positive_parameter("h0", "Least curvature", "Curvature across the valley where it is widest.", 0.5, {0.1, 4}),
         widening_parameter(), real_parameter("flat_at", "Widest at x", "Where the valley is widest.", 1, {-3, 3}),
         real_parameter("amplitude", "Amplitude", "How far the valley winds to both sides.", 0.5, {0, 2}),
         real_parameter("omega", "Frequency", "How often the valley winds.", 1, {0, 4}),
         positive_parameter("bowl", "Bowl", "Curvature k of the bowl that holds the particles.", 0.02, {0.005, 0.5}),
         stretch_parameter()},
        &make};
    return entry;
}
#endif

}  // namespace basin
