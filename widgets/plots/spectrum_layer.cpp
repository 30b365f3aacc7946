#include "widgets/plots/spectrum_layer.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/plots/lane_style.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

constexpr double kLine = 1.8;
constexpr double kBandErrors = 2;  // standard errors to each side
constexpr float kBandOpacity = 0.22F;
constexpr double kStick = 13;  // px: seen at a glance, and eight lanes' sticks fit below each other
constexpr double kStickGap = 3;

}  // namespace

double Spectrum::on_grid(const std::vector<double>& values, double x) const
{
    if (at.size() < 2 || values.size() != at.size() || x < at.front() || x > at.back()) {
        return 0;
    }
    const auto right = std::clamp<std::ptrdiff_t>(std::upper_bound(at.begin(), at.end(), x) - at.begin(), 1,
                                                  static_cast<std::ptrdiff_t>(at.size()) - 1);
    const auto i = static_cast<std::size_t>(right);
    const double share = (x - at[i - 1]) / (at[i] - at[i - 1]);
    return values[i - 1] + share * (values[i] - values[i - 1]);
}

void SpectrumLayer::set_area(const QRectF& area)
{
    if (area == area_) {
        return;
    }
    prepareGeometryChange();
    area_ = area;
    update();
}

std::vector<const SpectrumCurve*> SpectrumLayer::shown() const
{
    std::vector<const SpectrumCurve*> result;
    for (const SpectrumCurve& curve : content.curves) {
        if (curve.visible && curve.spectrum) {
            result.push_back(&curve);
        }
    }
    return result;
}

QRectF SpectrumLayer::strip(std::size_t index) const
{
    if (!content.stacked) {
        return area_;
    }
    const double height = area_.height() / static_cast<double>(std::max<std::size_t>(1, shown().size()));
    return {area_.left(), area_.top() + static_cast<double>(index) * height, area_.width(), height};
}

void SpectrumLayer::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const Theme& theme = dark ? Theme::night() : Theme::light();
    const std::vector<const SpectrumCurve*> curves = shown();
    painter->save();
    painter->setClipRect(area_);
    painter->setRenderHint(QPainter::Antialiasing);
    if (curves.empty()) {
        painter->setPen(theme.muted);
        painter->drawText(area_.adjusted(12, 8, -12, -8), Qt::AlignCenter | Qt::TextWordWrap, content.empty_text);
        painter->restore();
        return;
    }
    if (content.x.low < 0 && content.x.high > 0) {
        painter->setPen(QPen(theme.axis, 1, Qt::DashLine));
        painter->drawLine(QPointF(x_pixel(0), area_.top()), QPointF(x_pixel(0), area_.bottom()));
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
        painter->setClipRect(strip(i));
        draw_density(painter, *curves[i], strip(i));
        draw_sticks(painter, *curves[i], strip(i), content.stacked ? 0 : i);
        if (content.stacked && i > 0) {
            painter->setPen(QPen(theme.axis, 1));
            painter->drawLine(strip(i).topLeft(), strip(i).topRight());
        }
    }
    painter->restore();
    if (readout) {
        draw_readout(painter);
    }
}

void SpectrumLayer::draw_density(QPainter* painter, const SpectrumCurve& curve, const QRectF& strip) const
{
    const Spectrum& spectrum = *curve.spectrum;
    if (spectrum.at.size() < 2 || spectrum.density.size() != spectrum.at.size()) {
        return;
    }
    const auto y_pixel = [&](double density) {
        // What is below the axis is drawn well below it, so that lines leave the plot instead of ending in it.
        const double y = density > 0 ? std::max(std::log10(density), content.y.low - 1) : content.y.low - 1;
        return strip.top() + (content.y.high - y) / content.y.span() * strip.height();
    };
    QPolygonF line;
    QPolygonF upper;
    QPolygonF lower;
    for (std::size_t i = 0; i < spectrum.at.size(); ++i) {
        const double x = x_pixel(spectrum.at[i]);
        line << QPointF(x, y_pixel(spectrum.density[i]));
        if (spectrum.error.size() == spectrum.at.size() && std::isfinite(spectrum.error[i])) {
            const double reach = kBandErrors * spectrum.error[i];
            upper << QPointF(x, y_pixel(spectrum.density[i] + reach));
            lower << QPointF(x, y_pixel(spectrum.density[i] - reach));
        }
    }
    const LaneStyle style = lane_style(curve.style, dark);
    std::reverse(lower.begin(), lower.end());
    QColor band = style.color;
    band.setAlphaF(kBandOpacity);
    painter->setPen(Qt::NoPen);
    painter->setBrush(band);
    painter->drawPolygon(upper + lower);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(style.pen(kLine));
    painter->drawPolyline(line);
}

void SpectrumLayer::draw_sticks(QPainter* painter, const SpectrumCurve& curve, const QRectF& strip,
                                std::size_t row) const
{
    const Spectrum& spectrum = *curve.spectrum;
    const double bottom = strip.bottom() - 2 - static_cast<double>(row) * (kStick + kStickGap);
    painter->setBrush(Qt::NoBrush);
    for (std::size_t i = 0; i < spectrum.eigenvalues.size(); ++i) {
        const double x = x_pixel(spectrum.eigenvalues[i]);
        QPen pen(lane_style(curve.style, dark).color, 2);
        pen.setCapStyle(Qt::FlatCap);
        painter->setPen(pen);
        painter->drawLine(QPointF(x, bottom), QPointF(x, bottom - kStick));
        if (i < spectrum.residuals.size() && std::isfinite(spectrum.residuals[i])) {
            const double left = x_pixel(spectrum.eigenvalues[i] - spectrum.residuals[i]);
            const double right = x_pixel(spectrum.eigenvalues[i] + spectrum.residuals[i]);
            if (right - left > 3) {  // narrower than the stick: nothing to see
                pen.setWidthF(1);
                painter->setPen(pen);
                painter->drawLine(QPointF(left, bottom - kStick / 2), QPointF(right, bottom - kStick / 2));
            }
        }
    }
}

void SpectrumLayer::draw_readout(QPainter* painter) const
{
    const Theme& theme = dark ? Theme::night() : Theme::light();
    const double x = x_pixel(readout->x);
    painter->setPen(QPen(theme.muted, 1));
    painter->drawLine(QPointF(x, area_.top()), QPointF(x, area_.bottom()));
    const QFontMetricsF metrics(painter->font());
    constexpr double kPad = 7;
    double width = 0;
    for (const QString& text : readout->lines) {
        width = std::max(width, metrics.horizontalAdvance(text));
    }
    const double line = metrics.height() + 1;
    QRectF box(x + 10, area_.top() + 6, width + 2 * kPad, static_cast<double>(readout->lines.size()) * line + 2 * kPad);
    if (box.right() > area_.right()) {
        box.moveRight(x - 10);
    }
    if (box.left() < area_.left()) {
        box.moveLeft(area_.left() + 2);
    }
    QColor back = theme.panel;
    back.setAlphaF(0.93F);
    painter->setPen(QPen(theme.axis, 1));
    painter->setBrush(back);
    painter->drawRoundedRect(box, 4, 4);
    painter->setPen(theme.text);
    double y = box.top() + kPad + metrics.ascent();
    for (const QString& text : readout->lines) {
        painter->drawText(QPointF(box.left() + kPad, y), text);
        y += line;
    }
}

}  // namespace basin
