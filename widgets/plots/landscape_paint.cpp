// How LandscapeView paints itself.
#include <QElapsedTimer>
#include <QPaintEngine>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/plots/colour_bar.h"
#include "widgets/plots/colour_map.h"
#include "widgets/plots/landscape_decor.h"
#include "widgets/plots/landscape_view.h"
#include "widgets/plots/lane_style.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/readout_box.h"

namespace basin {

void LandscapeView::keep_background(double ratio)
{
    background_ = QPixmap(size() * ratio);
    background_.setDevicePixelRatio(ratio);
    background_stale_ = false;
    QPainter painter(&background_);
    paint_background(painter);
}

void LandscapeView::paint_background(QPainter& painter)
{
    const Theme& theme = Theme::of(*this);
    painter.fillRect(rect(), theme.panel);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(scaled_font(font(), 0.9));
    if (picture_) {
        if (map_.isNull()) {
            const Lattice& cells = picture_->values.lattice;
            map_ = QImage(static_cast<int>(cells.columns), static_cast<int>(cells.rows), QImage::Format_RGB32);
            const ColourMap& colours = ColourMap::heat(theme.dark);
            for (std::size_t row = 0; row < cells.rows; ++row) {
                auto* line = reinterpret_cast<QRgb*>(map_.scanLine(static_cast<int>(cells.rows - 1 - row)));
                for (std::size_t column = 0; column < cells.columns; ++column) {
                    line[column] = colours.table()[picture_->places[row * cells.columns + column]];
                }
            }
        }
        painter.setClipRect(transform_.area);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(transform_.to_pixels(picture_->request.box), map_);
        draw_contours(painter, transform_, *picture_, theme);
        painter.setClipping(false);
        const QString title = field_title(picture_->request.kind, picture_->request.sigma);
        draw_colour_bar(painter, landscape_layout(size(), painter.font()).bar, picture_->scale, picture_->lines.levels,
                        title, title.section(',', 0, 0), theme);
    }
    draw_plane_axes(painter, transform_, theme);
}

void LandscapeView::paint_clouds(QPainter& painter)
{
    const bool dark = Theme::of(*this).dark;
    const int width = static_cast<int>(std::ceil(transform_.area.width()));
    const int height = static_cast<int>(std::ceil(transform_.area.height()));
    if (clouds_stale_) {
        std::vector<const ParticleLayer*> layers;
        std::vector<QColor> colors;
        for (LaneState& state : lanes_) {
            if (!state.lane.visible || state.positions.size() <= 2 * kDots) {
                continue;
            }
            if (!state.counted) {
                state.cloud.count(state.positions, transform_, width, height);
                state.counted = true;
            }
            layers.push_back(&state.cloud);
            colors.push_back(lane_style(state.lane.style, dark).color);
        }
        if (layers.empty()) {
            clouds_ = QImage();
        } else {
            if (clouds_.size() != QSize(width, height)) {
                clouds_ = QImage(width, height, QImage::Format_ARGB32_Premultiplied);
            }
            blend_layers(layers, colors, clouds_);
        }
        clouds_stale_ = false;
    }
    if (!clouds_.isNull()) {
        painter.drawImage(transform_.area.topLeft(), clouds_);
    }
}

void LandscapeView::paint_dots(QPainter& painter) const
{
    const Theme& theme = Theme::of(*this);
    for (const LaneState& state : lanes_) {
        if (!state.lane.visible || state.positions.empty() || state.positions.size() > 2 * kDots) {
            continue;
        }
        const QColor color = lane_style(state.lane.style, theme.dark).color;
        const std::size_t count = state.positions.size() / 2;
        for (std::size_t particle = 0; particle < count && !state.trail.empty(); ++particle) {
            // Four pieces, fading towards the past; one line each is cheaper than a line a step.
            const std::size_t length = state.trail.size();
            constexpr std::size_t kPieces = 4;
            for (std::size_t piece = 0; piece < kPieces; ++piece) {
                QPolygonF points;
                const std::size_t last = (piece + 1) * length / kPieces;
                for (std::size_t i = piece * length / kPieces; i <= last; ++i) {
                    const std::vector<float>& at = i < length ? state.trail[i] : state.positions;
                    const Point point{static_cast<double>(at[2 * particle]), static_cast<double>(at[2 * particle + 1])};
                    if (std::isfinite(point.x) && std::isfinite(point.y)) {
                        points << transform_.to_pixel(point);
                    }
                }
                QColor faded = color;
                faded.setAlphaF(0.25F + 0.6F * static_cast<float>(piece + 1) / kPieces);
                painter.setPen(QPen(faded, 1.6));
                painter.setBrush(Qt::NoBrush);
                painter.drawPolyline(points);
            }
        }
        const double r = count <= kTrails ? 5 : 2.6;
        painter.setPen(QPen(theme.panel, count <= kTrails ? 1.5 : 0.7));
        painter.setBrush(color);
        for (std::size_t i = 0; i < count; ++i) {
            const Point point{static_cast<double>(state.positions[2 * i]),
                              static_cast<double>(state.positions[2 * i + 1])};
            if (std::isfinite(point.x) && std::isfinite(point.y)) {
                painter.drawEllipse(transform_.to_pixel(point), r, r);
            }
        }
    }
}

void LandscapeView::paintEvent(QPaintEvent*)
{
    QElapsedTimer clock;
    clock.start();
    const Theme& theme = Theme::of(*this);
    QPainter painter(this);
    const double ratio = painter.device()->devicePixelRatioF();
    if (painter.paintEngine()->type() != QPaintEngine::Raster) {
        paint_background(painter);  // an SVG keeps axes and contours as lines and letters
    } else {
        if (background_stale_ || background_.devicePixelRatio() != ratio || background_.size() != size() * ratio) {
            keep_background(ratio);
        }
        painter.drawPixmap(0, 0, background_);
    }
    painter.setFont(scaled_font(font(), 0.9));
    if (!landscape_) {
        painter.setPen(theme.muted);
        painter.drawText(rect(), Qt::AlignCenter, QStringLiteral("This experiment has no landscape."));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.save();
    painter.setClipRect(transform_.area);
    paint_clouds(painter);
    paint_dots(painter);
    draw_minima(painter, transform_, landscape_->minima(), theme);
    draw_starts(painter, transform_, starts_, theme);
    painter.restore();

    std::vector<LandscapeLegendLine> lines;
    for (const LaneState& state : lanes_) {
        if (state.lane.visible) {
            lines.push_back({state.lane.label, lane_style(state.lane.style, theme.dark).color,
                             state.escaped > 0 ? count_text(state.escaped) + QStringLiteral(" escaped") : QString()});
        }
    }
    if (landscape_layout(size(), painter.font()).roomy) {
        draw_legend(painter, transform_.area, lines, theme);
    }
    if (cursor_ && !dragging_ && transform_.area.contains(*cursor_)) {
        // A narrow map lends the box the room beside it.
        const QRectF room(transform_.area.left(), transform_.area.top(), width() - transform_.area.left(),
                          transform_.area.height());
        draw_readout(painter, room, *cursor_, readout_lines(hover_text(transform_.to_plane(*cursor_))), theme);
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(transform_.area.adjusted(-0.5, -0.5, 0.5, 0.5));
    }
    last_paint_ms_ = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
}

}  // namespace basin
