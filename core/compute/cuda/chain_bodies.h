// The verbs that look at a chain as a whole, in parts: see bodies.h for what a body is.
//
// A norm is added up as on the CPU, in double: 16 partial sums a piece (every 16th number in turn), these in order,
// then the pieces of a chain in order. The first two are launches of their own; the last is done by every thread that
// needs the norm, which is as quick as one thread's doing it for all.
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
constexpr std::uint64_t kAlong = 256;

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

/// Pieces of all chains, and room for their sums.
struct Pieces {
    const ChainPiece* pieces;
    std::uint64_t pieces_a_chain;
    std::uint64_t chains;
    std::uint64_t dim;
    double* partial;  // chains x pieces x 16
    double* sums;     // chains x pieces
    float* factors;   // a piece

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
    /// Of the i-th piece's partial sums.
    BASIN_INLINE double piece_sum(std::uint64_t i) const
    {
        return add_in_order(i * kPartials, (i + 1) * kPartials, 1, [&](std::uint64_t k) { return partial[k]; });
    }
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
    BASIN_INLINE void operator()(std::uint64_t i) const { at.sums[i] = at.piece_sum(i); }
};

/// y(k) = number(k) for begin, begin + kAlong, ... before end; four are read before the first is written.
template <class Number>
BASIN_INLINE void go_along(float* y, std::uint64_t begin, std::uint64_t end, const Number& number)
{
    constexpr std::uint64_t kAhead = 4;
    std::uint64_t k = begin;
    for (; k + (kAhead - 1) * kAlong < end; k += kAhead * kAlong) {
        float ahead[kAhead];
        for (std::uint64_t i = 0; i < kAhead; ++i) {
            ahead[i] = number(k + i * kAlong);
        }
        for (std::uint64_t i = 0; i < kAhead; ++i) {
            y[k + i * kAlong] = ahead[i];
        }
    }
    for (; k < end; k += kAlong) {
        y[k] = number(k);
    }
}

/// y = x + radius / (|T g| + tiny) T^2 g, T the metric.
struct Ascend {
    Pieces at;
    float* y;
    const float* x;
    const float* g;
    double radius;
    double tiny;
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
        const std::uint64_t first = place.chain * at.pieces_a_chain;
        const double sum =
            add_in_order(first, first + at.pieces_a_chain, 1, [&](std::uint64_t k) { return at.sums[k]; });
        const auto factor = static_cast<float>(radius / (math::sqrt(sum) + tiny));
        go_along(y, place.begin + i % kAlong, place.begin + place.piece.size, [&](std::uint64_t k) {
            return place.piece.adaptive != 0 ? element::ascended_in_metric(x[k], g[k], eta, factor)
                                             : element::perturbed(x[k], factor, g[k]);
        });
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
        at.factors[i] = static_cast<float>(scale * math::sqrt(at.piece_sum(i)));
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
        const float factor = at.factors[i / kAlong];
        go_along(y, place.begin + i % kAlong, place.begin + place.piece.size,
                 [&](std::uint64_t k) { return element::perturbed(x[k], factor, y[k]); });
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
