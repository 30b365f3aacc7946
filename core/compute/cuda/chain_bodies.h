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

    /// The i-th piece of all: which chain's, where it begins, and what it is.
    struct Place {
        std::uint64_t chain;
        std::uint64_t begin;
        ChainPiece piece;
    };
    BASIN_INLINE Place place(std::uint64_t i) const
    {
        const std::uint64_t chain = i / pieces_a_chain;
        const ChainPiece piece = pieces[i % pieces_a_chain];
        return {chain, chain * dim + piece.offset, piece};
    }
    std::uint64_t all() const { return chains * pieces_a_chain; }
    std::uint64_t size() const { return chains * dim; }
};

/// The sum of number(k) for k = begin, begin + stride, ... before end, in this order. Sixteen are read before the first
/// is added: few threads do this, and each would wait for the memory at every number.
template <class Number>
BASIN_INLINE double add_in_order(std::uint64_t begin, std::uint64_t end, std::uint64_t stride, const Number& number)
{
    constexpr std::uint64_t kAhead = 16;
    double sum = 0;
    std::uint64_t k = begin;
    for (; k + (kAhead - 1) * stride < end; k += kAhead * stride) {
        double ahead[kAhead];
        for (std::uint64_t i = 0; i < kAhead; ++i) {
            ahead[i] = number(k + i * stride);
        }
        for (std::uint64_t i = 0; i < kAhead; ++i) {
            sum += ahead[i];
        }
    }
    for (; k < end; k += stride) {
        sum += number(k);
    }
    return sum;
}

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
        const Pieces::Place place = at.place(i / kPartials);
        const std::uint64_t end = place.begin + place.piece.size;
        at.partial[i] = add_in_order(place.begin + i % kPartials, end, kPartials, [&](std::uint64_t k) {
            const float value = place.piece.adaptive != 0 ? element::metric(x[k], eta) * g[k] : g[k];
            const auto wide = static_cast<double>(value);
            return wide * wide;
        });
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
        at.sums[i] =
            add_in_order(i * kPartials, (i + 1) * kPartials, 1, [&](std::uint64_t k) { return at.partial[k]; });
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
        const std::uint64_t first = chain * at.pieces_a_chain;
        const double sum =
            add_in_order(first, first + at.pieces_a_chain, 1, [&](std::uint64_t k) { return at.sums[k]; });
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
        const Pieces::Place place = at.place(i / kAlong);
        const std::uint64_t end = place.begin + place.piece.size;
        const float factor = at.factors[place.chain];
        for (std::uint64_t k = place.begin + i % kAlong; k < end; k += kAlong) {
            y[k] = place.piece.adaptive != 0 ? element::ascended_in_metric(x[k], g[k], eta, factor)
                                             : element::perturbed(x[k], factor, g[k]);
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
        const Pieces::Place place = at.place(i / kAlong);
        const std::uint64_t end = place.begin + place.piece.size;
        const float factor = at.factors[i / kAlong];
        for (std::uint64_t k = place.begin + i % kAlong; k < end; k += kAlong) {
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
        element::ascend_pair(y + 2 * i, x + 2 * i, g + 2 * i, radius);
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
        element::ascend_pair_in_metric(y + 2 * i, x + 2 * i, g + 2 * i, radius, eta);
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
    BASIN_INLINE void operator()(std::uint64_t i) const { element::perturb_pair(y + 2 * i, x + 2 * i, scale); }
};

}  // namespace basin::cuda
