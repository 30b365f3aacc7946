// Finds the minima of a smooth function of the plane.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/landscape/landscape.h"

namespace basin {

/// A function with its exact derivatives.
struct Surface {
    std::function<double(Point)> value;
    std::function<Point(Point)> gradient;
    std::function<Hessian2(Point)> hessian;
};

/// Eigenvalues of a symmetric 2 x 2 matrix, ascending.
std::array<double, 2> eigenvalues(const Hessian2& hessian);

/// Walks downhill from `start` to a minimum with steps of at most `reach`, never uphill; exact to rounding. Empty where
/// the walk ends in no strict minimum (runs away, a saddle, a flat valley).
std::optional<Point> descend(const Surface& surface, Point start, double reach);

/// All strict minima inside the view that walks from a grid of starts and from `hints` come to. Sorted by value, ties
/// (which are all `global` when lowest) by x. Hints are for wells that are narrower than the grid's gaps.
std::vector<Minimum> find_minima(const Surface& surface, const Box& view, std::span<const Point> hints = {});

/// The pass between two minima when the straight way from `from` to `to` leads near it: the way's highest point, then
/// Newton's method to the saddle. Empty when that ends in no saddle between them.
std::optional<Point> find_saddle(const Surface& surface, Point from, Point to);

/// A landscape as a surface; it must outlive the result.
Surface surface_of(const Landscape& landscape);

}  // namespace basin
