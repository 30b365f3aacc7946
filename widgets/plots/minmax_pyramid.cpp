#include "widgets/plots/minmax_pyramid.h"

#include <cmath>
#include <limits>

namespace basin {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

bool finite(float value)
{
    return std::fabs(value) < kInfinity;  // false for NaN too
}

}  // namespace

void MinMaxPyramid::append(double value)
{
    values_.push_back(static_cast<float>(value));
    std::size_t count = values_.size();
    for (std::size_t k = 0; count % kFan == 0; ++k, count /= kFan) {
        if (k == levels_.size()) {
            levels_.emplace_back();
        }
        float minimum = kInfinity;
        float maximum = -kInfinity;
        double sum = 0;
        std::uint32_t counted = 0;
        for (std::size_t i = count - kFan; i < count; ++i) {
            if (k == 0) {
                const float one = values_[i];
                if (finite(one)) {
                    minimum = one < minimum ? one : minimum;
                    maximum = one > maximum ? one : maximum;
                    sum += static_cast<double>(one);
                    ++counted;
                }
            } else {
                const Level& below = levels_[k - 1];
                minimum = below.minima[i] < minimum ? below.minima[i] : minimum;
                maximum = below.maxima[i] > maximum ? below.maxima[i] : maximum;
                sum += below.sums[i];
                counted += below.counts[i];
            }
        }
        Level& level = levels_[k];
        level.minima.push_back(minimum);
        level.maxima.push_back(maximum);
        level.sums.push_back(sum);
        level.counts.push_back(counted);
    }
}

void MinMaxPyramid::clear()
{
    values_.clear();
    levels_.clear();
}

// Ends that are not whole nodes of the level above are read here, the middle goes one level up.
template <class Values, class Nodes>
void MinMaxPyramid::visit(std::size_t first, std::size_t last, Values&& values, Nodes&& nodes) const
{
    const auto up = [](std::size_t index) { return (index + kFan - 1) / kFan * kFan; };
    const auto down = [](std::size_t index) { return index / kFan * kFan; };
    if (up(first) >= down(last)) {
        values(first, last);
        return;
    }
    values(first, up(first));
    values(down(last), last);
    std::size_t begin = up(first) / kFan;
    std::size_t end = down(last) / kFan;
    for (const Level& level : levels_) {
        if (up(begin) >= down(end)) {
            nodes(level, begin, end);
            return;
        }
        nodes(level, begin, up(begin));
        nodes(level, down(end), end);
        begin = up(begin) / kFan;
        end = down(end) / kFan;
    }
}

MinMaxPyramid::Extent MinMaxPyramid::extent(std::size_t first, std::size_t last) const
{
    float minimum = kInfinity;
    float maximum = -kInfinity;
    visit(
        first, last,
        [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const float value = values_[i];
                // A comparison with NaN is false; infinities are no extremes.
                minimum = value < minimum && value > -kInfinity ? value : minimum;
                maximum = value > maximum && value < kInfinity ? value : maximum;
            }
        },
        [&](const Level& level, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                minimum = level.minima[i] < minimum ? level.minima[i] : minimum;
                maximum = level.maxima[i] > maximum ? level.maxima[i] : maximum;
            }
        });
    return {minimum, maximum};
}

double MinMaxPyramid::mean(std::size_t first, std::size_t last) const
{
    double sum = 0;
    std::size_t count = 0;
    visit(
        first, last,
        [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                if (finite(values_[i])) {
                    sum += static_cast<double>(values_[i]);
                    ++count;
                }
            }
        },
        [&](const Level& level, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                sum += level.sums[i];
                count += level.counts[i];
            }
        });
    return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace basin
