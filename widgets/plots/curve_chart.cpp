#include "widgets/plots/curve_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/catalog/params.h"
#include "widgets/plots/chart_frame.h"
#include "widgets/plots/curve_ranges.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/save_picture.h"

namespace basin {

namespace {

QString x_title(XAxis axis)
{
    switch (axis) {
        case XAxis::step:
            return QStringLiteral("step");
        case XAxis::gradients:
            return QStringLiteral("gradient evaluations");
        case XAxis::epochs:
            return QStringLiteral("epoch");
        case XAxis::seconds:
            return QStringLiteral("seconds of the lane's own time");
    }
    return {};
}

}  // namespace

CurveChart::CurveChart(QWidget* parent) : CurveChart(new CurveLayer, parent) {}

CurveChart::CurveChart(CurveLayer* layer, QWidget* parent)
    : Chart(layer, QStringLiteral("curves"), parent), layer_(layer)
{
    set_empty_text(QStringLiteral("Curves appear here when the run starts."));
    begin();
}

void CurveChart::set_curves(std::vector<CurveView> curves)
{
    layer_->content.curves = std::move(curves);
    layer_->forget();
    show_legend();
    refresh();
}

void CurveChart::show_legend()
{
    std::vector<ChartFrame::LegendEntry> legend;
    for (const CurveView& curve : layer_->content.curves) {
        LaneStyle style = lane_style(curve.style, layer_->dark);
        if (curve.reference) {
            style.dashes = {2, 3};
        }
        legend.push_back({curve.legend.value_or(curve.label), style, curve.visible});
    }
    frame().set_legend(legend);
}

void CurveChart::set_marks(std::vector<CurveMark> marks)
{
    layer_->content.marks = std::move(marks);
    layer_->update();
}

void CurveChart::set_x_axis(XAxis axis, double scale)
{
    CurveMapping& mapping = layer_->content.mapping;
    if (mapping.axis == axis && mapping.x_scale == scale) {
        return;
    }
    mapping.axis = axis;
    mapping.x_scale = scale;
    fit();
}

void CurveChart::set_logarithmic(bool logarithmic, double offset)
{
    CurveMapping& mapping = layer_->content.mapping;
    if (mapping.logarithmic == logarithmic && mapping.log_offset == offset) {
        return;
    }
    mapping.logarithmic = logarithmic;
    mapping.log_offset = offset;
    fit();
}

void CurveChart::set_y_title(const QString& title, const QString& brief)
{
    y_title_ = title;
    y_brief_ = brief;
    apply_axes();
}

void CurveChart::set_y_limits(AxisRange limits)
{
    y_limits_ = limits;
    fit();
}

void CurveChart::set_window(std::size_t rows)
{
    layer_->content.window = std::max<std::size_t>(rows, 1);
    layer_->touch();
}

void CurveChart::refresh()
{
    follow_data(false);
    layer_->touch();
}

void CurveChart::follow_data(bool exact)
{
    if (!follows()) {
        return;
    }
    CurveMapping& mapping = layer_->content.mapping;
    const CurveRanges ranges = curve_ranges(layer_->content.curves, mapping);
    const AxisRange x = following_x(exact ? AxisRange{0, 0} : mapping.x, ranges.x);
    const AxisRange y = y_limits_.span() > 0 ? y_limits_ : following_y(exact ? AxisRange{0, 0} : mapping.y, ranges.y);
    if (x == mapping.x && y == mapping.y && !exact) {
        return;
    }
    mapping.x = x;
    mapping.y = y;
    apply_axes();
}

void CurveChart::set_ranges(const AxisRange& x, const AxisRange& y)
{
    layer_->content.mapping.x = x;
    layer_->content.mapping.y = y;
}

void CurveChart::apply_axes()
{
    const CurveMapping& mapping = layer_->content.mapping;
    const int labels = frame().y_labels();
    Ticks y = mapping.logarithmic ? log_ticks(mapping.y.low, mapping.y.high, labels)
                                  : linear_ticks(mapping.y.low, mapping.y.high, labels);
    layer_->content.minor_y = mapping.logarithmic ? y.minor : std::vector<double>();
    const int columns = frame().x_labels(QStringLiteral("000.0 k"));
    const bool counts = mapping.axis == XAxis::step || mapping.axis == XAxis::gradients;
    frame().set_axes({mapping.x, linear_ticks(mapping.x.low, mapping.x.high, columns, counts), x_title(mapping.axis)},
                     {mapping.y, std::move(y), y_title_, y_brief_});
    layer_->set_area(frame().plot_area());
    layer_->touch();
}

QPointF CurveChart::position(double shown_x, double value) const
{
    CurveMapping mapping = layer_->content.mapping;
    const QRectF area = plot_area();
    const double x = (shown_x - mapping.x.low) / mapping.x.span() * area.width();
    const double y = (mapping.y.high - mapping.y_coordinate(value)) / mapping.y.span() * area.height();
    return area.topLeft() + QPointF(x, y);
}

CurveReadout CurveChart::readout(double shown_x) const
{
    const CurveLayer::Content& content = layer_->content;
    const CurveMapping& mapping = content.mapping;
    CurveReadout result;
    result.x = shown_x;
    // Half a per cent of the axis: about what a hand can aim at.
    const double reach = 0.005 * mapping.x.span();
    double nearest_x = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < content.curves.size(); ++i) {
        const CurveView& curve = content.curves[i];
        if (!curve.visible || !curve.series) {
            continue;
        }
        const auto point =
            curve.series->at(mapping.axis, shown_x / mapping.x_scale, content.window, reach / mapping.x_scale);
        if (!point) {
            continue;
        }
        if (std::isnan(nearest_x)) {
            nearest_x = point->x * mapping.x_scale;
        }
        const double value = content.window > 1 ? point->smoothed : point->value;
        // As the axis counts it.
        const double from = mapping.logarithmic ? mapping.log_offset : 0;
        result.lines.push_back({i, curve.label, number_text(value - from), value});
    }
    const double shown = std::isnan(nearest_x) ? shown_x : nearest_x;
    const bool whole = mapping.axis == XAxis::step || mapping.axis == XAxis::gradients;
    result.title =
        x_title(mapping.axis) + QLatin1Char(' ') +
        (whole ? count_text(static_cast<std::uint64_t>(std::max(0.0, std::round(shown)))) : number_text(shown));
    if (content.window > 1) {
        result.title += QStringLiteral(", mean of %1").arg(count_text(content.window));
    }
    for (const CurveMark& mark : content.marks) {
        if (mark.curve >= content.curves.size() || !content.curves[mark.curve].visible) {
            continue;
        }
        const std::optional<double> at = layer_->mark_x(mark);
        if (at && std::fabs(*at - shown_x) < 2 * reach) {
            result.notes.append(mark.text);
        }
    }
    return result;
}

