#include "core/field/basins.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/landscape/minima.h"

namespace basin {
namespace {

constexpr std::int16_t kUnknown = -2;

std::int16_t nearest_minimum(const std::vector<Minimum>& minima, Point at, double within)
{
    std::int16_t nearest = Basins::kNone;
    for (std::size_t i = 0; i < minima.size(); ++i) {
        const double distance = std::hypot(minima[i].at.x - at.x, minima[i].at.y - at.y);
        if (distance < within) {
            within = distance;
            nearest = static_cast<std::int16_t>(i);
        }
    }
    return nearest;
}

/// The label of a cell when all its labelled neighbours have it too; kUnknown otherwise.
std::int16_t agreed(const Basins& basins, std::size_t cell)
{
    const Lattice& cells = basins.lattice;
    const std::size_t column = cell % cells.columns;
    const std::size_t row = cell / cells.columns;
    const std::int16_t label = basins.of_cell[cell];
    for (std::size_t r = row - (row > 0); r <= std::min(row + 1, cells.rows - 1); ++r) {
        for (std::size_t c = column - (column > 0); c <= std::min(column + 1, cells.columns - 1); ++c) {
            const std::int16_t other = basins.of_cell[r * cells.columns + c];
            if (other != label && other != kUnknown)
                return kUnknown;
        }
    }
    return label;
}

/// One step of length `hop` along the flow, by the midpoint rule.
Point downstream(const Landscape& landscape, Point at, double hop)
{
    Point slope = landscape.gradient(at);
    double factor = 0.5 * hop / std::max(std::hypot(slope.x, slope.y), std::numeric_limits<double>::min());
    slope = landscape.gradient({at.x - factor * slope.x, at.y - factor * slope.y});
    factor = hop / std::max(std::hypot(slope.x, slope.y), std::numeric_limits<double>::min());
    return {at.x - factor * slope.x, at.y - factor * slope.y};
}

std::int16_t follow(const Landscape& landscape, const Surface& surface, const Basins& known, std::size_t from)
{
    const Lattice& cells = known.lattice;
    const double diagonal = std::hypot(cells.cell_width(), cells.cell_height());
    const double hop = 0.5 * std::min(cells.cell_width(), cells.cell_height());
    Point at = cells.middle(from);
    for (std::size_t hops = 0; hops < 8 * (cells.columns + cells.rows); ++hops) {
        const std::size_t cell = cells.cell_at(at);
        if (cell == Lattice::kOutside)
            break;
        if (const std::int16_t label = agreed(known, cell); label != kUnknown)
            return label;
        if (const std::int16_t minimum = nearest_minimum(landscape.minima(), at, diagonal); minimum != Basins::kNone)
            return minimum;
        const Point next = downstream(landscape, at, hop);
        if (!(landscape.value(next) < landscape.value(at)))
            break;  // a valley narrower than a hop
        at = next;
    }
    const std::optional<Point> end = descend(surface, at, diagonal);
    return end ? nearest_minimum(landscape.minima(), *end, 0.01 * diagonal) : Basins::kNone;
}

}  // namespace

std::optional<Basins> find_basins(const Landscape& landscape, const Lattice& lattice, const std::stop_token& stop)
{
    const Surface surface = surface_of(landscape);
    Grid u(lattice);
    if (!fill(u, surface.value, stop))
        return std::nullopt;
    Basins basins{lattice, std::vector<std::int16_t>(lattice.size(), kUnknown), landscape.minima().size()};
    std::vector<std::uint32_t> upwards(lattice.size());
    std::iota(upwards.begin(), upwards.end(), 0U);
    std::sort(upwards.begin(), upwards.end(),
              [&u](std::uint32_t a, std::uint32_t b) { return u.values[a] < u.values[b]; });
    for (std::size_t i = 0; i < upwards.size(); ++i) {
        if (i % lattice.columns == 0 && stop.stop_requested())
            return std::nullopt;
        basins.of_cell[upwards[i]] = follow(landscape, surface, basins, upwards[i]);
    }
    return basins;
}

}  // namespace basin
