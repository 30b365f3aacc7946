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
#endif

typedef std::uint64_t Wide __attribute__((vector_size(kRegisterBytes)));
inline constexpr std::size_t kWideLanes = kRegisterBytes / 8;

BASIN_INLINE Wide wide_product(Wide x, Wide y)
{
    return reinterpret_cast<Wide>(product(reinterpret_cast<Register>(x), reinterpret_cast<Register>(y)));
}

struct WideWords {
    Wide a, b, c, d;
};

BASIN_INLINE WideWords wide_philox(WideWords counter, std::uint32_t key_low, std::uint32_t key_high)
{
    const Wide factor_a = Wide{} + 0xD2511F53U;
    const Wide factor_c = Wide{} + 0xCD9E8D57U;
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
        const Wide a = wide_product(counter.a, factor_a);
        const Wide c = wide_product(counter.c, factor_c);
        counter = {(c >> 32U) ^ counter.b ^ (Wide{} + key_low), c, (a >> 32U) ^ counter.d ^ (Wide{} + key_high), a};
        key_low += 0x9E3779B9U;
        key_high += 0xBB67AE85U;
    }
    return counter;
}

BASIN_INLINE void store_low_halves(std::uint32_t* to, Wide x, Wide y)
{
    const Register packed = low_halves(reinterpret_cast<Register>(x), reinterpret_cast<Register>(y));
    __builtin_memcpy(to, &packed, sizeof packed);
}

/// The words of WordColumns::kBlocks blocks from (low, high); the low word must not overflow on the way.
BASIN_INLINE void fill_words(WordColumns& to, std::size_t blocks, std::uint32_t low, std::uint32_t high,
                             const RngKey& key)
{
    const auto key_low = static_cast<std::uint32_t>(key.seed);
    const auto key_high = static_cast<std::uint32_t>(key.seed >> 32U);
    const Wide b = Wide{} + high;
    const Wide c = Wide{} + key.step;
    const Wide d = Wide{} + rng_word(key);
    Wide first{};  // low_halves takes two lanes of each in turn: 0 1 from first, 2 3 from second, 4 5 from first, ...
    for (std::size_t lane = 0; lane < kWideLanes; ++lane) {
        first[lane] = low + 4 * (lane / 2) + lane % 2;
    }
    for (std::size_t i = 0; i < blocks; i += 2 * kWideLanes) {
        const WideWords x = wide_philox({first, b, c, d}, key_low, key_high);
        const WideWords y = wide_philox({first + 2U, b, c, d}, key_low, key_high);
        store_low_halves(to.a + i, x.a, y.a);
        store_low_halves(to.b + i, x.b, y.b);
        store_low_halves(to.c + i, x.c, y.c);
        store_low_halves(to.d + i, x.d, y.d);
        first += 2 * kWideLanes;
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
