// Float kernels of a landscape: what a file of this folder must give, and what it gets for it.
//
// core/landscape/<key>.cpp is compiled three times on x86-64 (basin_catalog(... ISA_VARIANTS)): plain, with
// BASIN_KERNEL_ISA=avx2 and with =avx512. It looks like this:
//
//     #include "core/landscape/kernels.h"
//     #ifndef BASIN_KERNEL_ISA
//     #include ... everything else: std headers, landscape.h
//     #endif
//
//     namespace basin {
//     namespace {
//     template <class T>
//     struct BowlFunctor {                 // trivially copyable; parameters as T
//         T curvature;
//         BASIN_INLINE T value(T x, T y) const { return T(0.5) * curvature * (x * x + y * y); }
//         BASIN_INLINE void gradient(T x, T y, T& gx, T& gy) const { gx = curvature * x; gy = curvature * y; }
//     };
//     }  // namespace
//
//     BASIN_LANDSCAPE_KERNELS(bowl, BowlFunctor)
//
//     #ifndef BASIN_KERNEL_ISA
//     ... the Landscape subclass and `const LandscapeEntry& landscape_entry_bowl()`
//     #endif
//     }  // namespace basin
//
// Functors are branch-free (`a < b ? c : d` is fine), call math::exp, math::log, math::sin, math::cos, math::sqrt,
// math::abs of core/compute/math.h only, and write constants as T(0.5): then the loops vectorise and all instruction
// sets give equal bytes. Outside the #ifndef nothing may be emitted that another variant could share: functors stay in
// the anonymous namespace, members are BASIN_INLINE, no std function or template is called.
//
// Stretched<BowlFunctor<float>> is what the kernels take and Landscape::functor() points at: {functor, 1 / stretch}.
// Landscape::kernels(isa) returns landscape_kernels_bowl(isa). In double, Stretched<BowlFunctor<double>> serves value()
// and gradient() of the Landscape itself.
#pragma once

#include <cstddef>
#include <cstdint>

#include "basin_block_methods.h"
#include "core/compute/block.h"
#include "core/compute/element.h"
#include "core/compute/kernels/kernels.h"
#include "core/compute/math.h"

namespace basin {

/// u_L(theta) = u(theta / L): the same shape, L times as wide.
template <class Functor>
struct Stretched {
    Functor inner;
    decltype(Functor{}.value(0, 0)) inverse = 1;

    template <class T>
    BASIN_INLINE T value(T x, T y) const
    {
        return inner.value(x * inverse, y * inverse);
    }
    template <class T>
    BASIN_INLINE void gradient(T x, T y, T& gx, T& gy) const
    {
        inner.gradient(x * inverse, y * inverse, gx, gy);
        gx = gx * inverse;
        gy = gy * inverse;
    }
};

/// One landscape's kernels for one instruction set. `functor` below is the float Stretched functor.
struct LandscapeKernels {
    const char* landscape;  // its key
    /// Values (n) and gradients (n x 2) at n chains (n x 2); either may be null.
    void (*evaluate)(const void* functor, const float* theta, std::size_t chains, float* values, float* gradient);
    /// Applies the escape rule to a block and counts who is left; sums their values where job.loss_sums is not null
    /// (index 0 of both; job.steps is ignored).
    void (*measure)(const BlockJob& job);
    /// The fused methods; ends with one whose `method` is null.
    const BlockKernel* blocks;
};

// Internal linkage, because each instruction set compiles its own.
namespace {

/// A block's theta and noise as separate columns: even chains in the first half, odd ones in the second, because one
/// counter block holds the four numbers of an even chain and the odd one after it.
struct BlockColumns {
    static constexpr std::size_t kHalf = kBlockChains / 2;
    struct alignas(64) Pair {
        float x[kBlockChains];
        float y[kBlockChains];
    };
    Pair theta;

