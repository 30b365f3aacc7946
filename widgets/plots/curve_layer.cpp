#include "widgets/plots/curve_layer.h"

#include <QElapsedTimer>
#include <QPaintEngine>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/plots/curve_canvas.h"
#include "widgets/plots/readout_box.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

// Rows are marked with dots while there is this much room between them.
constexpr double kDotRoom = 14;
constexpr double kLine = 1.8;
// Rows under their smoothed line: visible, and never in its way.
constexpr double kFaint = 0.28;
const std::vector<double> kReferenceDashes{2, 3};

bool is_vector(const QPainter& painter)
{
    const auto type = painter.paintEngine()->type();
    return type == QPaintEngine::SVG || type == QPaintEngine::Pdf || type == QPaintEngine::Picture;
}

QPolygonF polygon(const std::vector<PixelRun>& runs, std::size_t first, std::size_t last)
{
    QPolygonF points;
    for (std::size_t c = first; c < last; ++c) {
        const PixelRun& run = runs[c];
        const double x = static_cast<double>(c) + 0.5;
        if (run.sloped) {
            points << QPointF(x, 0.5 * static_cast<double>(run.enter + run.leave));
        } else {
            points << QPointF(x, static_cast<double>(run.enter)) << QPointF(x, static_cast<double>(run.top))
                   << QPointF(x, static_cast<double>(run.bottom)) << QPointF(x, static_cast<double>(run.leave));
        }
    }
    return points;
}

}  // namespace

void CurveLayer::touch()
{
    stale_ = true;
    update();
}

void CurveLayer::forget()
{
    rows_.clear();
    smoothed_.clear();
    touch();
}

CurveMapping CurveLayer::mapping_for(double width, double height) const
{
    CurveMapping mapping = content.mapping;
    mapping.width = std::max(1, static_cast<int>(std::lround(width)));
    mapping.height = std::max(1, static_cast<int>(std::lround(height)));
    return mapping;
}

void CurveLayer::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const bool shown = std::any_of(content.curves.begin(), content.curves.end(), [](const CurveView& curve) {
        return curve.visible && curve.series && !curve.series->empty();
    });
    painter->save();
    painter->setClipRect(area());
    if (!shown) {
        draw_empty(painter);
        painter->restore();
        return;
    }
    draw_minor_ticks(painter);
    draw_marks(painter);
    if (is_vector(*painter)) {
        draw_lines(painter);
    } else {
        const double ratio = painter->device()->devicePixelRatioF();
        if (stale_ || picture_.devicePixelRatio() != ratio) {
            render(ratio);
        }
        painter->drawImage(area().topLeft(), picture_);
    }
    draw_points(painter);
    painter->restore();
    if (readout) {
        draw_hover(painter);
    }
}

void CurveLayer::render(double ratio)
{
    QElapsedTimer clock;
    clock.start();
    const CurveMapping mapping = mapping_for(area().width() * ratio, area().height() * ratio);
    CurveCanvas canvas(mapping.width, mapping.height);
    rows_.resize(content.curves.size());
    smoothed_.resize(content.curves.size());
    const auto draw = [&](std::vector<TraceMemory>& memory, std::size_t window, double opacity, double thickness,
                          bool dashed) {
        for (std::size_t i = 0; i < content.curves.size(); ++i) {
            const CurveView& curve = content.curves[i];
            if (!curve.visible || !curve.series) {
                continue;
            }
            const LaneStyle style = lane_style(curve.style, dark);
            CurveCanvas::Stroke stroke{style.color, opacity, (curve.reference ? 1.0 : thickness) * ratio, {}};
            const std::vector<double>& dashes = curve.reference ? kReferenceDashes : style.dashes;
            for (std::size_t part = 0; dashed && part < dashes.size(); ++part) {
                stroke.dashes.push_back(dashes[part] * ratio);
            }
            canvas.draw(memory[i].trace(*curve.series, mapping, window), stroke);
        }
    };
    if (content.window > 1) {
        draw(rows_, 1, kFaint, 1.0, false);
        draw(smoothed_, content.window, 1.0, kLine, true);
    } else {
        draw(rows_, 1, 1.0, kLine, true);
    }
    picture_ = canvas.image();
    picture_.setDevicePixelRatio(ratio);
    stale_ = false;
    last_paint_ms_ = static_cast<double>(clock.nsecsElapsed()) * 1e-6;
}

void CurveLayer::draw_lines(QPainter* painter) const
{
    const CurveMapping mapping = mapping_for(area().width(), area().height());
    for (const CurveView& curve : content.curves) {
        if (!curve.visible || !curve.series) {
            continue;
        }
        const std::vector<PixelRun> runs = trace(*curve.series, mapping, content.window);
        const LaneStyle style = lane_style(curve.style, dark);
        painter->setPen(curve.reference ? LaneStyle{style.color, kReferenceDashes}.pen(1) : style.pen(kLine));
        for (std::size_t first = 0; first < runs.size();) {
            if (runs[first].empty) {
                ++first;
                continue;
            }
            std::size_t last = first;
            while (last < runs.size() && !runs[last].empty) {
                ++last;
            }
            painter->drawPolyline(polygon(runs, first, last).translated(area().topLeft()));
            first = last;
        }
    }
}

