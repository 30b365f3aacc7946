#include "widgets/plots/slice_layer.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/plots/colour_map.h"
#include "widgets/plots/lane_style.h"
#include "widgets/plots/readout_box.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

constexpr std::size_t kLevels = 14;
constexpr double kLine = 1.8;
constexpr double kPathLine = 2;
constexpr double kStop = 2.2;  // radius of a point of a path, px
constexpr double kEnd = 5;     // of its newest one

/// The points are the middles of the cells.
Lattice cells_of(const SliceField& field)
{
    const double half_x = 0.5 * field.alpha.span() / static_cast<double>(std::max<std::size_t>(1, field.columns - 1));
    const double half_y = 0.5 * field.beta.span() / static_cast<double>(std::max<std::size_t>(1, field.rows - 1));
    return {{field.alpha.low - half_x, field.alpha.high + half_x, field.beta.low - half_y, field.beta.high + half_y},
            field.columns,
            field.rows};
}

}  // namespace

void SliceLayer::set_fields(std::vector<SliceField> fields)
{
    fields_ = std::move(fields);
    map_ = {};
    lines_ = {};
    update();
}

QPointF SliceLayer::pixel(double alpha, double y_value) const
{
    return {area().left() + (alpha - x.low) / x.span() * area().width(),
            area().bottom() - (y_value - y.low) / y.span() * area().height()};
}

QPointF SliceLayer::coordinates(const QPointF& pixel) const
{
    return {x.low + (pixel.x() - area().left()) / std::max(1.0, area().width()) * x.span(),
            y.low + (area().bottom() - pixel.y()) / std::max(1.0, area().height()) * y.span()};
}

void SliceLayer::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    painter->save();
    painter->setClipRect(area());
    painter->setRenderHint(QPainter::Antialiasing);
    if (empty()) {
        draw_empty(painter);
        painter->restore();
        return;
    }
    if (is_line()) {
        draw_line(painter);
    } else {
        draw_plane(painter);
    }
    draw_paths(painter);
    painter->restore();
    if (readout) {
        draw_readout(*painter, area(), readout->at, readout_lines(readout->lines), theme());
    }
}

const FieldScale& SliceLayer::scale()
{
    color_map();
    return scale_;
}

const std::vector<double>& SliceLayer::levels()
{
    color_map();
    return lines_.levels;
}

void SliceLayer::color_map()
{
    if (!map_.isNull() && map_dark_ == dark) {
        return;
    }
    const SliceField& field = fields_.front();
    lattice_ = cells_of(field);
    FloatGrid grid(lattice_);
    Grid heights(lattice_);
    for (std::size_t i = 0; i < field.values.size(); ++i) {
        grid.values[i] = static_cast<float>(field.values[i]);
        heights.values[i] = field.values[i];
    }
    scale_ = FieldScale(grid);
    const ColourMap& colors = ColourMap::heat(dark);
    map_ = QImage(static_cast<int>(field.columns), static_cast<int>(field.rows), QImage::Format_RGB32);
    for (std::size_t row = 0; row < field.rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(map_.scanLine(static_cast<int>(field.rows - 1 - row)));
        for (std::size_t column = 0; column < field.columns; ++column) {
            line[column] = colors.at(scale_.place(field.values[row * field.columns + column]));
        }
    }
    map_dark_ = dark;
    lines_ = contours(heights, contour_levels(heights, kLevels));
}

void SliceLayer::draw_plane(QPainter* painter)
{
    color_map();
    const Box& box = lattice_.box;
    painter->setRenderHint(QPainter::SmoothPixmapTransform);
    painter->drawImage(QRectF(pixel(box.x_min, box.y_max), pixel(box.x_max, box.y_min)), map_);
    QColor ink = theme().text;
    ink.setAlphaF(0.35F);
    painter->setPen(QPen(ink, 1));
    painter->setBrush(Qt::NoBrush);
    for (const std::vector<Polyline>& level : lines_.lines) {
        for (const Polyline& line : level) {
            QPolygonF points;
            for (const Point point : line.points) {
                points << pixel(point.x, point.y);
            }
            painter->drawPolyline(points);
        }
    }
}

/// Values are told apart by their dashes, as lanes have the colours.
void SliceLayer::draw_line(QPainter* painter) const
{
    for (std::size_t k = 0; k < fields_.size(); ++k) {
        const SliceField& field = fields_[k];
        painter->setPen(lane_style(static_cast<int>(k), dark).pen(kLine));
        QPolygonF points;
        const auto flush = [&] {
            painter->drawPolyline(points);
            points.clear();
        };
        for (std::size_t i = 0; i < field.columns; ++i) {
            const double share =
                field.columns > 1 ? static_cast<double>(i) / static_cast<double>(field.columns - 1) : 0;
            const double value = field.values[i];
            if (std::isfinite(value)) {
                points << pixel(field.alpha.low + share * field.alpha.span(), value);
            } else if (!std::isnan(value)) {
                flush();  // the loss is infinite here; a point not yet known is only passed over
            }
        }
        flush();
    }
    painter->setPen(QPen(theme().axis, 1, Qt::DashLine));
    for (const SlicePath& path : paths) {
        if (path.visible && !path.stops.empty()) {
            const double at = pixel(path.stops.back().alpha, 0).x();
            painter->drawLine(QPointF(at, area().top()), QPointF(at, area().bottom()));
        }
    }
}

void SliceLayer::draw_paths(QPainter* painter) const
{
    for (const SlicePath& path : paths) {
        if (!path.visible || path.stops.empty()) {
            continue;
        }
        const LaneStyle style = lane_style(path.style, dark);
        QPolygonF points;
        for (const SlicePath::Stop& stop : path.stops) {
            // A line has no second direction: its solutions stand on the axis.
            points << (is_line() ? QPointF(pixel(stop.alpha, 0).x(), area().bottom() - kEnd - 2)
                                 : pixel(stop.alpha, stop.beta));
        }
        if (!is_line()) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(theme().panel, kPathLine + 2));
            painter->drawPolyline(points);
            painter->setPen(style.pen(kPathLine));
            painter->drawPolyline(points);
            painter->setPen(Qt::NoPen);
            painter->setBrush(style.color);
            for (const QPointF& point : points) {
                painter->drawEllipse(point, kStop, kStop);
            }
        }
        painter->setPen(QPen(theme().panel, 1.5));
        painter->setBrush(style.color);
        painter->drawEllipse(points.back(), kEnd, kEnd);
    }
}

}  // namespace basin
