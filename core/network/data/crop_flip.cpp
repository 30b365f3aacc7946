#include "core/network/data/crop_flip.h"

#include <algorithm>

#include "core/compute/philox.h"

namespace basin {

ImageWindow CropFlip::window(const RngKey& epoch, std::uint64_t place, std::int64_t columns) const
{
    RngKey key = epoch;
    key.stream = Stream::augmentation;
    const philox::Words words = philox::words(key, place);
    const auto offset = [this](std::uint32_t word) {
        return static_cast<std::int64_t>((word * static_cast<std::uint64_t>(2 * padding + 1)) >> 32U) - padding;
    };
    const std::int64_t row = offset(words.a);
    const std::int64_t column = offset(words.b);
    const bool mirrored = (words.c >> 31U) != 0;
    return mirrored ? ImageWindow{row, column + columns - 1, -1} : ImageWindow{row, column, 1};
}

void CropFlip::copy(const float* from, float* to, std::span<const std::int64_t> shape, const ImageWindow& window) const
{
    const std::int64_t rows = shape[1];
    const std::int64_t columns = shape[2];
    const bool mirrored = window.step < 0;
    // The columns [first, last) lie inside of the original.
    const std::int64_t first = std::max<std::int64_t>(0, mirrored ? window.column - columns + 1 : -window.column);
    const std::int64_t last = std::min(columns, mirrored ? window.column + 1 : columns - window.column);
    for (std::int64_t channel = 0; channel < shape[0]; ++channel, from += rows * columns)
        for (std::int64_t row = 0; row < rows; ++row, to += columns) {
            const std::int64_t source = window.row + row;
            if (source < 0 || source >= rows || first >= last) {
                std::fill_n(to, columns, black);
                continue;
            }
            const float* line = from + source * columns;
            std::fill_n(to, first, black);
            if (mirrored)
                std::reverse_copy(line + window.column - last + 1, line + window.column - first + 1, to + first);
            else
                std::copy(line + window.column + first, line + window.column + last, to + first);
            std::fill_n(to + last, columns - last, black);
        }
}

}  // namespace basin
