// Two interleaved half circles: a data set that needs no file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace basin {

struct Moons {
    std::vector<float> points;  // count x 2
    std::vector<std::int64_t> labels;
};

/// Point i belongs to moon i mod 2: (cos t, sin t) or (1 - cos t, 1/2 - sin t), t uniform in [0, pi], plus normal noise
/// of deviation `noise` on both coordinates. `draw` tells training (0) and test points (1) of one seed apart. The
/// construction is scikit-learn's make_moons, with t drawn.
Moons two_moons(std::size_t count, double noise, std::uint64_t seed, std::uint32_t draw);

}  // namespace basin
