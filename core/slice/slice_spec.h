// What a slice is of: everything that its values depend on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/objective/point_values.h"
#include "core/slice/plane.h"

namespace basin {

/// `count` evenly spaced coordinates from lower to upper, both ends among them.
struct SliceAxis {
    double lower = -1;
    double upper = 1;
    std::size_t count = 51;

    double at(std::size_t index) const
    {
        // From both ends, so that the last is `upper` itself and a symmetric axis is symmetric to the bit.
        const auto last = static_cast<double>(count - 1);
        const auto i = static_cast<double>(index);
        return (lower * (last - i) + upper * i) / last;
    }
    bool operator==(const SliceAxis&) const = default;
};

/// E L(theta + sigma eps), eps ~ N(0, I), by K antithetic pairs:
///   (1/K) sum_k (L(theta + sigma eps_k) + L(theta - sigma eps_k)) / 2,
/// so that odd orders cancel. All points share the eps_k (common random numbers; ProbeDraw::perturbation, the vectors
/// of the average sharpness), so differences between points are those of the smoothed loss. A point costs 2 K values
/// more.
struct Smoothing {
    double sigma = 0;       // 0: none
    std::size_t pairs = 8;  // K
    std::string value{};    // which of the slice's values is smoothed
    bool operator==(const Smoothing&) const = default;
};

/// A value. One axis a direction.
struct SliceSpec {
    static constexpr std::size_t kMostPoints = std::size_t{1} << 22U;

    std::string objective;  // names what is sliced: text of a run's objective and seed; only compared
    Plane plane;
    std::vector<SliceAxis> axes;
    PointRequest points;
    Smoothing smoothing;
    std::vector<float> buffers{};  // the network's, at all points

    /// points.values, then for a smoothing "smoothed_<value>" and "smoothed_<value>_error" (one standard error over the
    /// pairs; NaN of a single one).
    std::vector<std::string> keys() const;
    std::size_t columns() const { return axes[0].count; }                     // along alpha
    std::size_t rows() const { return axes.size() > 1 ? axes[1].count : 1; }  // along beta
    std::size_t size() const { return rows() * columns(); }
};

/// Throws std::invalid_argument, one sentence that names the key.
void check_slice(const SliceSpec& spec);

/// SHA-256 of all that the values depend on: not of the plane's kind, numbers and marks. 64 hexadecimal digits.
std::string slice_hash(const SliceSpec& spec);

/// Around these points with a margin of 15 % of the larger extent at each side, one unit on both axes; at least
/// `least` from the middle to each side, for points that coincide.
std::vector<SliceAxis> axes_around(std::span<const PlanePoint> points, std::size_t count, double least = 1e-3);

}  // namespace basin
