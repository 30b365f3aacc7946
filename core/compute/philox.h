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

constexpr std::uint32_t kFactorA = 0xD2511F53U;
constexpr std::uint32_t kFactorC = 0xCD9E8D57U;
constexpr std::uint32_t kKeyStepLow = 0x9E3779B9U;
constexpr std::uint32_t kKeyStepHigh = 0xBB67AE85U;

/// Four consecutive numbers: what one block of the counter gives.
struct Words {
    std::uint32_t a, b, c, d;
};
struct Normals {
    float a, b, c, d;
};

/// Both halves of one multiplication: a GPU has an instruction for it, which its compiler would surround with additions
/// of nothing.
BASIN_INLINE std::uint64_t product(std::uint32_t x, std::uint32_t y)
{
#if defined(__CUDA_ARCH__)
    std::uint64_t both = 0;
    asm("mul.wide.u32 %0, %1, %2;" : "=l"(both) : "r"(x), "r"(y));
    return both;
#else
    return static_cast<std::uint64_t>(x) * y;
#endif
}
BASIN_INLINE std::uint32_t high(std::uint64_t product)
{
    return static_cast<std::uint32_t>(product >> 32U);
}
BASIN_INLINE std::uint32_t low(std::uint64_t product)
{
    return static_cast<std::uint32_t>(product);
}

/// Ten rounds. Integers only, so exact everywhere.
BASIN_INLINE Words philox4x32(Words counter, std::uint32_t key_low, std::uint32_t key_high)
{
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t of_a = product(counter.a, kFactorA);
        const std::uint64_t of_c = product(counter.c, kFactorC);
        counter = {high(of_c) ^ counter.b ^ key_low, low(of_c), high(of_a) ^ counter.d ^ key_high, low(of_a)};
        key_low += kKeyStepLow;
        key_high += kKeyStepHigh;
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

/// ((bits >> 8) + 1/2) * 2^-24, rounded to float: in (0, 1].
BASIN_INLINE float uniform(std::uint32_t bits)
{
    return static_cast<float>(static_cast<std::int32_t>(bits >> 8U)) * 0x1p-24F + 0x1p-25F;
}

/// sqrt(-2 log u) of Box-Muller with u = uniform(bits). The largest u is exactly 1 and gives 0, never NaN.
BASIN_INLINE float normal_radius(std::uint32_t bits)
{
    constexpr std::uint32_t kRootHalf = 0x3f3504f3U;            // bits of sqrt(1/2), see math::log
    constexpr std::uint32_t kScale = std::uint32_t{24} << 23U;  // the factor 2^-24 of u
    const float scaled = static_cast<float>(static_cast<std::int32_t>(bits >> 8U)) + 0.5F;
    const std::uint32_t above = math::to_bits(scaled) - (kRootHalf + kScale);
    const float e = static_cast<float>(static_cast<std::int32_t>(above) >> 23);
    const float f = math::from_bits((above & 0x007fffffU) + kRootHalf) - 1.0F;
    float p = -0.174696892F;  // tools/fit_polynomials.py
    p = p * f + 0.286150455F;
    p = p * f + -0.298359483F;
    p = p * f + 0.33141017F;
    p = p * f + -0.399241447F;
    p = p * f + 0.500035107F;
    p = p * f + -0.666679025F;
    p = p * f + 0.999999821F;
    p = p * f + -2.0F;
    return math::sqrt_of_normal(f * p + e * -1.38629436111989062F);
}

/// Sine and cosine of 2 pi ((bits >> 8) + 1/2) 2^-24. The two top bits are the quadrant; with r = what is left less the
/// quadrant's middle, cosine and sine there are even(r) -+ odd(r), and an odd quadrant swaps them, which is r -> -r.
BASIN_INLINE math::SinCos normal_angle(std::uint32_t bits)
{
    constexpr std::uint32_t kSign = 0x80000000U;
    const float fraction = math::from_bits(0x3f800000U | ((bits >> 7U) & 0x007ffffeU));  // 1 + 22 bits * 2^-22
    const float middle = fraction - (1.5F - 0x1p-23F);
    const float r = math::from_bits(math::to_bits(middle) ^ ((bits << 1U) & kSign));
    const float z = r * r;
    float even = -0.0144308843F;  // tools/fit_polynomials.py
    even = even * z + 0.179321319F;
    even = even * z + -0.872355521F;
    even = even * z + 0.707106769F;
    float odd = -0.0032542306F;
    odd = odd * z + 0.0563424304F;
    odd = odd * z + -0.456765145F;
    odd = odd * z + 1.11072075F;
    odd = odd * r;
    const std::uint32_t sine = math::to_bits(even + odd) ^ (bits & kSign);
    const std::uint32_t cosine = math::to_bits(even - odd) ^ ((bits ^ (bits << 1U)) & kSign);
    return {math::from_bits(sine), math::from_bits(cosine)};
}

/// Box-Muller: two normals from two words, cosine first. Within 3e-7 (1 + |n|) of the exact value.
BASIN_INLINE math::SinCos normal_pair(std::uint32_t first, std::uint32_t second)
{
    const float radius = normal_radius(first);
    const math::SinCos angle = normal_angle(second);
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
