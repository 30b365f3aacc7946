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

/// The blocks of theta in order, without gaps. A value.
struct Layout {
    std::vector<LayoutBlock> blocks;

    std::size_t size() const { return blocks.empty() ? 0 : blocks.back().offset + blocks.back().size(); }

    void append(std::string name, std::vector<std::int64_t> shape, BlockRole role)
    {
        const std::size_t offset = size();
        blocks.push_back({std::move(name), offset, std::move(shape), role});
    }
};

}  // namespace basin
