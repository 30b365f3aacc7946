// What the colours of a map mean.
#pragma once

#include <QPainter>
#include <QString>
#include <vector>

#include "widgets/plots/field_picture.h"
#include "widgets/plots/theme.h"

namespace basin {

/// From the plot's edge to the end of the bar's title.
double colour_bar_width(const QFont& font);
/// Where the bar itself stands beside a plot.
QRectF colour_bar_place(const QRectF& plot);

/// The colours from the lowest value (below) to the highest, which are written at the ends. The map's contour lines
/// have ticks on it, and as many of them as have room their values: colours are used evenly over the map's area, so
/// the values are not spread evenly. In the painter's font; `brief` takes the title's place beside a bar that is too
/// short for it.
void draw_colour_bar(QPainter& painter, const QRectF& bar, const FieldScale& scale, const std::vector<double>& levels,
                     const QString& title, const QString& brief, const Theme& theme);

}  // namespace basin
