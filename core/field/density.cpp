#include "core/field/density.h"

namespace basin {

Density count_particles(const Lattice& lattice, std::span<const float> positions)
{
    Density density;
    density.counts = FloatGrid(lattice);
    for (std::size_t i = 0; i + 1 < positions.size(); i += 2) {
        const Point at{positions[i], positions[i + 1]};
        if (!std::isfinite(at.x) || !std::isfinite(at.y)) {
            ++density.escaped;
        } else if (const std::size_t cell = lattice.cell_at(at); cell == Lattice::kOutside) {
            ++density.outside;
        } else {
            density.counts.values[cell] += 1.0F;
        }
    }
    return density;
}

}  // namespace basin