void CurveLayer::draw_points(QPainter* painter) const
{
    const CurveMapping mapping = mapping_for(area().width(), area().height());
    painter->setRenderHint(QPainter::Antialiasing);
    for (const CurveView& curve : content.curves) {
        if (!curve.visible || curve.reference || !curve.series || curve.series->empty()) {
            continue;
        }
        const AffineColumn& xs = curve.series->column(mapping.axis);
        const std::size_t first = xs.lower_bound(mapping.x.low / mapping.x_scale);
        const std::size_t last = xs.lower_bound(mapping.x.high / mapping.x_scale);
        if (static_cast<double>(last - first) * kDotRoom > mapping.width) {
            continue;
        }
        const QColor color = lane_style(curve.style, dark).color;
        painter->setBrush(color);
        for (std::size_t i = first; i < std::min(last + 1, xs.size()); ++i) {
            const double value = curve.series->smoothed(i, content.window);
            if (!std::isfinite(value)) {
                continue;
            }
            const double x = area().left() + mapping.x_pixel(xs.at(i) * mapping.x_scale);
            if (curve.error && i < curve.error->size() && content.window == 1) {
                const double reach = kWhiskerErrors * curve.error->smoothed(i, 1);
                // Below zero a logarithmic axis has no place: the whisker then ends at the bottom.
                const double low = mapping.logarithmic && value - reach <= mapping.log_offset
                                       ? area().height()
                                       : mapping.y_pixel(value - reach);
                painter->setPen(QPen(color, 1.2));
                painter->drawLine(QPointF(x, area().top() + low),
                                  QPointF(x, area().top() + mapping.y_pixel(value + reach)));
            }
            painter->setPen(Qt::NoPen);
            painter->drawEllipse(QPointF(x, area().top() + mapping.y_pixel(value)), 2.6, 2.6);
        }
    }
}

void CurveLayer::draw_minor_ticks(QPainter* painter) const
{
    painter->setPen(QPen(theme().axis, 1));
    for (const double at : content.minor_y) {
        const double y = area().top() + (content.mapping.y.high - at) / content.mapping.y.span() * area().height();
        painter->drawLine(QPointF(area().left(), y), QPointF(area().left() + 4, y));
    }
}

void CurveLayer::draw_marks(QPainter* painter) const
{
    const CurveMapping mapping = mapping_for(area().width(), area().height());
    for (const CurveMark& mark : content.marks) {
        if (mark.curve >= content.curves.size() || !content.curves[mark.curve].visible) {
            continue;
        }
        const CurveView& curve = content.curves[mark.curve];
        const std::optional<double> x = mark_x(mark);
        if (!x) {
            continue;
        }
        const double at = area().left() + mapping.x_pixel(*x);
        QColor color = lane_style(curve.style, dark).color;
        painter->setPen(QPen(color, 1, Qt::DotLine));
        painter->drawLine(QPointF(at, area().top()), QPointF(at, area().bottom()));
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawPolygon(
            QPolygonF({QPointF(at - 4, area().top()), QPointF(at + 4, area().top()), QPointF(at, area().top() + 6)}));
    }
}

std::optional<double> CurveLayer::mark_x(const CurveMark& mark) const
{
    const CurveView& curve = content.curves[mark.curve];
    if (!curve.series || curve.series->empty()) {
        return std::nullopt;
    }
    const AffineColumn& steps = curve.series->column(XAxis::step);
    if (content.mapping.axis == XAxis::step || content.mapping.axis == XAxis::epochs) {
        return mark.step * content.mapping.x_scale;
    }
    const std::size_t row = std::min(steps.lower_bound(mark.step), steps.size() - 1);
    return curve.series->column(content.mapping.axis).at(row) * content.mapping.x_scale;
}

void CurveLayer::draw_hover(QPainter* painter) const
{
    const CurveMapping mapping = mapping_for(area().width(), area().height());
    const double x = area().left() + mapping.x_pixel(readout->x);
    painter->setPen(QPen(theme().muted, 1));
    painter->drawLine(QPointF(x, area().top()), QPointF(x, area().bottom()));
    std::vector<ReadoutLine> lines{{readout->title, {}, {}, true}};
    for (const CurveReadout::Line& entry : readout->lines) {
        const LaneStyle style = lane_style(content.curves[entry.curve].style, dark);
        lines.push_back({entry.label, entry.value, style});
        const QPointF at(x, area().top() + mapping.y_pixel(entry.y));
        if (area().contains(at)) {
            painter->setPen(QPen(theme().panel, 1.2));
            painter->setBrush(style.color);
            painter->drawEllipse(at, 4, 4);
        }
    }
    for (const QString& note : readout->notes) {
        lines.push_back({note, {}, {}, true});
    }
    draw_readout(*painter, area(), QPointF(x, area().top()), lines, theme());
}

}  // namespace basin
