// Between the plane of theta and the pixels of a plot.
#pragma once

#include <QPointF>
#include <QRectF>

#include "core/landscape/landscape.h"

namespace basin {

/// Maps a box of the plane onto a rectangle of pixels, y upwards. A value.
struct ViewTransform {
    Box box;
    QRectF area;

    double x_scale() const { return area.width() / (box.x_max - box.x_min); }
    double y_scale() const { return area.height() / (box.y_max - box.y_min); }
    QPointF to_pixel(Point at) const
    {
        return {area.left() + (at.x - box.x_min) * x_scale(), area.bottom() - (at.y - box.y_min) * y_scale()};
    }
    Point to_plane(const QPointF& pixel) const
    {
        return {box.x_min + (pixel.x() - area.left()) / x_scale(), box.y_min + (area.bottom() - pixel.y()) / y_scale()};
    }
    QRectF to_pixels(const Box& part) const
    {
        return QRectF(to_pixel({part.x_min, part.y_max}), to_pixel({part.x_max, part.y_min}));
    }
};

/// The least box around `view` that has the shape of `area`, so that circles look like circles.
Box fitted(const Box& view, const QRectF& area);
/// `box` scaled by `factor` about `at`, which keeps its place.
Box zoomed(const Box& box, double factor, Point at);

}  // namespace basin
