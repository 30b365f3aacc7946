// Fused steps of a block of chains on a GPU: the body of a thread block, which a test runs in a CPU loop as well.
//
// A crew is the threads of one block: each() runs a piece of code in every one of them, with what that thread keeps
// from piece to piece; barrier() is between pieces where one reads what another wrote; add() adds to a whole number
// that all share. On the GPU a piece is inlined and a crew costs nothing.
//
// A block has as many chains as on the CPU, and values are added up in the CPU's order: 16 partial sums of every 16th
// chain, these in order. That is work for half a warp, so values of some steps wait in shared memory until every warp
// has a step to add up: threads meet twice in eight steps instead of at each.
#pragma once

#include <cstdint>

#include "core/compute/cuda/bodies.h"
#include "core/compute/cuda_table.h"
#include "core/landscape/cuda/pair_steps.h"

namespace basin::cuda {

constexpr unsigned kBlockThreads = kBlockChains / 2;
constexpr unsigned kWarp = 32;
/// Steps whose values wait: one a warp.
constexpr unsigned kWaiting = kBlockThreads / kWarp;
constexpr unsigned kLossPartials = 16;

struct BlockShared {
    float values[kWaiting][kBlockChains];  // even chains in the first half, odd ones in the second
    double partial[kWaiting][kLossPartials];
    std::uint32_t step_of[kWaiting];
    std::uint32_t escaped[EnsembleJob::kMaximumSteps];  // in that step: a particle escapes once and for good
};

/// Zeros where chains are no more, so that they add nothing; the chains beyond the end are such.
template <class Functor>
BASIN_INLINE void put_values(const Functor& functor, const Pair& pair, float* values, unsigned thread)
{
    for (unsigned i = 0; i < 2; ++i) {
        const float value = functor.value(pair.x[i], pair.y[i]);
        values[i * kBlockThreads + thread] = pair.alive[i] ? value : 0.0F;
    }
}

/// Adds up the values of `waiting` steps, one a warp.
template <class Crew>
BASIN_INLINE void add_up(Crew& crew, BlockShared& shared, unsigned waiting, double* loss_sums)
{
    crew.barrier();
    crew.each([&](unsigned thread, Pair&) {
        const unsigned warp = thread / kWarp;
        const unsigned lane = thread % kWarp;
        if (warp < waiting && lane < kLossPartials) {
            double sum = 0;
            for (unsigned i = lane; i < kBlockChains; i += kLossPartials) {
                sum += static_cast<double>(shared.values[warp][i]);
            }
            shared.partial[warp][lane] = sum;
        }
    });
    crew.warp_barrier();
    crew.each([&](unsigned thread, Pair&) {
        const unsigned warp = thread / kWarp;
        if (warp < waiting && thread % kWarp == 0) {
            double sum = 0;
            for (unsigned k = 0; k < kLossPartials; ++k) {
                sum += shared.partial[warp][k];
            }
            loss_sums[shared.step_of[warp]] = sum;
        }
    });
    crew.barrier();
}

BASIN_INLINE void load_pair(const float* theta, std::uint64_t chains, std::uint64_t index, Pair& pair)
{
    const Four four = load(theta, 4 * index, 2 * chains);
    for (int i = 0; i < 2; ++i) {
        const bool owns = 2 * index + static_cast<std::uint64_t>(i) < chains;
        pair.alive[i] = owns;  // who is not, the first step finds
        pair.x[i] = owns ? four.at[2 * i] : __builtin_nanf("");
        pair.y[i] = owns ? four.at[2 * i + 1] : __builtin_nanf("");
    }
}

BASIN_INLINE void store_pair(float* theta, std::uint64_t chains, std::uint64_t index, const Pair& pair)
{
    store(theta, 4 * index, 2 * chains, {{pair.x[0], pair.y[0], pair.x[1], pair.y[1]}});
}

/// The escape rule, and a count of those whom it meets.
template <class Crew>
BASIN_INLINE void keep_and_count(Crew& crew, const EscapeBox& box, Pair& pair, std::uint32_t& escaped)
{
    const bool before[2] = {pair.alive[0], pair.alive[1]};
    keep_pair_inside(box, pair);
    for (int i = 0; i < 2; ++i) {
        if (before[i] && !pair.alive[i]) {
            crew.add(escaped, 1);
        }
    }
}

BASIN_INLINE std::uint32_t chains_of(std::uint64_t block, std::uint64_t chains)
{
    const std::uint64_t left = chains - block * kBlockChains;
    return static_cast<std::uint32_t>(left < kBlockChains ? left : kBlockChains);
}

/// All steps of a launch.
template <class Method, class Functor, bool kNoisy>
struct BlockSteps {
    Functor functor;
    StepJob job;

