#include "core/spectrum/random_vector.h"

#include <array>
#include <cstddef>

#include "core/compute/philox.h"

namespace basin {

RngKey probe_key(std::uint64_t seed, ProbeDraw purpose, std::uint32_t number)
{
    return {.seed = seed,
            .stream = Stream::probe,
            .step = (static_cast<std::uint32_t>(purpose) << 20U) + number / 4096,
            .draw = number % 4096,
            .lane = 0};
}

void fill_random(std::span<double> out, NoiseKind kind, const RngKey& key)
{
    for (std::size_t i = 0; i < out.size(); i += 4) {
        const philox::Words words = philox::words(key, i / 4);
        const philox::Normals n = kind == NoiseKind::normal ? philox::normals(words) : philox::rademachers(words);
        const std::array<float, 4> four{n.a, n.b, n.c, n.d};
        for (std::size_t k = 0; k < 4 && i + k < out.size(); ++k) {
            out[i + k] = static_cast<double>(four[k]);
        }
    }
}

}  // namespace basin
