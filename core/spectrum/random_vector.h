// The random vectors of everything that probes a matrix.
#pragma once

#include <cstdint>
#include <span>

#include "core/compute/rng.h"

namespace basin {

/// What a random vector is for. Part of the file format (core/run/FORMAT.md): append, never renumber; 0 stays free for
/// what has no random vectors.
enum class ProbeDraw : std::uint32_t {
    lanczos_start = 1,
    lanczos_fresh = 2,
    trace = 3,
    sketch = 4,
    density = 5,
    perturbation = 6,
    slice = 7,
};

/// Key of the `number`-th vector: Stream::probe, step = 2^20 * purpose + number div 4096, draw = number mod 4096,
/// lane 0; a coordinate is the index. Neither lane nor step of a run enters, so all lanes and times are seen through
/// the same vectors and what differs is the matrix.
RngKey probe_key(std::uint64_t seed, ProbeDraw purpose, std::uint32_t number);

/// Fills `out` with N(0, 1) or with +-1.
void fill_random(std::span<double> out, NoiseKind kind, const RngKey& key);

}  // namespace basin
