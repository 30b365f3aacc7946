// Philox4x32-10 and Box-Muller, for CPU kernels and CUDA alike.
//
// J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
// The layout of key and counter is part of the file format (core/run/FORMAT.md):
//   key = seed; counter = (block low, block high, step, rng_word(key)); number i = output i mod 4 of block i div 4.
#pragma once

#include <cstdint>

#include "core/compute/math.h"
#include "core/compute/rng.h"

namespace basin::philox {

/// Four consecutive numbers: what one block of the counter gives.
struct Words {
    std::uint32_t a, b, c, d;
};
struct Normals {
    float a, b, c, d;
};

BASIN_INLINE std::uint32_t high_product(std::uint32_t x, std::uint32_t y)
{
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(x) * y) >> 32U);
}

/// Ten rounds. Integers only, so exact everywhere.
BASIN_INLINE Words philox4x32(Words counter, std::uint32_t key_low, std::uint32_t key_high)
{
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
        const std::uint32_t high_a = high_product(counter.a, 0xD2511F53U);
        const std::uint32_t low_a = counter.a * 0xD2511F53U;
        const std::uint32_t high_c = high_product(counter.c, 0xCD9E8D57U);
        const std::uint32_t low_c = counter.c * 0xCD9E8D57U;
        counter = {high_c ^ counter.b ^ key_low, low_c, high_a ^ counter.d ^ key_high, low_a};
        key_low += 0x9E3779B9U;
        key_high += 0xBB67AE85U;
    }
    return counter;
}

BASIN_INLINE Words words(std::uint64_t seed, std::uint32_t step, std::uint32_t word, std::uint64_t block)
{
    const Words counter{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32U), step, word};
    return philox4x32(counter, static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U));
}

BASIN_INLINE Words words(const RngKey& key, std::uint64_t block)
{
    return words(key.seed, key.step, rng_word(key), block);
}

/// ((bits >> 8) + 1/2) * 2^-24, rounded to float: in (0, 1]. The largest value is exactly 1 with probability 2^-24; its
/// logarithm is exactly 0 here, so the normal is 0 and never NaN.
BASIN_INLINE float uniform(std::uint32_t bits)
{
    return static_cast<float>(static_cast<std::int32_t>(bits >> 8U)) * 0x1p-24F + 0x1p-25F;
}

/// Box-Muller: two normals from two words, cosine first.
BASIN_INLINE math::SinCos normal_pair(std::uint32_t first, std::uint32_t second)
{
    const float radius = math::sqrt(-2.0F * math::log(uniform(first)));
    const math::SinCos angle = math::sincos_turns(uniform(second));
    return {radius * angle.sin, radius * angle.cos};
}

BASIN_INLINE Normals normals(const Words& w)
{
    const math::SinCos one = normal_pair(w.a, w.b);
    const math::SinCos two = normal_pair(w.c, w.d);
    return {one.cos, one.sin, two.cos, two.sin};
}

/// +1 or -1: the word's top bit is the sign.
BASIN_INLINE float rademacher(std::uint32_t bits)
{
    return math::from_bits(0x3f800000U | (bits & 0x80000000U));
}

BASIN_INLINE Normals rademachers(const Words& w)
{
    return {rademacher(w.a), rademacher(w.b), rademacher(w.c), rademacher(w.d)};
}

/// Number `index` of a sequence, for places that need a few only (data, labels, batches).
inline std::uint32_t word_at(const RngKey& key, std::uint64_t index)
{
    const Words w = words(key, index / 4);
    switch (index % 4) {
        case 0:
            return w.a;
        case 1:
            return w.b;
        case 2:
            return w.c;
        default:
            return w.d;
    }
}

inline float normal_at(const RngKey& key, std::uint64_t index)
{
    const Normals n = normals(words(key, index / 4));
    switch (index % 4) {
        case 0:
            return n.a;
        case 1:
            return n.b;
        case 2:
            return n.c;
        default:
            return n.d;
    }
}

}  // namespace basin::philox
