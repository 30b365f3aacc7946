// The look of a lane: one colour everywhere, and a line style as second cue.
#pragma once

#include <QColor>
#include <QPen>
#include <vector>

namespace basin {

/// A lane's colour and dash pattern. The eight colours come from Okabe and Ito's palette, which stays apart for
/// people with any colour blindness; each is moved in lightness until its contrast against the background is at
/// least 3 (light: against white, dark: against the theme's panel). After eight lanes colours repeat with the next
/// dash pattern, so 32 lanes differ.
struct LaneStyle {
    QColor color;
    /// Lengths of dash, gap, dash, gap ... in pixels; empty: a solid line.
    std::vector<double> dashes;

    /// A pen of this look; its dash pattern is in units of `width`, as QPen wants it.
    QPen pen(double width) const;
};

/// The style of lane `index` (0, 1, ...) on a dark or a light background.
LaneStyle lane_style(int index, bool dark);

/// WCAG 2 contrast ratio of two opaque colours, 1 to 21.
double contrast(const QColor& a, const QColor& b);

}  // namespace basin
