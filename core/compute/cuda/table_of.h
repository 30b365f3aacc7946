// The plug-in's table for a machine: the GPU, or a test's CPU loop. A machine has
//   launch(stream, body), launch_blocks(stream, body)         see bodies.h and core/landscape/cuda/block_steps.h
//   kRuntime, message, memory, open, close, allocate, release, upload, download, copy, wait        see Table
#pragma once

#include "core/compute/cuda/chain_bodies.h"
#include "core/compute/cuda_table.h"

namespace basin::cuda {

/// The blocks' sums in order, a thread a step.
struct AddBlocks {
    BlockSums at;

    std::uint64_t count() const { return at.steps; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(at.loss_sums, at.blocks * at.steps), visit(at.alive, at.blocks * at.steps), visit(at.totals, at.steps);
    }
    BASIN_INLINE void operator()(std::uint64_t step) const
    {
        // Many loads of a batch are under way before the first sum waits for its own: one after the other they would
        // take 5 % of what ten million particles take.
        constexpr std::uint64_t kBatch = 32;
        EnsembleTotals all;
        std::uint64_t block = 0;
        for (; block + kBatch <= at.blocks; block += kBatch) {
            double sums[kBatch];
            std::uint32_t alive[kBatch];
            for (std::uint64_t i = 0; i < kBatch; ++i) {
                sums[i] = at.loss_sums[(block + i) * at.steps + step];
                alive[i] = at.alive[(block + i) * at.steps + step];
            }
            for (std::uint64_t i = 0; i < kBatch; ++i) {
                all.loss_sum += sums[i];
                all.alive += alive[i];
            }
        }
        for (; block < at.blocks; ++block) {
            all.loss_sum += at.loss_sums[block * at.steps + step];
            all.alive += at.alive[block * at.steps + step];
        }
        at.totals[step] = all;
    }
};

template <class Machine>
struct Verbs {
    using Queue = CUstream_st*;

    /// One launch after the other, until one fails.
    template <class... Bodies>
    static Status launch(Queue stream, const Bodies&... bodies)
    {
        Status status = 0;
        ((status = status != 0 ? status : Machine::launch(stream, bodies)), ...);
        return status;
    }

    static Status gather(Queue stream, float* to, std::uint64_t count, const float* from, std::uint64_t chains,
                         std::uint64_t dim)
    {
        return launch(stream, Gather{to, from, count, chains, dim});
    }
    static Status perturb(Queue stream, float* y, const float* x, std::uint64_t size, float scale, NoiseKind kind,
                          const RngKey* key)
    {
        return launch(stream, Perturb{y, x, size, scale, kind, *key});
    }
    static Status descend(Queue stream, float* theta, float* buffer, const float* gradient, std::uint64_t size,
                          const Descent* descent)
    {
        return launch(stream, Descend{theta, buffer, gradient, size, *descent});
    }
    static Status adapt(Queue stream, float* theta, float* first_moment, float* second_moment, float* largest,
                        const float* gradient, std::uint64_t size, const Adaptation* adaptation)
    {
        return launch(stream, Adapt{theta, first_moment, second_moment, largest, gradient, size, *adaptation});
    }
    static Status add_scaled(Queue stream, float* y, float a, const float* x, std::uint64_t size)
    {
        return launch(stream, AddScaled{y, x, size, a});
    }
    static Status scale(Queue stream, float* y, float a, std::uint64_t size)
    {
        return launch(stream, Scale{y, size, a});
    }
    static Status ascend_pieces(Queue stream, const Pieces* at, float* y, const float* x, const float* g, double radius,
                                double tiny, float eta)
    {
        return launch(stream, PartialSquares{*at, x, g, eta}, PieceSums{*at}, Ascend{*at, y, x, g, radius, tiny, eta});
    }
    static Status perturb_pieces(Queue stream, const Pieces* at, float* y, const float* x, float scale,
                                 const RngKey* key)
    {
        return launch(stream, Perturb{y, nullptr, at->size(), 1, NoiseKind::normal, *key},
                      PartialSquares{*at, nullptr, x, 0}, FilterFactors{*at, static_cast<double>(scale)},
                      AlongFilters{*at, y, x});
    }
    static Status ascend_pairs(Queue stream, float* y, const float* x, const float* g, std::uint64_t chains,
                               float radius)
    {
        return launch(stream, AscendPairs{y, x, g, chains, radius});
    }
    static Status ascend_adaptive_pairs(Queue stream, float* y, const float* x, const float* g, std::uint64_t chains,
                                        float radius, float eta)
    {
        return launch(stream, AscendAdaptivePairs{y, x, g, chains, radius, eta});
    }
    static Status perturb_pairs(Queue stream, float* y, const float* x, std::uint64_t chains, float scale,
                                const RngKey* key)
    {
        return launch(stream, Perturb{y, nullptr, 2 * chains, 1, NoiseKind::normal, *key},
                      PerturbPairs{y, x, chains, scale});
    }
    static Status add_blocks(Queue stream, const BlockSums* sums) { return launch(stream, AddBlocks{*sums}); }
};

template <class Machine>
constexpr Table table_of(const LandscapeRow* landscapes, std::uint64_t count)
{
    using V = Verbs<Machine>;
    return {.abi = kAbi,
            .bytes = sizeof(Table),
            .runtime = Machine::kRuntime,
            .message = &Machine::message,
            .memory = &Machine::memory,
            .open = &Machine::open,
            .close = &Machine::close,
            .allocate = &Machine::allocate,
            .release = &Machine::release,
            .upload = &Machine::upload,
            .download = &Machine::download,
            .copy = &Machine::copy,
            .wait = &Machine::wait,
            .gather = &V::gather,
            .perturb = &V::perturb,
            .descend = &V::descend,
            .adapt = &V::adapt,
            .add_scaled = &V::add_scaled,
            .scale = &V::scale,
            .ascend_pieces = &V::ascend_pieces,
            .perturb_pieces = &V::perturb_pieces,
            .ascend_pairs = &V::ascend_pairs,
            .ascend_adaptive_pairs = &V::ascend_adaptive_pairs,
            .perturb_pairs = &V::perturb_pairs,
            .add_blocks = &V::add_blocks,
            .landscapes = landscapes,
            .landscape_count = count};
}

}  // namespace basin::cuda
