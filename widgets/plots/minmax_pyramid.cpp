#include "widgets/plots/minmax_pyramid.h"

#include <cmath>
#include <limits>

namespace basin {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

MinMaxPyramid::Node MinMaxPyramid::of_values(const float* values, std::size_t count)
{
    Node node{kInfinity, -kInfinity, 0, 0.0};
    for (std::size_t i = 0; i < count; ++i) {
        const float value = values[i];
        const bool finite = std::fabs(value) < kInfinity;  // false for NaN too
        node.minimum = finite && value < node.minimum ? value : node.minimum;
        node.maximum = finite && value > node.maximum ? value : node.maximum;
        node.sum += finite ? static_cast<double>(value) : 0.0;
        node.finite += finite ? 1U : 0U;
    }
    return node;
}

void MinMaxPyramid::join(Node& into, const Node& from)
{
    into.minimum = from.minimum < into.minimum ? from.minimum : into.minimum;
    into.maximum = from.maximum > into.maximum ? from.maximum : into.maximum;
    into.sum += from.sum;
    into.finite += from.finite;
}

void MinMaxPyramid::append(double value)
{
    values_.push_back(static_cast<float>(value));
    if (values_.size() % kFan != 0) {
        return;
    }
    Node node = of_values(values_.data() + (values_.size() - kFan), kFan);
    for (std::size_t level = 0;; ++level) {
        if (level == levels_.size()) {
            levels_.emplace_back();
        }
        std::vector<Node>& nodes = levels_[level];
        nodes.push_back(node);
        if (nodes.size() % kFan != 0) {
            return;
        }
        node = nodes[nodes.size() - kFan];
        for (std::size_t i = nodes.size() - kFan + 1; i < nodes.size(); ++i) {
            join(node, nodes[i]);
        }
    }
}

void MinMaxPyramid::clear()
{
    values_.clear();
    levels_.clear();
}

ValueRange MinMaxPyramid::range(std::size_t first, std::size_t last) const
{
    ValueRange result;
    if (first >= last) {
        return result;
    }
    result.first = values_[first];
    result.last = values_[last - 1];

    Node total{kInfinity, -kInfinity, 0, 0.0};
    // Ends that are not whole nodes of the level above are read here, the middle goes one level up.
    const auto up = [](std::size_t index) { return (index + kFan - 1) / kFan * kFan; };
    const auto down = [](std::size_t index) { return index / kFan * kFan; };
    if (up(first) >= down(last)) {
        total = of_values(values_.data() + first, last - first);
    } else {
        total = of_values(values_.data() + first, up(first) - first);
        join(total, of_values(values_.data() + down(last), last - down(last)));
        std::size_t begin = up(first) / kFan;
        std::size_t end = down(last) / kFan;
        for (const std::vector<Node>& nodes : levels_) {
            const bool top = up(begin) >= down(end);
            const std::size_t head = top ? end : up(begin);
            for (std::size_t i = begin; i < head; ++i) {
                join(total, nodes[i]);
            }
            if (top) {
                break;
            }
            for (std::size_t i = down(end); i < end; ++i) {
                join(total, nodes[i]);
            }
            begin = head / kFan;
            end = down(end) / kFan;
        }
    }
    result.minimum = total.minimum;
    result.maximum = total.maximum;
    result.finite = total.finite;
    result.mean = total.finite > 0 ? total.sum / static_cast<double>(total.finite) : 0.0;
    return result;
}

}  // namespace basin
