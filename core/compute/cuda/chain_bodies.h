// The verbs that look at a chain as a whole, in parts: see bodies.h for what a body is.
//
// A norm is taken in three launches, so that it is added up as on the CPU: 16 partial sums a piece (every 16th number
// in turn), these in order, then the pieces of a chain in order. All in double.
#pragma once

#include "core/compute/cuda/bodies.h"
#include "core/compute/layout.h"

namespace basin::cuda {

/// A part of a chain whose squares are added up by themselves.
struct ChainPiece {
    std::uint64_t offset;
    std::uint64_t size;
    std::uint64_t adaptive;  // not 0: in the metric |x| + eta
};

constexpr std::uint64_t kPartials = 16;
/// Threads that go along one piece; more would idle in the small filters of a network.
constexpr std::uint64_t kAlong = 64;

/// Pieces of all chains, and room for their sums.
struct Pieces {
    const ChainPiece* pieces;
    std::uint64_t pieces_a_chain;
    std::uint64_t chains;
    std::uint64_t dim;
    double* partial;  // chains x pieces x 16
    double* sums;     // chains x pieces
    float* factors;   // a chain, or a piece of a chain

    std::uint64_t all() const { return chains * pieces_a_chain; }
    std::uint64_t size() const { return chains * dim; }
};

template <class Visit>
void visit_pieces(Visit& visit, Pieces& pieces)
{
    visit(pieces.pieces, pieces.pieces_a_chain), visit(pieces.partial, pieces.all() * kPartials),
        visit(pieces.sums, pieces.all()), visit(pieces.factors, pieces.all());
}

/// Partial sums of squares of g, in a piece's metric.
struct PartialSquares {
    Pieces at;
    const float* x;  // null where no piece is adaptive
    const float* g;
    float eta;

    std::uint64_t count() const { return at.all() * kPartials; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit_pieces(visit, at), visit(x, at.size()), visit(g, at.size());
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        const std::uint64_t which = i / kPartials;
        const ChainPiece piece = at.pieces[which % at.pieces_a_chain];
        const std::uint64_t begin = which / at.pieces_a_chain * at.dim + piece.offset;
        double sum = 0;
        for (std::uint64_t k = i % kPartials; k < piece.size; k += kPartials) {
            const float value = piece.adaptive != 0 ? (math::abs(x[begin + k]) + eta) * g[begin + k] : g[begin + k];
            const auto wide = static_cast<double>(value);
            sum += wide * wide;
        }
        at.partial[i] = sum;
    }
};

struct PieceSums {
    Pieces at;

    std::uint64_t count() const { return at.all(); }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit_pieces(visit, at);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        double sum = 0;
        for (std::uint64_t k = 0; k < kPartials; ++k) {
            sum += at.partial[i * kPartials + k];
        }
        at.sums[i] = sum;
    }
};

/// radius / (|T g| + tiny) of each chain.
struct AscentFactors {
    Pieces at;
    double radius;
    double tiny;

    std::uint64_t count() const { return at.chains; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit_pieces(visit, at);
    }
    BASIN_INLINE void operator()(std::uint64_t chain) const
    {
        double sum = 0;
        for (std::uint64_t k = 0; k < at.pieces_a_chain; ++k) {
            sum += at.sums[chain * at.pieces_a_chain + k];
        }
        at.factors[chain] = static_cast<float>(radius / (math::sqrt(sum) + tiny));
    }
};

struct Ascend {
    Pieces at;
    float* y;
    const float* x;
    const float* g;
    float eta;

    std::uint64_t count() const { return at.all() * kAlong; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit_pieces(visit, at), visit(y, at.size()), visit(x, at.size()), visit(g, at.size());
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        const std::uint64_t which = i / kAlong;
        const std::uint64_t chain = which / at.pieces_a_chain;
        const ChainPiece piece = at.pieces[which % at.pieces_a_chain];
        const std::uint64_t begin = chain * at.dim + piece.offset;
        const float factor = at.factors[chain];
        for (std::uint64_t k = begin + i % kAlong; k < begin + piece.size; k += kAlong) {
            const float metric = math::abs(x[k]) + eta;
            y[k] = element::perturbed(x[k], factor, piece.adaptive != 0 ? metric * (metric * g[k]) : g[k]);
        }
    }
};

/// scale * |piece of x|.
struct FilterFactors {
    Pieces at;
    double scale;

    std::uint64_t count() const { return at.all(); }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit_pieces(visit, at);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        at.factors[i] = static_cast<float>(scale * math::sqrt(at.sums[i]));
    }
};

/// y = x + factor of the piece * y.
struct AlongFilters {
    Pieces at;
    float* y;
    const float* x;

    std::uint64_t count() const { return at.all() * kAlong; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit_pieces(visit, at), visit(y, at.size()), visit(x, at.size());
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        const std::uint64_t which = i / kAlong;
        const ChainPiece piece = at.pieces[which % at.pieces_a_chain];
        const std::uint64_t begin = which / at.pieces_a_chain * at.dim + piece.offset;
        const float factor = at.factors[which];
        for (std::uint64_t k = begin + i % kAlong; k < begin + piece.size; k += kAlong) {
            y[k] = element::perturbed(x[k], factor, y[k]);
        }
    }
};

/// Chains of two numbers: SAM's ascent, ASAM's and filter noise, in float and in one launch.
struct AscendPairs {
    float* y;
    const float* x;
    const float* g;
    std::uint64_t chains;
    float radius;

    std::uint64_t count() const { return chains; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(y, 2 * chains), visit(x, 2 * chains), visit(g, 2 * chains);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        const float gx = g[2 * i];
        const float gy = g[2 * i + 1];
        const float factor = element::ascent_factor(radius, gx * gx + gy * gy);
        y[2 * i] = element::perturbed(x[2 * i], factor, gx);
        y[2 * i + 1] = element::perturbed(x[2 * i + 1], factor, gy);
    }
};

struct AscendAdaptivePairs {
    float* y;
    const float* x;
    const float* g;
    std::uint64_t chains;
    float radius;
    float eta;

    std::uint64_t count() const { return chains; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(y, 2 * chains), visit(x, 2 * chains), visit(g, 2 * chains);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        const float metric_x = math::abs(x[2 * i]) + eta;
        const float metric_y = math::abs(x[2 * i + 1]) + eta;
        const float ux = metric_x * g[2 * i];
        const float uy = metric_y * g[2 * i + 1];
        const float factor = radius / (math::sqrt(ux * ux + uy * uy) + 1e-16F);
        y[2 * i] = element::perturbed(x[2 * i], factor, metric_x * ux);
        y[2 * i + 1] = element::perturbed(x[2 * i + 1], factor, metric_y * uy);
    }
};

struct PerturbPairs {
    float* y;
    const float* x;
    std::uint64_t chains;
    float scale;

    std::uint64_t count() const { return chains; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(y, 2 * chains), visit(x, 2 * chains);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        const float norm = math::sqrt(x[2 * i] * x[2 * i] + x[2 * i + 1] * x[2 * i + 1]);
        y[2 * i] = element::perturbed(x[2 * i], scale * norm, y[2 * i]);
        y[2 * i + 1] = element::perturbed(x[2 * i + 1], scale * norm, y[2 * i + 1]);
    }
};

}  // namespace basin::cuda
