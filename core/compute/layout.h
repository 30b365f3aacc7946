// What the numbers in a flat parameter array are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace basin {

/// What a block of parameters does in its model; normalisation and per-layer methods treat them differently.
enum class BlockRole : std::uint8_t { weight, bias, norm, coordinate, buffer };

/// One tensor inside the flat array: `shape` is in row-major order, `offset` counts floats.
struct LayoutBlock {
    std::string name;
    std::size_t offset = 0;
    std::vector<std::int64_t> shape;
    BlockRole role = BlockRole::weight;

    std::size_t size() const
    {
        std::size_t count = 1;
        for (const std::int64_t extent : shape)
            count *= static_cast<std::size_t>(extent);
        return count;
    }
};

/// Neighbours in a chain's numbers: from `offset`, `size` of them.
struct Segment {
    std::size_t offset = 0;
    std::size_t size = 0;
    bool operator==(const Segment&) const = default;
};

/// The blocks of theta in order, without gaps. A value.
struct Layout {
    std::vector<LayoutBlock> blocks;

    std::size_t size() const { return blocks.empty() ? 0 : blocks.back().offset + blocks.back().size(); }

    void append(std::string name, std::vector<std::int64_t> shape, BlockRole role)
    {
        const std::size_t offset = size();
        blocks.push_back({std::move(name), offset, std::move(shape), role});
    }

    /// What filter-wise methods scale together: the rows of a tensor seen as first extent x rest, a tensor of one axis
    /// as a whole, and a landscape's coordinates as one point (one coordinate alone would know its axis). In order,
    /// without gaps.
    std::vector<Segment> filters() const
    {
        std::vector<Segment> result;
        bool in_point = false;
        for (const LayoutBlock& block : blocks) {
            const bool coordinate = block.role == BlockRole::coordinate;
            const std::size_t rows = block.shape.size() > 1 ? static_cast<std::size_t>(block.shape.front()) : 1;
            if (coordinate && in_point) {
                result.back().size += block.size();
            } else {
                for (std::size_t row = 0; row < rows; ++row) {
                    result.push_back({block.offset + row * (block.size() / rows), block.size() / rows});
                }
            }
            in_point = coordinate;
        }
        return result;
    }
};

}  // namespace basin
