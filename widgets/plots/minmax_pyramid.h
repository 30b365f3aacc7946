// Minima, maxima and means of any stretch of a long series, in a time that does not grow with its length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace basin {

/// Append-only series of values with levels of 16, 256, 4096 ... values a node. Appending is amortised constant time;
/// a question looks at some 30 numbers a level, and at none of the levels below the one on whose nodes both its ends
/// fall. All values are kept. Those that are not finite, or beyond a float's range, are left out of every answer.
/// One thread at a time.
class MinMaxPyramid {
public:
    /// Values, or nodes of one level, that make a node of the next.
    static constexpr std::size_t kFan = 16;

    struct Extent {
        float minimum;
        float maximum;
        bool empty() const { return minimum > maximum; }
    };

    void append(double value);
    void clear();

    std::size_t size() const { return values_.size(); }
    float at(std::size_t index) const { return values_[index]; }

    /// Of the values [first, last), both at most size(); empty when none of them is finite.
    Extent extent(std::size_t first, std::size_t last) const;
    /// Likewise; NaN when none is finite.
    double mean(std::size_t first, std::size_t last) const;

private:
    // Complete nodes only; what is left over is read from the level below. Means and extremes are never asked for
    // together, so they lie apart.
    struct Level {
        std::vector<float> minima;
        std::vector<float> maxima;
        std::vector<double> sums;
        std::vector<std::uint32_t> counts;  // of finite values
    };
    template <class Values, class Nodes>
    void visit(std::size_t first, std::size_t last, Values&& values, Nodes&& nodes) const;

    std::vector<float> values_;
    std::vector<Level> levels_;
};

}  // namespace basin
