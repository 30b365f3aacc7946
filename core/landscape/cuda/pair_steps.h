// The fused steps of two neighbouring chains: what one GPU thread does, spelt with the functions the CPU kernels use.
//
// One block of the noise counter holds the four numbers of an even chain and the odd one after it, so a thread owns
// such a pair and draws nothing twice.
#pragma once

#include <cstdint>

#include "core/compute/block.h"
#include "core/compute/element.h"
#include "core/compute/math.h"
#include "core/compute/philox.h"

namespace basin::cuda {

/// Where two chains are, and whether each is inside the escape box.
struct Pair {
    float x[2];
    float y[2];
    bool alive[2];
};

/// Which noise is the pair's: `pair` is the index of its even chain, halved.
struct PairNoise {
    std::uint64_t seed;
    std::uint32_t lane;
    std::uint64_t pair;
};

BASIN_INLINE philox::Normals pair_noise(const PairNoise& noise, Stream stream, std::uint32_t step, NoiseKind kind)
{
    const RngKey key{.seed = noise.seed, .stream = stream, .step = step, .draw = 0, .lane = noise.lane};
    const philox::Words words = philox::words(key, noise.pair);
    return kind == NoiseKind::normal ? philox::normals(words) : philox::rademachers(words);
}

/// The gradient of a landscape at one chain: what a method's block header calls. With a mini-batch's noise, asked twice
/// in a step, it adds the same.
template <class Functor, bool kNoisy>
struct PairGradient {
    const Functor& functor;
    float scale, noise_x, noise_y;
    BASIN_INLINE void operator()(float x, float y, float& gx, float& gy) const
    {
        functor.gradient(x, y, gx, gy);
        if constexpr (kNoisy) {
            gx = element::perturbed(gx, scale, noise_x);
            gy = element::perturbed(gy, scale, noise_y);
        }
    }
};

/// A chain outside the box becomes NaN for good.
BASIN_INLINE void keep_pair_inside(const EscapeBox& box, Pair& pair)
{
    for (int i = 0; i < 2; ++i) {
        pair.alive[i] =
            math::abs(pair.x[i] - box.center_x) <= box.reach_x && math::abs(pair.y[i] - box.center_y) <= box.reach_y;
        pair.x[i] = pair.alive[i] ? pair.x[i] : __builtin_nanf("");
        pair.y[i] = pair.alive[i] ? pair.y[i] : __builtin_nanf("");
    }
}

/// One step of both chains, the escape rule left out.
template <class Method, bool kNoisy, class Functor>
BASIN_INLINE void pair_step(const Functor& functor, const BlockNumbers& numbers, float gradient_noise,
                            const PairNoise& noise, std::uint32_t step, Pair& pair)
{
    philox::Normals perturbation{};
    philox::Normals langevin{};
    philox::Normals batch{};
    if constexpr (Method::kPerturbs) {
        perturbation = pair_noise(noise, Stream::perturbation, step, numbers.kind);
    }
    if constexpr (Method::kDiffuses) {
        langevin = pair_noise(noise, Stream::langevin, step, NoiseKind::normal);
    }
    if constexpr (kNoisy) {
        batch = pair_noise(noise, Stream::gradient_noise, step, NoiseKind::normal);
    }
    const ChainNoise of_chain[2] = {{perturbation.a, perturbation.b, langevin.a, langevin.b},
                                    {perturbation.c, perturbation.d, langevin.c, langevin.d}};
    const PairGradient<Functor, kNoisy> gradient[2] = {{functor, gradient_noise, batch.a, batch.b},
                                                       {functor, gradient_noise, batch.c, batch.d}};
    for (int i = 0; i < 2; ++i) {
        Method::step(gradient[i], numbers, of_chain[i], pair.x[i], pair.y[i]);
    }
}

}  // namespace basin::cuda
