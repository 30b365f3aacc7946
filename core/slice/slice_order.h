// In which order the points of a slice are evaluated, and what a half-done one looks like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace basin {

/// Coarse to fine. An axis of n points is cut by strides 2^L, ..., 2, 1, 2^L the largest that leaves at least
/// kCoarsest points; the points of a stride are those that differ from the middle, (n - 1) / 2, by multiples of it, so
/// each stride's points are among the next one's and the middle comes with the first. Of each level the new points go
/// row by row. A line (one row) begins with its two ends, which its barrier needs. Every point comes exactly once, and
/// the order depends on rows and columns alone, so that a count says which points are done. A value.
class SliceOrder {
public:
    static constexpr std::size_t kCoarsest = 3;  // 9 points: a LeNet takes a quarter of a second for them

    SliceOrder(std::size_t rows, std::size_t columns);

    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }
    std::size_t size() const { return order_.size(); }
    /// The k-th point to evaluate, as row * columns + column.
    std::size_t operator[](std::size_t k) const { return order_[k]; }
    /// level_ends()[l]: how many points have been done when level l is.
    const std::vector<std::size_t>& level_ends() const { return level_ends_; }
    /// How many points make the first picture.
    std::size_t first_picture() const { return level_ends_.front(); }

    /// `values` (rows x columns) with the first `done` points known: every other point takes the value of the nearest
    /// known point of the finest stride at which one is known. NaN where nothing is known.
    std::vector<double> filled(std::span<const double> values, std::size_t done) const;

private:
    std::size_t stride(std::size_t count, std::size_t level) const;

    std::size_t rows_;
    std::size_t columns_;
    std::size_t levels_ = 1;
    std::vector<std::uint32_t> order_;
    std::vector<std::uint32_t> rank_;  // the inverse
    std::vector<std::size_t> level_ends_;
};

}  // namespace basin
