#include "widgets/plots/curve_ranges.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace basin {

namespace {

// Orders of magnitude below the largest value that a logarithmic axis opens for values at or below its offset.
constexpr double kLogDepth = 6;
// The share of an axis that data must fill before it is made narrower.
constexpr double kWaste = 0.55;
constexpr std::size_t kWhiskerRows = 512;
// A reference line opens an axis to so many times the data's largest number, no further: they would lie flat.
constexpr double kReferenceReach = 4;

void take(AxisRange& range, double low, double high)
{
    const bool empty = range.low > range.high;
    range.low = empty ? low : std::min(range.low, low);
    range.high = empty ? high : std::max(range.high, high);
}

double largest(AxisRange range)
{
    return std::max(std::fabs(range.low), std::fabs(range.high));
}

/// Whether data keep their shape beside reference lines. An axis of orders of magnitude has room.
bool near(AxisRange references, AxisRange data, bool logarithmic)
{
    return logarithmic || data.low > data.high || largest(references) <= kReferenceReach * largest(data);
}

double leap(double value)
{
    static constexpr std::array<double, 10> kLeaps{1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8};
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : kLeaps) {
        if (factor * power >= value * (1 - 1e-12)) {
            return factor * power;
        }
    }
    return 10 * power;
}

}  // namespace

CurveRanges curve_ranges(std::span<const CurveView> curves, const CurveMapping& mapping)
{
    CurveRanges ranges;
    AxisRange references{1, 0};
    for (const CurveView& curve : curves) {
        if (!curve.visible || !curve.series || curve.series->empty()) {
            continue;
        }
        const AffineColumn& xs = curve.series->column(mapping.axis);
        take(ranges.x, xs.front() * mapping.x_scale, xs.back() * mapping.x_scale);
        const MinMaxPyramid::Extent values = curve.series->values().extent(0, curve.series->size());
        if (values.empty()) {
            continue;
        }
        double low = mapping.y_coordinate(static_cast<double>(values.minimum));
        const double high = mapping.y_coordinate(static_cast<double>(values.maximum));
        if (!std::isfinite(high)) {
            continue;
        }
        low = std::isfinite(low) ? low : high - kLogDepth;
        take(curve.reference ? references : ranges.y, low, high);
        // Whiskers are drawn while rows are few.
        const std::size_t rows = curve.error ? std::min(curve.series->size(), curve.error->size()) : 0;
        for (std::size_t i = 0; i < rows && rows <= kWhiskerRows; ++i) {
            const double value = curve.series->smoothed(i, 1);
            const double reach = kWhiskerErrors * curve.error->smoothed(i, 1);
            for (const double end : {mapping.y_coordinate(value - reach), mapping.y_coordinate(value + reach)}) {
                if (std::isfinite(end)) {
                    take(ranges.y, end, end);
                }
            }
        }
    }
    if (references.low <= references.high && near(references, ranges.y, mapping.logarithmic)) {
        take(ranges.y, references.low, references.high);
    }
    return ranges;
}

AxisRange following_x(AxisRange current, AxisRange data)
{
    if (data.low > data.high) {
        return {0, 1};
    }
    const double start = data.low < 0.2 * data.high ? std::min(0.0, data.low) : data.low;
    if (current.span() > 0 && current.low == start && data.high <= current.high && data.high >= 0.4 * current.high) {
        return current;
    }
    const double length = data.high - start;
    return {start, start + (length > 0 ? leap(length) : 1.0)};
}

AxisRange following_y(AxisRange current, AxisRange data)
{
    if (data.low > data.high) {
        return {0, 1};
    }
    const bool holds = current.span() > 0 && data.low >= current.low && data.high <= current.high;
    if (holds && data.high - data.low >= kWaste * current.span()) {
        return current;
    }
    return widened(data, 0.06);
}

}  // namespace basin
