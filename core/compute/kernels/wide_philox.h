// Philox4x32-10 for many consecutive counter blocks at once. Only integers: the same words as philox.h, everywhere.
//
// A block's four words stand in the low halves of four 64-bit lanes, because x86 multiplies 32 by 32 bits to 64 in such
// lanes in one instruction and gives high and low word together. What is in the high halves is never looked at. The
// compiler's own way from the plain loop takes three times as many instructions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/compute/philox.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace basin {
namespace {

struct alignas(64) WordColumns {
    static constexpr std::size_t kBlocks = 256;
    std::uint32_t a[kBlocks];
    std::uint32_t b[kBlocks];
    std::uint32_t c[kBlocks];
    std::uint32_t d[kBlocks];
};

#ifdef __SSE2__

#if defined(__AVX512F__)
using Register = __m512i;
inline constexpr std::size_t kRegisterBytes = 64;
BASIN_INLINE Register product(Register x, Register y)
{
    return _mm512_mul_epu32(x, y);
}
BASIN_INLINE Register low_halves(Register x, Register y)
{
    return _mm512_castps_si512(_mm512_shuffle_ps(_mm512_castsi512_ps(x), _mm512_castsi512_ps(y), 0x88));
}
BASIN_INLINE Register high_halves(Register x, Register y)
{
    return _mm512_castps_si512(_mm512_shuffle_ps(_mm512_castsi512_ps(x), _mm512_castsi512_ps(y), 0xDD));
}
#elif defined(__AVX2__)
using Register = __m256i;
inline constexpr std::size_t kRegisterBytes = 32;
BASIN_INLINE Register product(Register x, Register y)
{
    return _mm256_mul_epu32(x, y);
}
BASIN_INLINE Register low_halves(Register x, Register y)
{
    return _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(x), _mm256_castsi256_ps(y), 0x88));
}
BASIN_INLINE Register high_halves(Register x, Register y)
{
    return _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(x), _mm256_castsi256_ps(y), 0xDD));
}
#else
using Register = __m128i;
inline constexpr std::size_t kRegisterBytes = 16;
BASIN_INLINE Register product(Register x, Register y)
{
    return _mm_mul_epu32(x, y);
}
BASIN_INLINE Register low_halves(Register x, Register y)
{
    return _mm_castps_si128(_mm_shuffle_ps(_mm_castsi128_ps(x), _mm_castsi128_ps(y), 0x88));
}
BASIN_INLINE Register high_halves(Register x, Register y)
{
    return _mm_castps_si128(_mm_shuffle_ps(_mm_castsi128_ps(x), _mm_castsi128_ps(y), 0xDD));
}
#endif

typedef std::uint64_t Wide __attribute__((vector_size(kRegisterBytes)));
inline constexpr std::size_t kWideLanes = kRegisterBytes / 8;

BASIN_INLINE Register words_of(Wide x)
{
    return reinterpret_cast<Register>(x);
}
BASIN_INLINE Wide wide_product(Wide x, std::uint32_t factor)
{
    return reinterpret_cast<Wide>(product(words_of(x), words_of(Wide{} + factor)));
}

struct WideWords {
    Wide a, b, c, d;
};

BASIN_INLINE WideWords wide_round(const WideWords& w, Wide key_low, Wide key_high)
{
    const Wide a = wide_product(w.a, philox::kFactorA);
    const Wide c = wide_product(w.c, philox::kFactorC);
    return {(c >> 32U) ^ w.b ^ key_low, c, (a >> 32U) ^ w.d ^ key_high, a};
}

BASIN_INLINE void store(std::uint32_t* to, Register words)
{
    __builtin_memcpy(to, &words, sizeof words);
}

/// The last round of two groups, packed into whole registers before its exclusive-ors: half as many of them.
BASIN_INLINE void store_last_round(WordColumns& to, std::size_t at, const WideWords& x, const WideWords& y,
                                   std::uint32_t key_low, std::uint32_t key_high)
{
    const Register xa = words_of(wide_product(x.a, philox::kFactorA));
    const Register ya = words_of(wide_product(y.a, philox::kFactorA));
    const Register xc = words_of(wide_product(x.c, philox::kFactorC));
    const Register yc = words_of(wide_product(y.c, philox::kFactorC));
    constexpr std::uint64_t kBothHalves = 0x100000001U;
    store(to.a + at,
          high_halves(xc, yc) ^ low_halves(words_of(x.b), words_of(y.b)) ^ words_of(Wide{} + key_low * kBothHalves));
    store(to.b + at, low_halves(xc, yc));
    store(to.c + at,
          high_halves(xa, ya) ^ low_halves(words_of(x.d), words_of(y.d)) ^ words_of(Wide{} + key_high * kBothHalves));
    store(to.d + at, low_halves(xa, ya));
}

/// The words of `blocks` blocks from (low, high), rounded up to kGroups registers; the low word must not overflow on
/// the way. A round waits for the one before it, so several groups of lanes go through the rounds side by side.
BASIN_INLINE void fill_words(WordColumns& to, std::size_t blocks, std::uint32_t low, std::uint32_t high,
                             const RngKey& key)
{
    constexpr std::size_t kGroups = 4;
    static_assert(WordColumns::kBlocks % (kGroups * kWideLanes) == 0);
    const auto key_low = static_cast<std::uint32_t>(key.seed);
    const auto key_high = static_cast<std::uint32_t>(key.seed >> 32U);
    const Wide b = Wide{} + high;
    const Wide c = Wide{} + key.step;
    const Wide d = Wide{} + rng_word(key);
    Wide first{};  // low_halves takes two lanes of each in turn: 0 1 from first, 2 3 from second, 4 5 from first, ...
    for (std::size_t lane = 0; lane < kWideLanes; ++lane) {
        first[lane] = low + 4 * (lane / 2) + lane % 2;
    }
    for (std::size_t i = 0; i < blocks; i += kGroups * kWideLanes) {
        WideWords groups[kGroups];
#pragma GCC unroll 4
        for (std::size_t g = 0; g < kGroups; ++g) {
            groups[g] = {first + (g / 2 * 2 * kWideLanes + g % 2 * 2), b, c, d};
        }
#pragma GCC unroll 9
        for (std::uint32_t round = 0; round < 9; ++round) {
            const Wide round_low = Wide{} + (key_low + round * philox::kKeyStepLow);
            const Wide round_high = Wide{} + (key_high + round * philox::kKeyStepHigh);
#pragma GCC unroll 4
            for (WideWords& group : groups) {
                group = wide_round(group, round_low, round_high);
            }
        }
#pragma GCC unroll 2
        for (std::size_t g = 0; g < kGroups; g += 2) {
            store_last_round(to, i + g * kWideLanes, groups[g], groups[g + 1], key_low + 9 * philox::kKeyStepLow,
                             key_high + 9 * philox::kKeyStepHigh);
        }
        first += kGroups * kWideLanes;
    }
}

#else

BASIN_INLINE void fill_words(WordColumns& to, std::size_t blocks, std::uint32_t low, std::uint32_t high,
                             const RngKey& key)
{
    for (std::size_t i = 0; i < blocks; ++i) {
        const std::uint64_t block = (std::uint64_t{high} << 32U) + low + i;
        const philox::Words words = philox::words(key, block);
        to.a[i] = words.a;
        to.b[i] = words.b;
        to.c[i] = words.c;
        to.d[i] = words.d;
    }
}

#endif

}  // namespace
}  // namespace basin
