// Which minimum each place belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/field/grid.h"

namespace basin {

/// The pit (cell lower than its eight neighbours) that water from each cell runs into, by steepest descent.
std::vector<std::size_t> watershed(const Grid& grid);

/// Basins of a landscape on a lattice: the index into landscape.minima() of every cell.
struct Basins {
    static constexpr std::int16_t kNone = -1;  // runs to a minimum outside the view, or to none
    Lattice lattice;
    std::vector<std::int16_t> of_cell;
    std::size_t count = 0;

    /// kNone also outside of the lattice.
    std::int16_t at(Point point) const
    {
        const std::size_t cell = lattice.cell_at(point);
        return cell == Lattice::kOutside ? kNone : of_cell[cell];
    }
};

/// `u`: the landscape on its lattice. Pits that only the lattice makes (in a narrow curved valley) are followed down to
/// the true minimum. Borders are right to about a cell. Empty when stopped.
std::optional<Basins> find_basins(const Landscape& landscape, const Grid& u, const std::stop_token& stop = {});

}  // namespace basin
