// The verbs for one instruction set: plain loops that the compiler vectorises (see cmake/BasinCatalog.cmake).
#include "core/compute/kernels/kernels.h"

#include "core/compute/element.h"
#include "core/compute/kernels/wide_philox.h"
#include "core/compute/philox.h"

namespace basin {
namespace {

/// Numbers that are drawn at a time: 256 counter blocks are 4 KiB.
constexpr std::size_t kNoiseBlocks = 256;
constexpr std::size_t kNoiseNumbers = 4 * kNoiseBlocks;

struct alignas(64) NoiseColumns {
    float a[kNoiseBlocks];
    float b[kNoiseBlocks];
    float c[kNoiseBlocks];
    float d[kNoiseBlocks];
};

template <bool kNormal>
void fill_run(float* __restrict__ to_a, float* __restrict__ to_b, float* __restrict__ to_c, float* __restrict__ to_d,
              const WordColumns& words, std::size_t blocks)
{
    for (std::size_t i = 0; i < blocks; ++i) {
        const philox::Words block{words.a[i], words.b[i], words.c[i], words.d[i]};
        const philox::Normals n = kNormal ? philox::normals(block) : philox::rademachers(block);
        to_a[i] = n.a;
        to_b[i] = n.b;
        to_c[i] = n.c;
        to_d[i] = n.d;
    }
}

void fill_noise(float* to_a, float* to_b, float* to_c, float* to_d, std::size_t blocks, std::uint64_t first_block,
                NoiseKind kind, const RngKey& key)
{
    WordColumns words;
    for (std::size_t done = 0; done < blocks;) {
        const auto low = static_cast<std::uint32_t>(first_block + done);
        const auto high = static_cast<std::uint32_t>((first_block + done) >> 32U);
        const std::uint64_t room = (std::uint64_t{1} << 32U) - low;  // until the counter's low word overflows
        std::size_t now = blocks - done < WordColumns::kBlocks ? blocks - done : WordColumns::kBlocks;
        now = now < room ? now : room;
        fill_words(words, now, low, high, key);
        if (kind == NoiseKind::normal) {
            fill_run<true>(to_a + done, to_b + done, to_c + done, to_d + done, words, now);
        } else {
            fill_run<false>(to_a + done, to_b + done, to_c + done, to_d + done, words, now);
        }
        done += now;
    }
}

/// y = x + scale * noise in runs of kNoiseNumbers.
void perturb(float* y, const float* x, std::size_t first, std::size_t count, float scale, NoiseKind kind,
             const RngKey& key)
{
    NoiseColumns columns;
    alignas(64) float noise[kNoiseNumbers];
    for (std::size_t done = 0; done < count; done += kNoiseNumbers) {
        const std::size_t now = count - done < kNoiseNumbers ? count - done : kNoiseNumbers;
        const std::size_t blocks = (now + 3) / 4;
        fill_noise(columns.a, columns.b, columns.c, columns.d, blocks, (first + done) / 4, kind, key);
        for (std::size_t i = 0; i < blocks; ++i) {
            noise[4 * i] = columns.a[i];
            noise[4 * i + 1] = columns.b[i];
            noise[4 * i + 2] = columns.c[i];
            noise[4 * i + 3] = columns.d[i];
        }
        float* to = y + first + done;
        const float* from = x + first + done;
        for (std::size_t i = 0; i < now; ++i) {
            to[i] = element::perturbed(from[i], scale, noise[i]);
        }
    }
}

template <bool kFirst, bool kNesterov>
void descend_momentum(float* __restrict__ theta, float* __restrict__ buffer, const float* __restrict__ gradient,
                      std::size_t count, float step_size, float momentum, float keep, float weight_decay)
{
    for (std::size_t i = 0; i < count; ++i) {
        const float decayed = element::decayed(gradient[i], weight_decay, theta[i]);
        const float b = element::accelerated(kFirst ? 0.0F : buffer[i], decayed, momentum, keep, kFirst);
        buffer[i] = b;
        theta[i] = element::descended(theta[i], step_size, element::direction(b, decayed, momentum, kNesterov));
    }
}

void descend(float* theta, float* buffer, const float* gradient, std::size_t first, std::size_t count,
             const Descent& descent)
{
    const float step_size = descent.step_size;
    const float decay = descent.weight_decay;
    const float momentum = descent.momentum;
    const float keep = 1.0F - descent.dampening;
    float* to = theta + first;
    const float* from = gradient + first;
    if (momentum == 0.0F) {
        for (std::size_t i = 0; i < count; ++i) {
            to[i] = element::descended(to[i], step_size, element::decayed(from[i], decay, to[i]));
        }
    } else if (descent.first) {
        if (descent.nesterov) {
            descend_momentum<true, true>(to, buffer + first, from, count, step_size, momentum, keep, decay);
        } else {
            descend_momentum<true, false>(to, buffer + first, from, count, step_size, momentum, keep, decay);
        }
    } else if (descent.nesterov) {
        descend_momentum<false, true>(to, buffer + first, from, count, step_size, momentum, keep, decay);
    } else {
        descend_momentum<false, false>(to, buffer + first, from, count, step_size, momentum, keep, decay);
    }
    if (descent.noise_scale != 0.0F) {
        perturb(theta, theta, first, count, descent.noise_scale, NoiseKind::normal, descent.noise);
    }
}

template <bool kLargest>
void adapt_run(float* __restrict__ theta, float* __restrict__ m, float* __restrict__ v, float* __restrict__ largest,
               const float* __restrict__ gradient, std::size_t count, const Adaptation now)
{
    for (std::size_t i = 0; i < count; ++i) {
        theta[i] = element::adapted<kLargest>(now, theta[i], gradient[i], m[i], v[i], kLargest ? largest + i : nullptr);
    }
}

void adapt(float* theta, float* first_moment, float* second_moment, float* largest, const float* gradient,
           std::size_t first, std::size_t count, const Adaptation& adaptation)
{
    float* to = theta + first;
    const float* from = gradient + first;
    if (largest != nullptr) {
        adapt_run<true>(to, first_moment + first, second_moment + first, largest + first, from, count, adaptation);
    } else {
        adapt_run<false>(to, first_moment + first, second_moment + first, nullptr, from, count, adaptation);
    }
}

void add_scaled(float* y, float a, const float* x, std::size_t first, std::size_t count)
{
    for (std::size_t i = first; i < first + count; ++i) {
        y[i] = y[i] + a * x[i];
    }
}

void scale(float* y, float a, std::size_t first, std::size_t count)
{
    for (std::size_t i = first; i < first + count; ++i) {
        y[i] = y[i] * a;
    }
}

void step_along(float* y, const float* x, const float* g, std::size_t first, std::size_t count, float factor)
{
    for (std::size_t i = first; i < first + count; ++i) {
        y[i] = element::perturbed(x[i], factor, g[i]);
    }
}

/// The sum of the squares of value(i), i < count, in one order of addition for every instruction set.
template <class Value>
BASIN_INLINE double squares_of(std::size_t count, const Value& value)
{
    constexpr std::size_t kLanes = 16;
    alignas(64) double partial[kLanes] = {};
    const std::size_t whole = count / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
        for (std::size_t k = 0; k < kLanes; ++k) {
            const auto wide = static_cast<double>(value(i + k));
            partial[k] += wide * wide;
        }
    }
    for (std::size_t i = whole; i < count; ++i) {
        const auto wide = static_cast<double>(value(i));
        partial[i - whole] += wide * wide;
    }
    double sum = 0;
    for (const double part : partial) {
        sum += part;
    }
    return sum;
}

double sum_squares(const float* x, std::size_t first, std::size_t count)
{
    const float* from = x + first;
    return squares_of(count, [from](std::size_t i) { return from[i]; });
}

double adaptive_squares(const float* x, const float* g, std::size_t first, std::size_t count, float eta)
{
    const float* at = x + first;
    const float* from = g + first;
    return squares_of(count, [=](std::size_t i) { return element::metric(at[i], eta) * from[i]; });
}

void adaptive_step_along(float* y, const float* x, const float* g, std::size_t first, std::size_t count, float factor,
                         float eta)
{
    for (std::size_t i = first; i < first + count; ++i) {
        y[i] = element::ascended_in_metric(x[i], g[i], eta, factor);
    }
}

void ascend_pairs(float* y, const float* x, const float* g, std::size_t first_chain, std::size_t chains, float radius)
{
    for (std::size_t i = first_chain; i < first_chain + chains; ++i) {
        element::ascend_pair(y + 2 * i, x + 2 * i, g + 2 * i, radius);
    }
}

void ascend_adaptive_pairs(float* y, const float* x, const float* g, std::size_t first_chain, std::size_t chains,
                           float radius, float eta)
{
    for (std::size_t i = first_chain; i < first_chain + chains; ++i) {
        element::ascend_pair_in_metric(y + 2 * i, x + 2 * i, g + 2 * i, radius, eta);
    }
}

void perturb_pairs(float* y, const float* x, std::size_t first_chain, std::size_t chains, float scale)
{
    for (std::size_t i = first_chain; i < first_chain + chains; ++i) {
        element::perturb_pair(y + 2 * i, x + 2 * i, scale);
    }
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): the tables carry the name of their instruction set.
#define BASIN_COMPUTE_JOIN_(isa) compute_kernels_##isa
#define BASIN_COMPUTE_JOIN(isa) BASIN_COMPUTE_JOIN_(isa)
#ifdef BASIN_KERNEL_ISA
#define BASIN_COMPUTE_TABLE BASIN_COMPUTE_JOIN(BASIN_KERNEL_ISA)
#else
#define BASIN_COMPUTE_TABLE compute_kernels_baseline
#endif

extern const ComputeKernels BASIN_COMPUTE_TABLE;
const ComputeKernels BASIN_COMPUTE_TABLE = {&fill_noise,       &perturb,
                                            &descend,          &adapt,
                                            &add_scaled,       &scale,
                                            &step_along,       &sum_squares,
                                            &adaptive_squares, &adaptive_step_along,
                                            &ascend_pairs,     &ascend_adaptive_pairs,
                                            &perturb_pairs};

#ifndef BASIN_KERNEL_ISA
#ifdef __x86_64__
extern const ComputeKernels compute_kernels_avx2;
extern const ComputeKernels compute_kernels_avx512;
#endif

const ComputeKernels& compute_kernels([[maybe_unused]] Isa isa)
{
#ifdef __x86_64__
    if (isa == Isa::avx512) {
        return compute_kernels_avx512;
    }
    if (isa == Isa::avx2) {
        return compute_kernels_avx2;
    }
#endif
    return compute_kernels_baseline;
}
#endif

// NOLINTEND(readability-identifier-naming)

}  // namespace basin
