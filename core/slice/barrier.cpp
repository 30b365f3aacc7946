#include "core/slice/barrier.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace basin {

std::optional<Barrier> barrier(const SliceAxis& axis, std::span<const double> losses)
{
    if (losses.size() != axis.count) {
        throw std::invalid_argument("barrier: " + std::to_string(losses.size()) + " losses are not one for each of " +
                                    std::to_string(axis.count) + " points of a line");
    }
    const double near = 1e-6 * (axis.upper - axis.lower) / static_cast<double>(axis.count - 1);
    std::optional<std::size_t> zero;
    std::optional<std::size_t> one;
    for (std::size_t i = 0; i < axis.count; ++i) {
        zero = std::abs(axis.at(i)) <= near ? i : zero;
        one = std::abs(axis.at(i) - 1) <= near ? i : one;
    }
    if (!zero || !one) {
        throw std::invalid_argument(
            "axes[0]: has no points at 0 and 1, where the two solutions are; a barrier needs both");
    }
    Barrier result;
    result.first = result.loss = losses[*zero];
    result.last = losses[*one];
    if (std::isnan(result.first) || std::isnan(result.last)) {
        return {};
    }
    for (std::size_t i = *zero + 1; i < *one; ++i) {
        const double t = axis.at(i);
        const double height = losses[i] - ((1 - t) * result.first + t * result.last);
        if (height > result.height) {
            result.height = height;
            result.t = t;
            result.loss = losses[i];
        }
    }
    return result;
}

}  // namespace basin
