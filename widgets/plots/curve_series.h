// One curve's numbers: values over steps, gradient evaluations and seconds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "widgets/plots/affine_column.h"
#include "widgets/plots/minmax_pyramid.h"

namespace basin {

/// What runs along the x-axis. `epochs` are steps divided by the steps of an epoch.
enum class XAxis : std::uint8_t { step, gradients, epochs, seconds };

/// Where a curve is at one x.
struct CurvePoint {
    std::size_t index = 0;
    double x = 0;
    double value = 0;     // as recorded
    double smoothed = 0;  // mean of the last `window` values
};

/// Append-only rows; every value is kept. x columns must not decrease. One thread at a time.
class CurveSeries {
public:
    void append(double step, double gradients, double seconds, double value);
    void clear();

    std::size_t size() const { return values_.size(); }
    bool empty() const { return values_.size() == 0; }
    /// Grows with every clear(), so that who remembers rows knows that they are gone.
    std::uint64_t generation() const { return generation_; }
    /// The column of an axis; epochs share the steps' (multiply by epoch_scale).
    const AffineColumn& column(XAxis axis) const;
    const MinMaxPyramid& values() const { return values_; }
    /// Mean of the `window` values that end with `index`; fewer at the start. NaN when none is finite.
    double smoothed(std::size_t index, std::size_t window) const;
    /// The last row at or before x; the first row when x lies before it by less than `reach`; else nothing.
    std::optional<CurvePoint> at(XAxis axis, double x, std::size_t window, double reach = 0) const;

private:
    std::array<AffineColumn, 3> columns_;
    MinMaxPyramid values_;
    std::uint64_t generation_ = 0;
};

}  // namespace basin