void CurveChart::showHover(double shown_x)
{
    const bool inside = shown_x >= x_range().low && shown_x <= x_range().high;
    layer_->readout = inside ? std::optional<CurveReadout>(readout(shown_x)) : std::nullopt;
    if (layer_->readout && layer_->readout->lines.empty()) {
        layer_->readout.reset();
    }
    layer_->update();
}

void CurveChart::hover(const QPointF& at)
{
    const double x = x_range().low + share(at).x() * x_range().span();
    showHover(x);
    Q_EMIT hovered(x);
}

void CurveChart::leave()
{
    Chart::leave();
    Q_EMIT hovered(std::numeric_limits<double>::quiet_NaN());
}

QByteArray CurveChart::table() const
{
    const std::vector<CurveView>& curves = layer_->content.curves;
    const bool errors = std::any_of(curves.begin(), curves.end(), [](const CurveView& curve) { return curve.error; });
    std::vector<XAxis> columns{XAxis::step, XAxis::gradients, XAxis::seconds};
    QByteArray text = "curve,step,gradients,seconds,value";
    if (steps_only_) {
        columns = {XAxis::step};
        text = "curve,step,value";
    }
    text += errors ? ",error\n" : "\n";
    for (const CurveView& curve : curves) {
        if (!curve.visible || !curve.series) {
            continue;
        }
        const QByteArray label = csv_quoted(curve.label);
        const CurveSeries& series = *curve.series;
        for (std::size_t i = 0; i < series.size(); ++i) {
            text += label;
            for (const XAxis axis : columns) {
                text += ',';
                text += format_number(series.column(axis).at(i)).c_str();
            }
            text += ',';
            // A value is kept as a float: its seven digits, not what double makes of them.
            text += float_text(series.values().at(i));
            if (errors) {
                text += ',';
                text += curve.error ? float_text(curve.error->values().at(i)) : QByteArray();
            }
            text += '\n';
        }
    }
    return text;
}

}  // namespace basin
