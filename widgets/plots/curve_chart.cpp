#include "widgets/plots/curve_chart.h"

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/catalog/params.h"
#include "widgets/plots/chart_frame.h"
#include "widgets/plots/curve_ranges.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/save_picture.h"
#include "widgets/plots/theme.h"

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

CurveChart::CurveChart(QWidget* parent) : QWidget(parent), frame_(new ChartFrame(this)), layer_(new CurveLayer)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(frame_);
    setFocusPolicy(Qt::StrongFocus);
    frame_->setFocusPolicy(Qt::NoFocus);
    frame_->add_layer(layer_);
    frame_->viewport()->installEventFilter(this);
    connect(frame_, &ChartFrame::plotAreaChanged, this, [this] { layer_->set_area(frame_->plot_area()); });
    connect(frame_, &ChartFrame::legendClicked, this, &CurveChart::curveClicked);
    layer_->content.empty_text = QStringLiteral("Curves appear here when the run starts.");
    apply_theme();
    follow_data(true);
}

void CurveChart::set_curves(std::vector<CurveView> curves)
{
    layer_->content.curves = std::move(curves);
    layer_->forget();
    std::vector<ChartFrame::LegendEntry> legend;
    for (const CurveView& curve : layer_->content.curves) {
        LaneStyle style = lane_style(curve.style, layer_->dark);
        if (curve.reference) {
            style.dashes = {2, 3};
        }
        legend.push_back({curve.label, style, curve.visible});
    }
    frame_->set_legend(legend);
    refresh();
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
    follow_data(true);
}

void CurveChart::set_window(std::size_t rows)
{
    layer_->content.window = std::max<std::size_t>(rows, 1);
    layer_->touch();
}

void CurveChart::set_empty_text(const QString& text)
{
    layer_->content.empty_text = text;
    layer_->update();
}

void CurveChart::refresh()
{
    if (follow_) {
        follow_data(false);
    }
    layer_->touch();
}

void CurveChart::fit()
{
    follow_ = true;
    follow_data(true);
}

void CurveChart::follow_data(bool exact)
{
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

QString CurveChart::fitting_y_title() const
{
    // Around the word Qt Charts wants some room too.
    constexpr double kRoom = 12;
    const QFontMetricsF metrics(scaled_font(font(), 0.9));
    const double room = frame_->plot_area().height() - kRoom;
    for (const QString& title : {y_title_, y_brief_}) {
        if (metrics.horizontalAdvance(title) < room) {
            return title;
        }
    }
    return {};
}

void CurveChart::apply_axes()
{
    const CurveMapping& mapping = layer_->content.mapping;
    const QFontMetrics metrics(scaled_font(font(), 0.9));
    const int wide =
        std::max(2, (width() - 80) / std::max(1, metrics.horizontalAdvance(QStringLiteral("000.0 k    "))));
    const int high = std::max(2, (height() - 70) / std::max(1, 2 * metrics.height()));
    ChartFrame::Axis x{mapping.x, linear_ticks(mapping.x.low, mapping.x.high, std::min(wide, 10)),
                       x_title(mapping.axis)};
    ChartFrame::Axis y{mapping.y,
                       mapping.logarithmic ? log_ticks(mapping.y.low, mapping.y.high, std::min(high, 8))
                                           : linear_ticks(mapping.y.low, mapping.y.high, std::min(high, 8)),
                       fitting_y_title()};
    layer_->content.minor_y = mapping.logarithmic ? y.ticks.minor : std::vector<double>();
    frame_->set_axes(x, y);
    layer_->set_area(frame_->plot_area());
    layer_->touch();
}

QRectF CurveChart::plot_area() const
{
    const QRectF area = frame_->plot_area();
    return area.translated(frame_->viewport()->mapTo(this, QPoint(0, 0)));
}

QPointF CurveChart::position(double shown_x, double value) const
{
    CurveMapping mapping = layer_->content.mapping;
    const QRectF area = plot_area();
    const double x = (shown_x - mapping.x.low) / mapping.x.span() * area.width();
    const double y = (mapping.y.high - mapping.y_coordinate(value)) / mapping.y.span() * area.height();
    return area.topLeft() + QPointF(x, y);
}

double CurveChart::x_at(const QPointF& viewport) const
{
    const QRectF area = frame_->plot_area();
    return x_range().low + (viewport.x() - area.left()) / area.width() * x_range().span();
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
        result.lines.push_back({i, curve.label, number_text(value), value});
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

void CurveChart::hover(const QPointF& viewport)
{
    const double x = frame_->plot_area().contains(viewport) ? x_at(viewport) : std::numeric_limits<double>::quiet_NaN();
    showHover(x);
    Q_EMIT hovered(x);
}

void CurveChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        apply_theme();
    }
    QWidget::changeEvent(event);
}

void CurveChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    apply_axes();  // how many ticks there are, and how much of the title, depends on the room
}

void CurveChart::apply_theme()
{
    const Theme& theme = Theme::of(*this);
    layer_->dark = theme.dark;
    frame_->apply(theme);
    set_curves(std::vector<CurveView>(layer_->content.curves));
    apply_axes();
}

void CurveChart::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    connect(menu.addAction(QStringLiteral("Fit (double click, F)")), &QAction::triggered, this, &CurveChart::fit);
    connect(menu.addAction(QStringLiteral("Save as …")), &QAction::triggered, this, &CurveChart::saveAs);
    menu.exec(event->globalPos());
}

void CurveChart::saveAs()
{
    const QString path = QFileDialog::getSaveFileName(this, QStringLiteral("Save curves"), QStringLiteral("curves.png"),
                                                      picture_filters(true));
    if (path.isEmpty()) {
        return;
    }
    const QString problem = save(path);
    if (!problem.isEmpty()) {
        Q_EMIT saveFailed(problem);
    }
}

QString CurveChart::save(const QString& path)
{
    return QFileInfo(path).suffix().toLower() == QLatin1String("csv") ? save_text(table(), path)
                                                                      : save_picture(*frame_, path);
}

QByteArray CurveChart::table() const
{
    QByteArray text = "curve,step,gradients,seconds,value\n";
    for (const CurveView& curve : layer_->content.curves) {
        if (!curve.visible || !curve.series) {
            continue;
        }
        QByteArray label = curve.label.toUtf8();
        label = '"' + label.replace('"', "\"\"") + '"';
        const CurveSeries& series = *curve.series;
        for (std::size_t i = 0; i < series.size(); ++i) {
            text += label;
            for (const XAxis axis : {XAxis::step, XAxis::gradients, XAxis::seconds}) {
                text += ',';
                text += format_number(series.column(axis).at(i)).c_str();
            }
            text += ',';
            // A value is kept as a float: its seven digits, not what double makes of them.
            text += float_text(series.values().at(i));
            text += '\n';
        }
    }
    return text;
}

}  // namespace basin
