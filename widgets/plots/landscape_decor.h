// What stands around and upon a map: axes, colour bar, legend, markers, read-out.
#pragma once

#include <QPainter>
#include <vector>

#include "widgets/plots/field_picture.h"
#include "widgets/plots/theme.h"
#include "widgets/plots/view_transform.h"

namespace basin {

/// Where the parts of a landscape view lie in a widget of this size and font.
struct LandscapeLayout {
    QRectF plot;
    QRectF bar;
    bool roomy = true;  // enough for a legend inside
};
LandscapeLayout landscape_layout(const QSizeF& size, const QFont& font);

struct LandscapeLegendLine {
    QString label;
    QColor color;
    QString note;  // "12 escaped"
};

void draw_plane_axes(QPainter& painter, const ViewTransform& transform, const Theme& theme);
void draw_contours(QPainter& painter, const ViewTransform& transform, const FieldPicture& picture, const Theme& theme);
void draw_minima(QPainter& painter, const ViewTransform& transform, const std::vector<Minimum>& minima,
                 const Theme& theme);
void draw_starts(QPainter& painter, const ViewTransform& transform, const std::vector<Point>& starts,
                 const Theme& theme);
void draw_legend(QPainter& painter, const QRectF& plot, const std::vector<LandscapeLegendLine>& lines,
                 const Theme& theme);

}  // namespace basin