    std::uint64_t blocks() const { return (job.chains + kBlockChains - 1) / kBlockChains; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(job.theta, 2 * job.chains), visit(job.loss_sums, blocks() * job.steps),
            visit(job.alive, blocks() * job.steps);
    }

    template <class Crew>
    BASIN_INLINE void operator()(Crew& crew, std::uint64_t block, BlockShared& shared) const
    {
        double* const loss_sums = job.loss_sums + block * job.steps;
        crew.each([&](unsigned thread, Pair& pair) {
            load_pair(job.theta, job.chains, block * kBlockThreads + thread, pair);
            if (thread < EnsembleJob::kMaximumSteps) {
                shared.escaped[thread] = 0;
            }
        });
        crew.barrier();
        unsigned waiting = 0;
        for (std::uint32_t s = 0; s < job.steps; ++s) {
            const BlockNumbers& numbers = job.numbers[s];
            crew.each([&](unsigned thread, Pair& pair) {
                const PairNoise noise{job.seed, job.lane, block * kBlockThreads + thread};
                pair_step<Method, kNoisy>(functor, numbers, job.gradient_noise, noise, job.first_step + s, pair);
                keep_and_count(crew, job.box, pair, shared.escaped[s]);
                if (numbers.record) {
                    put_values(functor, pair, shared.values[waiting], thread);
                    if (thread == 0) {
                        shared.step_of[waiting] = s;
                    }
                }
            });
            waiting += numbers.record ? 1 : 0;
            if (waiting == kWaiting) {
                add_up(crew, shared, waiting, loss_sums);
                waiting = 0;
            }
        }
        add_up(crew, shared, waiting, loss_sums);
        crew.each([&](unsigned thread, Pair& pair) {
            store_pair(job.theta, job.chains, block * kBlockThreads + thread, pair);
            if (thread < job.steps) {
                std::uint32_t alive = chains_of(block, job.chains);
                for (unsigned s = 0; s <= thread; ++s) {
                    alive -= shared.escaped[s];
                }
                job.alive[block * job.steps + thread] = alive;
                if (!job.numbers[thread].record) {
                    loss_sums[thread] = 0;
                }
            }
        });
    }
};

/// The escape rule, the count and, where `losses`, the values of a block.
template <class Functor>
struct BlockMeasure {
    Functor functor;
    MeasureJob job;

    std::uint64_t blocks() const { return (job.chains + kBlockChains - 1) / kBlockChains; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(job.theta, 2 * job.chains), visit(job.loss_sums, blocks()), visit(job.alive, blocks());
    }

    template <class Crew>
    BASIN_INLINE void operator()(Crew& crew, std::uint64_t block, BlockShared& shared) const
    {
        crew.each([&](unsigned thread, Pair& pair) {
            load_pair(job.theta, job.chains, block * kBlockThreads + thread, pair);
            if (thread == 0) {
                shared.escaped[0] = 0;
                shared.step_of[0] = 0;
            }
        });
        crew.barrier();
        crew.each([&](unsigned thread, Pair& pair) {
            keep_and_count(crew, job.box, pair, shared.escaped[0]);
            store_pair(job.theta, job.chains, block * kBlockThreads + thread, pair);
            if (job.losses != 0) {
                put_values(functor, pair, shared.values[0], thread);
            }
        });
        add_up(crew, shared, job.losses != 0 ? 1U : 0U, job.loss_sums + block);
        crew.each([&](unsigned thread, Pair&) {
            if (thread == 0) {
                job.alive[block] = chains_of(block, job.chains) - shared.escaped[0];
                if (job.losses == 0) {
                    job.loss_sums[block] = 0;
                }
            }
        });
    }
};

/// Values and gradients, one thread a chain.
template <class Functor>
struct Evaluate {
    Functor functor;
    const float* theta;
    std::uint64_t chains;
    float* values;    // may be null
    float* gradient;  // may be null

    std::uint64_t count() const { return chains; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(theta, 2 * chains), visit(values, chains), visit(gradient, 2 * chains);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        const float x = theta[2 * i];
        const float y = theta[2 * i + 1];
        if (values != nullptr) {
            values[i] = functor.value(x, y);
        }
        if (gradient != nullptr) {
            float gx = 0;
            float gy = 0;
            functor.gradient(x, y, gx, gy);
            gradient[2 * i] = gx;
            gradient[2 * i + 1] = gy;
        }
    }
};

}  // namespace basin::cuda
