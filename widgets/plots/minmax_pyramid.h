// Minima, maxima and means of any stretch of a long series, in a time that does not grow with its length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace basin {

/// What a stretch of values holds. Values that are not finite are left out of minimum, maximum and mean.
struct ValueRange {
    float minimum = 0;  // meaningless when `finite` is 0
    float maximum = 0;
    float first = 0;  // as they are, finite or not
    float last = 0;
    double mean = 0;
    std::size_t finite = 0;
};

/// Append-only series of values with levels of 16, 256, 4096 ... values a node. Appending is amortised constant time;
/// `range` looks at some 30 numbers a level. All values are kept; values beyond a float's range count as not finite.
/// One thread at a time.
class MinMaxPyramid {
public:
    void append(double value);
    void clear();

    std::size_t size() const { return values_.size(); }
    float at(std::size_t index) const { return values_[index]; }

    /// Of the values [first, last); both at most size(). An empty stretch has finite 0.
    ValueRange range(std::size_t first, std::size_t last) const;

private:
    static constexpr std::size_t kFan = 16;
    struct Node {
        float minimum;
        float maximum;
        std::uint32_t finite;
        double sum;
    };
    static Node of_values(const float* values, std::size_t count);
    static void join(Node& into, const Node& from);

    std::vector<float> values_;
    // levels_[k] holds complete nodes of 16^(k+1) values only; what is left over is read from the level below.
    std::vector<std::vector<Node>> levels_;
};

}  // namespace basin
