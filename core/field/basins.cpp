#include "core/field/basins.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/landscape/minima.h"

namespace basin {
namespace {

/// The neighbour that lies deepest below a cell for its distance; the cell itself in a pit.
std::size_t steepest(const Grid& grid, std::size_t column, std::size_t row)
{
    const Lattice& cells = grid.lattice;
    const double diagonal = std::hypot(cells.cell_width(), cells.cell_height());
    const double here = grid.at(column, row);
    std::size_t best = row * cells.columns + column;
    double steepest_fall = 0;
    for (std::size_t r = row > 0 ? row - 1 : 0; r <= std::min(row + 1, cells.rows - 1); ++r) {
        for (std::size_t c = column > 0 ? column - 1 : 0; c <= std::min(column + 1, cells.columns - 1); ++c) {
            const double distance = r == row ? cells.cell_width() : c == column ? cells.cell_height() : diagonal;
            const double fall = (here - grid.at(c, r)) / distance;
            if (fall > steepest_fall) {
                steepest_fall = fall;
                best = r * cells.columns + c;
            }
        }
    }
    return best;
}

std::int16_t nearest_minimum(const std::vector<Minimum>& minima, Point at, double near)
{
    for (std::size_t i = 0; i < minima.size(); ++i) {
        if (std::hypot(minima[i].at.x - at.x, minima[i].at.y - at.y) < near)
            return static_cast<std::int16_t>(i);
    }
    return Basins::kNone;
}

}  // namespace

std::vector<std::size_t> watershed(const Grid& grid)
{
    const std::size_t columns = grid.lattice.columns;
    std::vector<std::size_t> pit(grid.values.size());
    for (std::size_t cell = 0; cell < pit.size(); ++cell)
        pit[cell] = steepest(grid, cell % columns, cell / columns);
    std::vector<std::size_t> path;
    for (std::size_t cell = 0; cell < pit.size(); ++cell) {
        std::size_t end = cell;
        path.clear();
        while (pit[end] != end) {
            path.push_back(end);
            end = pit[end];
        }
        for (const std::size_t passed : path)
            pit[passed] = end;
    }
    return pit;
}

std::optional<Basins> find_basins(const Landscape& landscape, const Grid& u, const std::stop_token& stop)
{
    const Lattice& cells = u.lattice;
    const Surface surface = surface_of(landscape);
    const double cell = std::hypot(cells.cell_width(), cells.cell_height());
    const std::vector<std::size_t> pits = watershed(u);
    if (stop.stop_requested())
        return std::nullopt;
    Basins basins{cells, std::vector<std::int16_t>(cells.size()), landscape.minima().size()};
    std::unordered_map<std::size_t, std::int16_t> minimum_of_pit;
    for (std::size_t i = 0; i < pits.size(); ++i) {
        auto [place, fresh] = minimum_of_pit.try_emplace(pits[i], Basins::kNone);
        if (fresh) {
            if (stop.stop_requested())
                return std::nullopt;
            const std::optional<Point> end = descend(surface, cells.middle(pits[i]), cell);
            if (end)
                place->second = nearest_minimum(landscape.minima(), *end, 0.01 * cell);
        }
        basins.of_cell[i] = place->second;
    }
    return basins;
}

}  // namespace basin
