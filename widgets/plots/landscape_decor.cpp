#include "widgets/plots/landscape_decor.h"

#include <QFontMetricsF>
#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/plots/axis_ticks.h"
#include "widgets/plots/colour_bar.h"
#include "widgets/plots/readout_box.h"

namespace basin {

namespace {

constexpr double kTick = 4;
constexpr double kGap = 4;
// Narrower than this a map needs the room of its colour bar itself.
constexpr double kBarFrom = 380;

void draw_text(QPainter& painter, const QRectF& box, int flags, const QString& text, const QColor& color)
{
    painter.setPen(color);
    painter.drawText(box, flags, text);
}

}  // namespace

LandscapeLayout landscape_layout(const QSizeF& size, const QFont& font)
{
    const QFontMetricsF metrics(font);
    const double left = metrics.horizontalAdvance(QStringLiteral("−00.00")) + kTick + 2 * kGap + metrics.height();
    const double bottom = 2 * metrics.height() + kTick + 2 * kGap;
    const bool with_bar = size.width() > kBarFrom;
    const double right = !with_bar ? 10 : colour_bar_width(font);
    LandscapeLayout layout;
    layout.plot =
        QRectF(left, 8, std::max(10.0, size.width() - left - right), std::max(10.0, size.height() - bottom - 8));
    layout.bar = !with_bar ? QRectF() : colour_bar_place(layout.plot);
    layout.roomy = layout.plot.width() > 180 && layout.plot.height() > 160;
    return layout;
}

void draw_plane_axes(QPainter& painter, const ViewTransform& transform, const Theme& theme)
{
    const QRectF& area = transform.area;
    const QFontMetricsF metrics(painter.font());
    const double label = metrics.horizontalAdvance(QStringLiteral("−0.000   "));
    const int across = std::clamp(static_cast<int>(area.width() / label), 2, 9);
    const int up = std::clamp(static_cast<int>(area.height() / (3 * metrics.height())), 2, 9);
    const Ticks x = linear_ticks(transform.box.x_min, transform.box.x_max, across);
    const Ticks y = linear_ticks(transform.box.y_min, transform.box.y_max, up);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.axis, 1));
    painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5));
    for (const Ticks::Tick& tick : x.major) {
        const double at = transform.to_pixel({tick.at, 0}).x();
        painter.setPen(QPen(theme.axis, 1));
        painter.drawLine(QPointF(at, area.bottom()), QPointF(at, area.bottom() + kTick));
        draw_text(painter, QRectF(at - label, area.bottom() + kTick + 1, 2 * label, metrics.height()),
                  Qt::AlignHCenter | Qt::AlignTop, tick.label, theme.muted);
    }
    for (const Ticks::Tick& tick : y.major) {
        const double at = transform.to_pixel({0, tick.at}).y();
        painter.setPen(QPen(theme.axis, 1));
        painter.drawLine(QPointF(area.left() - kTick, at), QPointF(area.left(), at));
        draw_text(painter, QRectF(0, at - metrics.height(), area.left() - kTick - kGap, 2 * metrics.height()),
                  Qt::AlignRight | Qt::AlignVCenter, tick.label, theme.muted);
    }
    draw_text(painter,
              QRectF(area.left(), area.bottom() + kTick + 1 + metrics.height(), area.width(), metrics.height()),
              Qt::AlignCenter, QStringLiteral("θ₁"), theme.muted);
    painter.save();
    painter.translate(kGap, area.center().y());
    painter.rotate(-90);
    draw_text(painter, QRectF(-60, 0, 120, metrics.height()), Qt::AlignCenter, QStringLiteral("θ₂"), theme.muted);
    painter.restore();
}

void draw_contours(QPainter& painter, const ViewTransform& transform, const FieldPicture& picture, const Theme& theme)
{
    QColor color = theme.dark ? QColor(205, 225, 255) : QColor(25, 40, 75);
    color.setAlphaF(theme.dark ? 0.22F : 0.26F);
    painter.setPen(QPen(color, 1));
    painter.setBrush(Qt::NoBrush);
    QPolygonF points;
    for (const std::vector<Polyline>& level : picture.lines.lines) {
        for (const Polyline& line : level) {
            points.clear();
            for (const Point& point : line.points) {
                points << transform.to_pixel(point);
            }
            painter.drawPolyline(points);
        }
    }
}

void draw_minima(QPainter& painter, const ViewTransform& transform, const std::vector<Minimum>& minima,
                 const Theme& theme)
{
    for (const Minimum& minimum : minima) {
        const QPointF at = transform.to_pixel(minimum.at);
        if (!transform.area.contains(at)) {
            continue;
        }
        const double r = minimum.global ? 7 : 5;
        const QPolygonF diamond({at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)});
        painter.setPen(QPen(theme.panel, 4));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolygon(diamond);
        painter.setPen(QPen(theme.text, 1.6));
        painter.setBrush(minimum.global ? QBrush(theme.text) : QBrush(theme.panel));
        painter.drawPolygon(diamond);
    }
}

void draw_starts(QPainter& painter, const ViewTransform& transform, const std::vector<Point>& starts,
                 const Theme& theme)
{
    for (const Point& start : starts) {
        const QPointF at = transform.to_pixel(start);
        if (!transform.area.contains(at)) {
            continue;
        }
        for (const bool halo : {true, false}) {
            painter.setPen(halo ? QPen(theme.panel, 4, Qt::SolidLine, Qt::RoundCap) : QPen(theme.text, 1.8));
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(at, 6.5, 6.5);
            for (const QPointF& arm : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)}) {
                painter.drawLine(at + arm * 4, at + arm * 10);
            }
        }
    }
}

void draw_legend(QPainter& painter, const QRectF& plot, const std::vector<LandscapeLegendLine>& lines,
                 const Theme& theme)
{
    if (lines.empty()) {
        return;
    }
    const QFontMetricsF metrics(painter.font());
    double width = 0;
    for (const LandscapeLegendLine& line : lines) {
        const QString note = line.note.isEmpty() ? QString() : QStringLiteral("   ") + line.note;
        width = std::max(width, metrics.horizontalAdvance(line.label + note));
    }
    const double row = metrics.height() + 3;
    const QRectF box(plot.left() + 8, plot.top() + 8, width + 36, row * static_cast<double>(lines.size()) + 10);
    draw_box(painter, box, theme, 0.86F);
    double y = box.top() + 5;
    for (const LandscapeLegendLine& line : lines) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(line.color);
        painter.drawEllipse(QPointF(box.left() + 14, y + 0.5 * row), 5, 5);
        const QRectF text(box.left() + 27, y, box.width() - 27, row);
        draw_text(painter, text, Qt::AlignLeft | Qt::AlignVCenter, line.label, theme.text);
        if (!line.note.isEmpty()) {
            draw_text(painter, text.adjusted(metrics.horizontalAdvance(line.label + QStringLiteral("   ")), 0, 0, 0),
                      Qt::AlignLeft | Qt::AlignVCenter, line.note, theme.bad);
        }
        y += row;
    }
}

}  // namespace basin
