// How many particles each cell of a lattice holds.
#pragma once

#include <cstddef>
#include <span>

#include "core/field/grid.h"

namespace basin {

struct Density {
    FloatGrid counts;
    std::size_t outside = 0;  // finite, but not in the box
    std::size_t escaped = 0;  // not finite
};

/// `positions` holds x and y of each particle in turn. Any thread.
Density count_particles(const Lattice& lattice, std::span<const float> positions);

}  // namespace basin
