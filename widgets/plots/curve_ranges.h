// What the axes of a chart should show.
#pragma once

#include <span>

#include "widgets/plots/curve_layer.h"

namespace basin {

/// Extent of the visible curves' data; empty (low > high) where there is none. y is in the axis' coordinate.
struct CurveRanges {
    AxisRange x{1, 0};
    AxisRange y{1, 0};
};
CurveRanges curve_ranges(std::span<const CurveView> curves, const CurveMapping& mapping);

/// An x-axis that holds `data`: it starts where the data start and grows in leaps, so that it stands still while most
/// rows arrive. `current` with no span: as small as it may be.
AxisRange following_x(AxisRange current, AxisRange data);

/// A y-axis that holds `data`: `current` as long as that fits without much waste, else the data with room around.
AxisRange following_y(AxisRange current, AxisRange data);

}  // namespace basin
