// Lines of equal height.
#pragma once

#include <cstddef>
#include <stop_token>
#include <vector>

#include "core/field/grid.h"

namespace basin {

/// A contour line; a closed one ends where it began (first point repeated).
struct Polyline {
    std::vector<Point> points;
    bool closed() const
    {
        return points.size() > 2 && points.front().x == points.back().x && points.front().y == points.back().y;
    }
};

/// The lines of one level by marching squares through the cells' middles, joined; position error O(cell^2).
/// Squares with a corner that is not finite have no line. A saddle square is cut by the mean of its corners.
std::vector<Polyline> contour(const Grid& grid, double level);

struct ContourSet {
    std::vector<double> levels;
    std::vector<std::vector<Polyline>> lines;  // by level
};

/// Levels that show sharp and flat wells alike: the share of the area below level k of n is (k / (n + 1))^2, so lines
/// crowd neither in the steep walls nor in the wide plain, and stretching the loss axis would not move them.
/// Ascending, no two equal; fewer than `count` where the field is flat.
std::vector<double> contour_levels(const Grid& grid, std::size_t count);

/// Lines of every level, until stopped (then what is ready).
ContourSet contours(const Grid& grid, std::vector<double> levels, const std::stop_token& stop = {});

}  // namespace basin
