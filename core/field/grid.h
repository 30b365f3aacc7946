// A rectangle of cells and one number in each: what fields, densities, contour lines and basins are made of.
#pragma once

#include <cmath>
#include <cstddef>
#include <stop_token>
#include <vector>

#include "core/landscape/landscape.h"

namespace basin {

/// Columns x rows equal cells that fill a box. A number of a cell belongs to its middle; row 0 is lowest in y.
struct Lattice {
    Box box;
    std::size_t columns = 1;
    std::size_t rows = 1;
    bool operator==(const Lattice&) const = default;

    static constexpr std::size_t kOutside = static_cast<std::size_t>(-1);

    std::size_t size() const { return columns * rows; }
    double cell_width() const { return (box.x_max - box.x_min) / static_cast<double>(columns); }
    double cell_height() const { return (box.y_max - box.y_min) / static_cast<double>(rows); }
    double cell_area() const { return cell_width() * cell_height(); }
    double x(std::size_t column) const { return box.x_min + (static_cast<double>(column) + 0.5) * cell_width(); }
    double y(std::size_t row) const { return box.y_min + (static_cast<double>(row) + 0.5) * cell_height(); }
    Point middle(std::size_t cell) const { return {x(cell % columns), y(cell / columns)}; }

    /// The cell that holds a point; kOutside when none does (NaN too).
    std::size_t cell_at(Point at) const
    {
        const double column = (at.x - box.x_min) / cell_width();
        const double row = (at.y - box.y_min) / cell_height();
        if (!(column >= 0 && column < static_cast<double>(columns) && row >= 0 && row < static_cast<double>(rows))) {
            return kOutside;
        }
        return static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(column);
    }
};

/// A number in each cell of a lattice, row after row. A value.
template <class Number>
struct BasicGrid {
    Lattice lattice;
    std::vector<Number> values;

    BasicGrid() = default;
    explicit BasicGrid(const Lattice& cells) : lattice(cells), values(cells.size()) {}

    Number& at(std::size_t column, std::size_t row) { return values[row * lattice.columns + column]; }
    const Number& at(std::size_t column, std::size_t row) const { return values[row * lattice.columns + column]; }
};

using Grid = BasicGrid<double>;
using FloatGrid = BasicGrid<float>;

/// One row of a grid: values(column) = function(Point). Rows are independent, so threads may share them out.
template <class Number, class Function>
void fill_row(BasicGrid<Number>& grid, std::size_t row, const Function& function)
{
    const Lattice& cells = grid.lattice;
    for (std::size_t column = 0; column < cells.columns; ++column) {
        grid.at(column, row) = static_cast<Number>(function(Point{cells.x(column), cells.y(row)}));
    }
}

/// All rows. False when `stop` was requested before the last one; the grid is then to be thrown away.
template <class Number, class Function>
bool fill(BasicGrid<Number>& grid, const Function& function, const std::stop_token& stop = {})
{
    for (std::size_t row = 0; row < grid.lattice.rows; ++row) {
        if (stop.stop_requested())
            return false;
        fill_row(grid, row, function);
    }
    return true;
}

}  // namespace basin
