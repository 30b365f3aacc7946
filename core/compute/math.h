// Elementary functions of the kernels: own polynomials, so that every instruction set gives equal bytes.
//
// float: branch-free, no library call, no table; plain loops over them vectorise. NaN goes in and comes out. Largest
// errors against double, measured over every float of the stated range in tests/core/compute/math_test.cpp:
//   exp           1.0 ulp on [-87.33, 88.37]; below 0, above infinity
//   exp2_nonpositive  2.6 ulp on [-125, 0]
//   log           0.85 ulp on the normal floats; x <= 0 and infinity are not for it
//   sin, cos      8e-8 absolute on [-8192, 8192]
// double: the C library's. Functors that are templates over the scalar call basin::math::exp(x) and get the right one.
//
// Polynomials: S. Moshier, Cephes Mathematical Library, single precision (minimax on the reduced ranges), but that of
// exp2_nonpositive (tools/fit_polynomials.py).
#pragma once

#include <cstdint>

#if defined(__CUDACC__)
#define BASIN_INLINE __host__ __device__ __forceinline__
#else
#define BASIN_INLINE inline __attribute__((always_inline))
#endif

namespace basin::math {

BASIN_INLINE float from_bits(std::uint32_t bits)
{
#if defined(__CUDA_ARCH__)
    return __uint_as_float(bits);
#else
    return __builtin_bit_cast(float, bits);
#endif
}

BASIN_INLINE std::uint32_t to_bits(float x)
{
#if defined(__CUDA_ARCH__)
    return __float_as_uint(x);
#else
    return __builtin_bit_cast(std::uint32_t, x);
#endif
}

BASIN_INLINE float sqrt(float x)
{
    return __builtin_sqrtf(x);
}
/// The same for 0 and for what lies in [2^-101, 2^128), where the GPU needs no branch: its estimate of 1 / sqrt(x) and
/// one Newton step round correctly there, which is what its compiler does for this range as well.
BASIN_INLINE float sqrt_of_normal(float x)
{
#if defined(__CUDA_ARCH__)
    float inverse;
    asm("rsqrt.approx.ftz.f32 %0, %1;" : "=f"(inverse) : "f"(x));
    const float root = __fmul_rn(x, inverse);
    const float rest = __fmaf_rn(-root, root, x);
    const float better = __fmaf_rn(rest, __fmul_rn(inverse, 0.5F), root);
    return x > 0.0F ? better : 0.0F;
#else
    return sqrt(x);
#endif
}
BASIN_INLINE float abs(float x)
{
    return __builtin_fabsf(x);
}

/// 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits of the sum.
constexpr float kRounder = 12582912.0F;

BASIN_INLINE float exp(float x)
{
    constexpr float kLowest = -87.33F;  // exp is 2^-126 there: no denormals
    constexpr float kHighest = 88.37F;  // 2^127.49: the exponent still fits
    const float shifted = x * 1.44269504088896341F + kRounder;
    const float n = shifted - kRounder;
    const float r = (x - n * 0.693359375F) - n * -2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = (p * (r * r) + r) + 1.0F;
    const float power = from_bits((to_bits(shifted) + 127U) << 23U);
    const float y = p * power;
    const float high = x > kHighest ? __builtin_inff() : y;
    return x < kLowest ? 0.0F : high;
}

/// 2^x for x <= 0: no multiplication to reduce x and one comparison, so it costs half of exp. For Gaussians, whose
/// width takes in the factor log2(e). Below -125 it stays at 2^-125.
BASIN_INLINE float exp2_nonpositive(float x)
{
    constexpr float kLowest = -125.0F;
    constexpr float kBiased = kRounder + 127.0F;  // the exponent's bias comes with the integer
    const float t = kLowest > x ? kLowest : x;    // one instruction; NaN stays
    const float shifted = t + kBiased;
    const float r = t - (shifted - kBiased);
    // Estrin's scheme: one product more than Horner's and half as long to wait for. tools/fit_polynomials.py
    const float square = r * r;
    const float low = 1.0F + 6.93147004e-1F * r;
    const float middle = 2.40222424e-1F + 5.55073358e-2F * r;
    const float high = 9.67151299e-3F + 1.32647273e-3F * r;
    const float p = (high * square + middle) * square + low;
    return p * from_bits(to_bits(shifted) << 23U);
}

BASIN_INLINE float log(float x)
{
    constexpr std::uint32_t kRootHalf = 0x3f3504f3U;  // bits of sqrt(1/2): mantissas end up in [sqrt(1/2), sqrt(2))
    const std::uint32_t bits = to_bits(x);
    const std::uint32_t above = bits - kRootHalf;
    const float e = static_cast<float>(static_cast<std::int32_t>(above) >> 23);
    const float f = from_bits((above & 0x007fffffU) + kRootHalf) - 1.0F;
    const float z = f * f;
    float p = 7.0376836292e-2F;
    p = p * f + -1.1514610310e-1F;
    p = p * f + 1.1676998740e-1F;
    p = p * f + -1.2420140846e-1F;
    p = p * f + 1.4249322787e-1F;
    p = p * f + -1.6668057665e-1F;
    p = p * f + 2.0000714765e-1F;
    p = p * f + -2.4999993993e-1F;
    p = p * f + 3.3333331174e-1F;
    float y = f * z * p;
    y = y + e * -2.12194440e-4F;
    y = y - 0.5F * z;
    const float result = (f + y) + e * 0.693359375F;
    return x == x ? result : x;
}

struct SinCos {
    float sin;
    float cos;
};

/// Sine and cosine of r, |r| <= pi/4, turned by `quadrant` (its two low bits) right angles.
BASIN_INLINE SinCos sincos_quadrant(float r, std::uint32_t quadrant)
{
    const float z = r * r;
    float s = -1.9515295891e-4F;
    s = s * z + 8.3321608736e-3F;
    s = s * z + -1.6666654611e-1F;
    s = s * z * r + r;
    float c = 2.443315711809948e-5F;
    c = c * z + -1.388731625493765e-3F;
    c = c * z + 4.166664568298827e-2F;
    c = (c * z * z - 0.5F * z) + 1.0F;
    const bool swap = (quadrant & 1U) != 0;
    const float sine = swap ? c : s;
    const float cosine = swap ? s : c;
    const std::uint32_t sine_sign = (quadrant & 2U) << 30U;
    const std::uint32_t cosine_sign = ((quadrant + 1U) & 2U) << 30U;
    return {from_bits(to_bits(sine) ^ sine_sign), from_bits(to_bits(cosine) ^ cosine_sign)};
}

BASIN_INLINE SinCos sincos(float x)
{
    const float shifted = x * 0.636619772367581343F + kRounder;
    const float n = shifted - kRounder;
    // pi/2 in three parts; the first two have so few bits that their products with n are exact.
    const float r = ((x - n * 1.5703125F) - n * 4.837512969970703125e-4F) - n * 7.54978995489188216e-8F;
    return sincos_quadrant(r, to_bits(shifted));
}

BASIN_INLINE float sin(float x)
{
    return sincos(x).sin;
}
BASIN_INLINE float cos(float x)
{
    return sincos(x).cos;
}

BASIN_INLINE double exp(double x)
{
    return __builtin_exp(x);
}
BASIN_INLINE double exp2_nonpositive(double x)
{
    return __builtin_exp2(x);
}
BASIN_INLINE double log(double x)
{
    return __builtin_log(x);
}
BASIN_INLINE double sin(double x)
{
    return __builtin_sin(x);
}
BASIN_INLINE double cos(double x)
{
    return __builtin_cos(x);
}
BASIN_INLINE double sqrt(double x)
{
    return __builtin_sqrt(x);
}
BASIN_INLINE double abs(double x)
{
    return __builtin_fabs(x);
}

}  // namespace basin::math