    BASIN_INLINE void load(const BlockJob& job)
    {
        const float nan = __builtin_nanf("");
        for (std::size_t i = 0; i < kHalf; ++i) {  // a short block is filled up with escaped particles
            theta.x[i] = 2 * i < job.chains ? job.theta[4 * i] : nan;
            theta.y[i] = 2 * i < job.chains ? job.theta[4 * i + 1] : nan;
            theta.x[kHalf + i] = 2 * i + 1 < job.chains ? job.theta[4 * i + 2] : nan;
            theta.y[kHalf + i] = 2 * i + 1 < job.chains ? job.theta[4 * i + 3] : nan;
        }
    }
    BASIN_INLINE void store(const BlockJob& job) const
    {
        for (std::size_t i = 0; 2 * i < job.chains; ++i) {
            job.theta[4 * i] = theta.x[i];
            job.theta[4 * i + 1] = theta.y[i];
            if (2 * i + 1 < job.chains) {
                job.theta[4 * i + 2] = theta.x[kHalf + i];
                job.theta[4 * i + 3] = theta.y[kHalf + i];
            }
        }
    }
};

/// The escape rule for one particle: stays as it is inside the box, else NaN. 1 while it is inside, 0 for NaN.
BASIN_INLINE std::uint32_t keep_inside(const EscapeBox& box, float& x, float& y)
{
    const bool in_x = math::abs(x - box.center_x) <= box.reach_x;
    const bool in_y = math::abs(y - box.center_y) <= box.reach_y;
    const std::uint32_t in = static_cast<std::uint32_t>(in_x) & static_cast<std::uint32_t>(in_y);  // no branch
    const float nan = __builtin_nanf("");
    x = in != 0 ? x : nan;
    y = in != 0 ? y : nan;
    return in;
}

/// The sum of the block's values, escaped particles left out. Sixteen partial sums in double, added in a fixed order.
template <class Functor>
BASIN_INLINE double block_loss(const Functor& functor, const BlockColumns::Pair& theta)
{
    alignas(64) float values[kBlockChains];
    for (std::size_t i = 0; i < kBlockChains; ++i) {
        const float value = functor.value(theta.x[i], theta.y[i]);
        values[i] = theta.x[i] == theta.x[i] ? value : 0.0F;
    }
    alignas(64) double partial[16] = {};
    for (std::size_t i = 0; i < kBlockChains; i += 16) {
        for (std::size_t k = 0; k < 16; ++k) {
            partial[k] += static_cast<double>(values[i + k]);
        }
    }
    double sum = 0;
    for (const double part : partial) {
        sum += part;
    }
    return sum;
}

template <class Functor>
void evaluate_chains(const void* pointer, const float* theta, std::size_t chains, float* values, float* gradient)
{
    const Functor functor = *static_cast<const Functor*>(pointer);
    if (values != nullptr) {
        for (std::size_t i = 0; i < chains; ++i) {
            values[i] = functor.value(theta[2 * i], theta[2 * i + 1]);
        }
    }
    if (gradient != nullptr) {
        for (std::size_t i = 0; i < chains; ++i) {
            float gx = 0;
            float gy = 0;
            functor.gradient(theta[2 * i], theta[2 * i + 1], gx, gy);
            gradient[2 * i] = gx;
            gradient[2 * i + 1] = gy;
        }
    }
}

template <class Functor>
void measure_block(const BlockJob& job)
{
    const Functor functor = *static_cast<const Functor*>(job.functor);
    BlockColumns columns;
    columns.load(job);
    const EscapeBox box = job.box;
    std::uint32_t alive = 0;
    for (std::size_t i = 0; i < kBlockChains; ++i) {
        float x = columns.theta.x[i];
        float y = columns.theta.y[i];
        alive += keep_inside(box, x, y);
        columns.theta.x[i] = x;
        columns.theta.y[i] = y;
    }
    job.alive[0] = alive;
    if (job.loss_sums != nullptr) {
        job.loss_sums[0] = block_loss(functor, columns.theta);
    }
    columns.store(job);
}

/// Draws one step's numbers of one stream for the whole block.
BASIN_INLINE void block_noise(const BlockJob& job, Stream stream, std::uint32_t step, NoiseKind kind,
                              BlockColumns::Pair& to)
{
    constexpr std::size_t kHalf = BlockColumns::kHalf;
    RngKey key;
    key.seed = job.seed;
    key.stream = stream;
    key.step = step;
    key.lane = job.lane;
    job.compute->fill_noise(to.x, to.y, to.x + kHalf, to.y + kHalf, kHalf, job.first_chain / 2, kind, key);
}

/// What a method calls to get the gradient of one chain.
template <class Functor>
struct ExactGradient {
    const Functor& functor;
    BASIN_INLINE void operator()(float x, float y, float& gx, float& gy) const { functor.gradient(x, y, gx, gy); }
};

/// The same with one mini-batch's noise added: asked twice in a step, it adds the same.
template <class Functor>
struct NoisyGradient {
    const Functor& functor;
    float scale, noise_x, noise_y;
    BASIN_INLINE void operator()(float x, float y, float& gx, float& gy) const
    {
        functor.gradient(x, y, gx, gy);
        gx = element::perturbed(gx, scale, noise_x);
        gy = element::perturbed(gy, scale, noise_y);
    }
};

template <class Method, class Functor, bool kNoisy>
void run_block(const BlockJob& job)
{
    const Functor functor = *static_cast<const Functor*>(job.functor);
    const EscapeBox box = job.box;
    BlockColumns columns;
    BlockColumns::Pair perturbation;
    BlockColumns::Pair langevin;
    BlockColumns::Pair batch;
    columns.load(job);
    BlockColumns::Pair& theta = columns.theta;
    for (std::size_t s = 0; s < job.steps; ++s) {
        const BlockNumbers numbers = job.numbers[s];
        const std::uint32_t step = job.first_step + static_cast<std::uint32_t>(s);
        if constexpr (Method::kPerturbs) {
            block_noise(job, Stream::perturbation, step, numbers.kind, perturbation);
        }
        if constexpr (Method::kDiffuses) {
            block_noise(job, Stream::langevin, step, NoiseKind::normal, langevin);
        }
        if constexpr (kNoisy) {
            block_noise(job, Stream::gradient_noise, step, NoiseKind::normal, batch);
        }
        std::uint32_t alive = 0;
        for (std::size_t i = 0; i < kBlockChains; ++i) {
            ChainNoise noise{};
            if constexpr (Method::kPerturbs) {
                noise.perturbation_x = perturbation.x[i];
                noise.perturbation_y = perturbation.y[i];
            }
            if constexpr (Method::kDiffuses) {
                noise.langevin_x = langevin.x[i];
                noise.langevin_y = langevin.y[i];
            }
            float x = theta.x[i];
            float y = theta.y[i];
            if constexpr (kNoisy) {
                const NoisyGradient<Functor> gradient{functor, job.gradient_noise, batch.x[i], batch.y[i]};
                Method::step(gradient, numbers, noise, x, y);
            } else {
                const ExactGradient<Functor> gradient{functor};
                Method::step(gradient, numbers, noise, x, y);
            }
            alive += keep_inside(box, x, y);
            theta.x[i] = x;
            theta.y[i] = y;
        }
        job.alive[s] = alive;
        if (numbers.record) {
            job.loss_sums[s] = block_loss(functor, theta);
        }
    }
    columns.store(job);
}

template <class Functor>
struct BlockTable {
#define BASIN_BLOCK_ROW(key, Method) {#key, &run_block<Method, Functor, false>, &run_block<Method, Functor, true>},
    static constexpr BlockKernel kRows[] = {BASIN_BLOCK_METHODS(BASIN_BLOCK_ROW){nullptr, nullptr, nullptr}};
#undef BASIN_BLOCK_ROW
};

}  // namespace
}  // namespace basin

