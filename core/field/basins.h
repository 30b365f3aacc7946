// Which minimum each place belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/field/grid.h"

namespace basin {

/// Basins of a landscape under gradient flow: the index into landscape.minima() of every cell of a lattice.
struct Basins {
    static constexpr std::int16_t kNone = -1;  // flows to a minimum outside the view, or to none
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

/// From the lowest cell upwards, the flow is followed from each cell's middle until
/// it is among cells that agree; so borders are right to about a cell, also far from the minima, where descent from
/// cell to neighbouring cell goes astray by its eight directions. Empty when stopped.
std::optional<Basins> find_basins(const Landscape& landscape, const Lattice& lattice, const std::stop_token& stop = {});

}  // namespace basin
