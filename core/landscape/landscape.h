// Closed-form objectives of the plane, exact in double; see kernels.h for the float kernels.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalog/params.h"

namespace basin {

struct LandscapeKernels;

struct Point {
    double x = 0;
    double y = 0;
};

struct Hessian2 {
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double trace() const { return xx + yy; }
};

/// View or box: [x_min, x_max] x [y_min, y_max].
struct Box {
    double x_min = -1;
    double x_max = 1;
    double y_min = -1;
    double y_max = 1;
    bool operator==(const Box&) const = default;
};

struct Minimum {
    Point at;
    double value = 0;
    std::array<double, 2> eigenvalues{};  // ascending
    bool global = false;
};

/// Settings that show something on this landscape; new lanes are filled with them.
struct LandscapeSuggestion {
    std::vector<Point> starts;  // at least one; chains are spread evenly over them, in order
    double step_size = 0.01;
    double beta = 20;
    std::optional<double> sigma;  // empty: coupled to beta
};

/// A landscape with its parameters fixed and `stretch` applied: u_L(theta) = u(theta / L). Immutable, so any
/// thread may call it. All in double; errors are rounding only unless a landscape says otherwise.
class Landscape {
public:
    virtual ~Landscape() = default;
    virtual double value(Point at) const = 0;
    virtual Point gradient(Point at) const = 0;
    virtual Hessian2 hessian(Point at) const = 0;
    /// E u(theta + sigma eps), eps ~ N(0, I), in closed form; and its gradient.
    virtual double smoothed(Point at, double sigma) const = 0;
    virtual Point smoothed_gradient(Point at, double sigma) const = 0;
    /// Minima inside the view, sorted by value; found once at construction and polished by Newton's method.
    virtual const std::vector<Minimum>& minima() const = 0;
    virtual Box view() const = 0;
    virtual LandscapeSuggestion suggestion() const = 0;
    /// u + sigma^2/2 tr Hess u.
    double second_order(Point at, double sigma) const { return value(at) + 0.5 * sigma * sigma * hessian(at).trace(); }
    /// Float kernels of an instruction set (index: Isa) and the functor that they take.
    virtual const LandscapeKernels& kernels(int isa) const = 0;
    virtual const void* functor() const = 0;
};

struct LandscapeEntry {
    std::string key;
    std::string label;
    std::string help;
    std::string formula;
    std::string reference;
    ParamSchema schema;  // `stretch` is among them
    std::unique_ptr<const Landscape> (*make)(const Params& params);
};

std::span<const LandscapeEntry* const> landscape_entries();
const LandscapeEntry& find_landscape(std::string_view key);

}  // namespace basin
