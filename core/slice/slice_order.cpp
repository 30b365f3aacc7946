#include "core/slice/slice_order.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace basin {
namespace {

std::size_t coarsest_stride(std::size_t count)
{
    std::size_t stride = 1;
    while ((count - 1) / (2 * stride) + 1 >= SliceOrder::kCoarsest) {
        stride *= 2;
    }
    return stride;
}

bool on_grid(std::size_t index, std::size_t middle, std::size_t stride)
{
    return (index > middle ? index - middle : middle - index) % stride == 0;
}

/// The index nearest to `index` that lies on the grid of `stride` and inside.
std::size_t snapped(std::size_t index, std::size_t count, std::size_t stride)
{
    const std::size_t middle = (count - 1) / 2;
    const std::size_t first = middle % stride;
    const std::size_t last = first + (count - 1 - first) / stride * stride;
    if (index <= first) {
        return first;
    }
    return std::min(first + (index - first + stride / 2) / stride * stride, last);
}

}  // namespace

SliceOrder::SliceOrder(std::size_t rows, std::size_t columns) : rows_(rows), columns_(columns)
{
    assert(rows > 0 && columns > 0 && rows * columns < std::numeric_limits<std::uint32_t>::max());
    for (std::size_t s = std::max(coarsest_stride(rows), coarsest_stride(columns)); s > 1; s /= 2) {
        ++levels_;
    }
    constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    order_.reserve(rows * columns);
    rank_.assign(rows * columns, kNone);
    const auto add = [this](std::size_t point) {
        if (rank_[point] == kNone) {
            rank_[point] = static_cast<std::uint32_t>(order_.size());
            order_.push_back(static_cast<std::uint32_t>(point));
        }
    };
    if (rows == 1) {
        add(0);
        add(columns - 1);
    }
    for (std::size_t level = 0; level < levels_; ++level) {
        const std::size_t row_stride = stride(rows, level);
        const std::size_t column_stride = stride(columns, level);
        for (std::size_t i = 0; i < rows; ++i) {
            for (std::size_t j = 0; on_grid(i, (rows - 1) / 2, row_stride) && j < columns; ++j) {
                if (on_grid(j, (columns - 1) / 2, column_stride)) {
                    add(i * columns + j);
                }
            }
        }
        level_ends_.push_back(order_.size());
    }
}

std::size_t SliceOrder::stride(std::size_t count, std::size_t level) const
{
    return std::min(coarsest_stride(count), std::size_t{1} << (levels_ - 1 - level));
}

std::vector<double> SliceOrder::filled(std::span<const double> values, std::size_t done) const
{
    assert(values.size() == size());
    std::vector<double> picture(values.begin(), values.end());
    for (std::size_t i = 0; i < rows_; ++i) {
        for (std::size_t j = 0; j < columns_; ++j) {
            for (std::size_t level = levels_; level-- > 0;) {
                const std::size_t point =
                    snapped(i, rows_, stride(rows_, level)) * columns_ + snapped(j, columns_, stride(columns_, level));
                picture[i * columns_ + j] = std::numeric_limits<double>::quiet_NaN();
                if (rank_[point] < done) {
                    picture[i * columns_ + j] = values[point];
                    break;
                }
            }
        }
    }
    return picture;
}

}  // namespace basin
