// Turns the exact formulas of one landscape into a Landscape: stretch, minima, kernels.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/landscape/kernels.h"
#include "core/landscape/landscape.h"
#include "core/landscape/minima.h"

namespace basin {

/// A number of a landscape's schema: any, or one that must be positive. `slider` is what a slider spans.
ParamSpec real_parameter(std::string key, std::string label, std::string help, double value,
                         std::pair<double, double> slider);
ParamSpec positive_parameter(std::string key, std::string label, std::string help, double value,
                             std::pair<double, double> slider);
/// The parameter that every landscape has.
ParamSpec stretch_parameter();

/// `Shape` knows one landscape at stretch 1, all in double:
///     template <class T> Functor<T> functor() const;      value and gradient, see kernels.h
///     Hessian2 hessian(Point) const;
///     double smoothed(Point, double sigma) const;    Point smoothed_gradient(Point, double sigma) const;
///     Box view() const;    LandscapeSuggestion suggestion() const;
///     static const LandscapeKernels& kernels(int isa);
/// The adapter applies u_L(theta) = u(theta/L): derivatives fall by L and L^2, g_sigma[u_L](theta) =
/// g_(sigma/L)[u](theta/L), lengths grow by L, and step sizes by L^2 (the same motion in wider country).
template <class Shape>
class ClosedForm final : public Landscape {
public:
    ClosedForm(Shape shape, double stretch)
        : shape_(std::move(shape)),
          stretch_(stretch),
          functor_{shape_.template functor<double>(), 1 / stretch},
          float_functor_{shape_.template functor<float>(), static_cast<float>(1 / stretch)}
    {
        const Surface surface{[this](Point at) { return value(at); }, [this](Point at) { return gradient(at); },
                              [this](Point at) { return hessian(at); }};
        minima_ = find_minima(surface, view(), suggestion().starts);
    }
    // The float functor's address is handed out.
    ClosedForm(const ClosedForm&) = delete;
    ClosedForm& operator=(const ClosedForm&) = delete;

    double value(Point at) const override { return functor_.value(at.x, at.y); }
    Point gradient(Point at) const override
    {
        Point slope;
        functor_.gradient(at.x, at.y, slope.x, slope.y);
        return slope;
    }
    Hessian2 hessian(Point at) const override
    {
        const Hessian2 h = shape_.hessian(inner(at));
        const double factor = 1 / (stretch_ * stretch_);
        return {h.xx * factor, h.xy * factor, h.yy * factor};
    }
    double smoothed(Point at, double sigma) const override { return shape_.smoothed(inner(at), sigma / stretch_); }
    Point smoothed_gradient(Point at, double sigma) const override
    {
        const Point slope = shape_.smoothed_gradient(inner(at), sigma / stretch_);
        return {slope.x / stretch_, slope.y / stretch_};
    }
    const std::vector<Minimum>& minima() const override { return minima_; }
    Box view() const override
    {
        const Box box = shape_.view();
        return {box.x_min * stretch_, box.x_max * stretch_, box.y_min * stretch_, box.y_max * stretch_};
    }
    LandscapeSuggestion suggestion() const override
    {
        LandscapeSuggestion suggestion = shape_.suggestion();
        for (Point& start : suggestion.starts)
            start = {start.x * stretch_, start.y * stretch_};
        suggestion.step_size *= stretch_ * stretch_;
        if (suggestion.sigma)
            *suggestion.sigma *= stretch_;
        return suggestion;
    }
    const LandscapeKernels& kernels(int isa) const override { return Shape::kernels(isa); }
    const void* functor() const override { return &float_functor_; }

private:
    Point inner(Point at) const { return {at.x / stretch_, at.y / stretch_}; }

    Shape shape_;
    double stretch_;
    Stretched<decltype(std::declval<Shape>().template functor<double>())> functor_;
    Stretched<decltype(std::declval<Shape>().template functor<float>())> float_functor_;
    std::vector<Minimum> minima_;
};

}  // namespace basin
