// Compiled once per instruction set with -ffast-math, contraction and the C library's vector functions: this is the
// yardstick, not the product, and owes nobody equal bytes.
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifndef BASIN_HANDWRITTEN
#define BASIN_HANDWRITTEN handwritten_baseline
#endif

namespace basin::bench {

namespace {

constexpr size_t kBlock = 512;
constexpr float kBeta = 20.0F;
constexpr float kSigma = 0.469342547F;
constexpr float kStep = 0.05F;

struct Noise {
    float a[kBlock];
    float b[kBlock];
};

// With AVX-512 a 64-bit product is one instruction, so a counter word takes a 64-bit lane; else 32-bit lanes are
// faster.
#ifdef __AVX512DQ__
using Word = uint64_t;
#else
using Word = uint32_t;
#endif

inline __attribute__((always_inline)) void philox(uint32_t first, uint32_t c2_start, uint32_t c3_start, uint32_t out[4])
{
    Word c0 = first;
    Word c1 = 0;
    Word c2 = c2_start;
    Word c3 = c3_start;
    uint32_t k0 = 42;
    uint32_t k1 = 0;
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
        const uint64_t p0 = static_cast<uint64_t>(c0 & 0xFFFFFFFFU) * 0xD2511F53U;
        const uint64_t p1 = static_cast<uint64_t>(c2 & 0xFFFFFFFFU) * 0xCD9E8D57U;
        const Word low0 = static_cast<Word>(p0);
        c0 = static_cast<Word>(p1 >> 32U) ^ c1 ^ k0;
        c1 = static_cast<Word>(p1);
        c2 = static_cast<Word>(p0 >> 32U) ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
    }
    out[0] = static_cast<uint32_t>(c0);
    out[1] = static_cast<uint32_t>(c1);
    out[2] = static_cast<uint32_t>(c2);
    out[3] = static_cast<uint32_t>(c3);
}

inline __attribute__((always_inline)) float uniform(uint32_t bits)
{
    return (static_cast<float>(static_cast<int32_t>(bits >> 8U)) + 0.5F) * 0x1p-24F;
}

inline __attribute__((always_inline)) void normals(Noise& noise, uint32_t first_block, uint32_t step, uint32_t stream)
{
    constexpr float kTwoPi = 6.283185307F;
    uint32_t bits[4][kBlock / 2];
    for (size_t i = 0; i < kBlock / 2; ++i) {
        uint32_t out[4];
        philox(first_block + static_cast<uint32_t>(i), step, stream, out);
        for (int j = 0; j < 4; ++j)
            bits[j][i] = out[j];
    }
    for (size_t half = 0; half < 2; ++half) {
        float* a = noise.a + half * (kBlock / 2);
        float* b = noise.b + half * (kBlock / 2);
        float radius[kBlock / 2];
        // Separate loops: one loop with both would become scalar calls of sincosf.
        for (size_t i = 0; i < kBlock / 2; ++i)
            radius[i] = sqrtf(-2.0F * logf(uniform(bits[2 * half][i])));
        for (size_t i = 0; i < kBlock / 2; ++i)
            a[i] = radius[i] * cosf(kTwoPi * uniform(bits[2 * half + 1][i]));
        for (size_t i = 0; i < kBlock / 2; ++i)
            b[i] = radius[i] * sinf(kTwoPi * uniform(bits[2 * half + 1][i]));
    }
}

inline __attribute__((always_inline)) float left(float x, float y)
{
    const float d = x + 1.8F;
    return 0.6F * expf((d * d + y * y) * (-1.0F / 0.72F));
}

inline __attribute__((always_inline)) float right(float x, float y)
{
    const float d = x - 1.8F;
    return 0.5F * expf((d * d + y * y) * -0.125F);
}

}  // namespace

void BASIN_HANDWRITTEN(float* x, float* y, size_t first, size_t last, size_t steps, uint32_t first_step, bool losses,
                       double* loss_sums);

void BASIN_HANDWRITTEN(float* x, float* y, size_t first, size_t last, size_t steps, uint32_t first_step, bool losses,
                       double* loss_sums)
{
    const float noise_scale = sqrtf(2.0F * kStep / kBeta);
    Noise eps;
    Noise xi;
    for (size_t start = first; start < last; start += kBlock) {
        float* bx = x + start;
        float* by = y + start;
        for (size_t step = 0; step < steps; ++step) {
            const uint32_t at = first_step + static_cast<uint32_t>(step);
            normals(eps, static_cast<uint32_t>(start / 2), at, 0);
            normals(xi, static_cast<uint32_t>(start / 2), at, 1);
            for (size_t i = 0; i < kBlock; ++i) {
                const float px = bx[i] + kSigma * eps.a[i];
                const float py = by[i] + kSigma * eps.b[i];
                const float l = left(px, py) * (1.0F / 0.36F);
                const float r = right(px, py) * 0.25F;
                const float gx = 0.1F * px + l * (px + 1.8F) + r * (px - 1.8F);
                const float gy = 0.1F * py + l * py + r * py;
                bx[i] = bx[i] - kStep * gx + noise_scale * xi.a[i];
                by[i] = by[i] - kStep * gy + noise_scale * xi.b[i];
            }
            if (losses) {
                float sum = 0;
                for (size_t i = 0; i < kBlock; ++i) {
                    sum += 0.05F * (bx[i] * bx[i] + by[i] * by[i]) - left(bx[i], by[i]) - right(bx[i], by[i]);
                }
                loss_sums[step] += static_cast<double>(sum);
            }
        }
    }
}

}  // namespace basin::bench
