// From a curve's numbers to one vertical run a pixel column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "widgets/plots/axis_ticks.h"
#include "widgets/plots/curve_series.h"

namespace basin {

/// How numbers become places in a picture of width x height (device) pixels. Logarithmic: `y` is in log10 of
/// (value - log_offset), and values at or below the offset lie below the picture.
struct CurveMapping {
    XAxis axis = XAxis::step;
    double x_scale = 1;  // shown x = column value * x_scale
    AxisRange x;
    AxisRange y;
    bool logarithmic = false;
    double log_offset = 0;
    int width = 0;
    int height = 0;

    /// The axis coordinate of a value: itself, or its logarithm; -infinity where there is none.
    double y_coordinate(double value) const;
    double y_pixel(double value) const;
    double x_pixel(double shown_x) const { return (shown_x - x.low) / x.span() * width; }

    bool operator==(const CurveMapping&) const = default;
};

/// What a curve covers in one pixel column, in pixels from the top. A sloped run is one straight piece from `enter`
/// to `leave`; other runs hold every value from top to bottom.
struct PixelRun {
    float top = 0;
    float bottom = 0;
    float enter = 0;
    float leave = 0;
    bool empty = true;
    bool sloped = false;
};

/// One run a column, neighbours touching where the curve goes on. Window 1: the rows themselves, and the least and
/// greatest value of a column are always in its run; else the mean of the last `window` rows. Where a column has more
/// than a hundred rows its borders move by up to an eighth of its width, and no row is left out. Cost: columns times
/// the logarithm of the number of rows.
std::vector<PixelRun> trace(const CurveSeries& series, const CurveMapping& mapping, std::size_t window = 1);

/// Remembers one curve's runs: while only rows are appended, only the last columns are computed anew. Give it as many
/// curves as you like, but it remembers the last one.
class TraceMemory {
public:
    const std::vector<PixelRun>& trace(const CurveSeries& series, const CurveMapping& mapping, std::size_t window);

private:
    const CurveSeries* series_ = nullptr;
    std::uint64_t generation_ = 0;
    CurveMapping mapping_;
    std::size_t window_ = 0;
    std::size_t size_ = 0;
    std::vector<PixelRun> runs_;
};

}  // namespace basin
