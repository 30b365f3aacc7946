// How a chain is cut where a norm over it is added up: sums have the bytes of their order, so every device cuts alike.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "core/compute/layout.h"

namespace basin {

/// Numbers of a piece at most: 16 KiB an array; a multiple of 4, as counter blocks are.
constexpr std::size_t kPieceNumbers = 4096;

/// A part of a chain, all in the same metric.
struct Piece {
    Segment at;
    bool adaptive = false;
};

/// The adaptive segments and what is between them, in order.
inline std::vector<Piece> pieces_of(std::size_t dim, std::span<const Segment> adaptive)
{
    std::vector<Piece> pieces;
    const auto append = [&pieces](std::size_t first, std::size_t last, bool in_metric) {
        for (; first < last; first += kPieceNumbers) {
            pieces.push_back({{first, std::min(kPieceNumbers, last - first)}, in_metric});
        }
    };
    std::size_t done = 0;
    for (const Segment& segment : adaptive) {
        append(done, segment.offset, false);
        done = segment.offset + segment.size;
        append(segment.offset, done, true);
    }
    append(done, dim, false);
    return pieces;
}

/// Whether this is a chain of two coordinates that segments cover as one: it has kernels of its own.
inline bool is_covered_pair(std::size_t dim, std::span<const Segment> segments)
{
    std::size_t covered = 0;
    for (const Segment& segment : segments) {
        covered += segment.size;
    }
    return dim == 2 && covered == 2;
}

}  // namespace basin