// NOLINTBEGIN(bugprone-macro-parentheses): a template's name cannot stand in parentheses.
#define BASIN_KERNEL_JOIN_(a, b, c) a##b##_##c
#define BASIN_KERNEL_JOIN(a, b, c) BASIN_KERNEL_JOIN_(a, b, c)

// landscape_kernels_<key>_<isa>, this compile's table.
#define BASIN_LANDSCAPE_TABLE(key, isa, Functor)                                                      \
    extern const LandscapeKernels BASIN_KERNEL_JOIN(landscape_kernels_, key, isa);                    \
    const LandscapeKernels BASIN_KERNEL_JOIN(landscape_kernels_, key, isa) = {                        \
        #key, &evaluate_chains<Stretched<Functor<float>>>, &measure_block<Stretched<Functor<float>>>, \
        BlockTable<Stretched<Functor<float>>>::kRows};

#if defined(BASIN_KERNEL_ISA)
#define BASIN_LANDSCAPE_KERNELS(key, Functor) BASIN_LANDSCAPE_TABLE(key, BASIN_KERNEL_ISA, Functor)
#elif defined(__x86_64__)
#define BASIN_LANDSCAPE_KERNELS(key, Functor)                       \
    BASIN_LANDSCAPE_TABLE(key, baseline, Functor)                   \
    extern const LandscapeKernels landscape_kernels_##key##_avx2;   \
    extern const LandscapeKernels landscape_kernels_##key##_avx512; \
    static const LandscapeKernels& landscape_kernels_##key(int isa) \
    {                                                               \
        return isa == 2   ? landscape_kernels_##key##_avx512        \
               : isa == 1 ? landscape_kernels_##key##_avx2          \
                          : landscape_kernels_##key##_baseline;     \
    }
#else
#define BASIN_LANDSCAPE_KERNELS(key, Functor)                   \
    BASIN_LANDSCAPE_TABLE(key, baseline, Functor)               \
    static const LandscapeKernels& landscape_kernels_##key(int) \
    {                                                           \
        return landscape_kernels_##key##_baseline;              \
    }
#endif
// NOLINTEND(bugprone-macro-parentheses)
