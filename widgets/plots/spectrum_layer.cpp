#include "widgets/plots/spectrum_layer.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/plots/lane_style.h"
#include "widgets/plots/readout_box.h"
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
        return area();
    }
    const double height = area().height() / static_cast<double>(std::max<std::size_t>(1, shown().size()));
    return {area().left(), area().top() + static_cast<double>(index) * height, area().width(), height};
}

void SpectrumLayer::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const std::vector<const SpectrumCurve*> curves = shown();
    painter->save();
    painter->setClipRect(area());
    painter->setRenderHint(QPainter::Antialiasing);
    if (curves.empty()) {
        draw_empty(painter);
        painter->restore();
        return;
    }
    if (content.x.low < 0 && content.x.high > 0) {
        painter->setPen(QPen(theme().axis, 1, Qt::DashLine));
        painter->drawLine(QPointF(x_pixel(0), area().top()), QPointF(x_pixel(0), area().bottom()));
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
        painter->setClipRect(strip(i));
        draw_density(painter, *curves[i], strip(i));
        draw_sticks(painter, *curves[i], strip(i), content.stacked ? 0 : i);
        if (content.stacked && i > 0) {
            painter->setPen(QPen(theme().axis, 1));
            painter->drawLine(strip(i).topLeft(), strip(i).topRight());
        }
    }
    painter->restore();
    if (readout) {
        draw_hover(painter);
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

void SpectrumLayer::draw_hover(QPainter* painter) const
{
    const double x = x_pixel(readout->x);
    painter->setPen(QPen(theme().muted, 1));
    painter->drawLine(QPointF(x, area().top()), QPointF(x, area().bottom()));
    draw_readout(*painter, area(), QPointF(x, area().top()), readout_lines(readout->lines), theme());
}

}  // namespace basin
