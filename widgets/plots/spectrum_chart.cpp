#include "widgets/plots/spectrum_chart.h"

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/catalog/params.h"
#include "widgets/plots/chart_frame.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/save_picture.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

// One eigenvalue of a network's hundred thousand stands five decades below the peak at zero: seven show it and its
// band.
constexpr double kDecades = 7;
constexpr double kWheelStep = 1.0 / 480;  // a quarter octave a notch, as in the other charts
constexpr double kNear = 6;               // px between the cursor and an eigenvalue that is read out

}  // namespace

SpectrumChart::SpectrumChart(QWidget* parent) : QWidget(parent), frame_(new ChartFrame(this)), layer_(new SpectrumLayer)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(frame_);
    setFocusPolicy(Qt::StrongFocus);
    frame_->setFocusPolicy(Qt::NoFocus);
    frame_->add_layer(layer_);
    frame_->viewport()->installEventFilter(this);
    connect(frame_, &ChartFrame::plotAreaChanged, this, [this] { layer_->set_area(frame_->plot_area()); });
    connect(frame_, &ChartFrame::legendClicked, this, &SpectrumChart::curveClicked);
    apply_theme();
    fit();
}

void SpectrumChart::set_curves(std::vector<SpectrumCurve> curves)
{
    layer_->content.curves = std::move(curves);
    std::vector<ChartFrame::LegendEntry> legend;
    for (const SpectrumCurve& curve : layer_->content.curves) {
        legend.push_back({curve.label, lane_style(curve.style, layer_->dark), curve.visible});
    }
    frame_->set_legend(legend);
    follow_data();
}

void SpectrumChart::set_stacked(bool stacked)
{
    layer_->content.stacked = stacked;
    apply_axes();
}

void SpectrumChart::set_empty_text(const QString& text)
{
    layer_->content.empty_text = text;
    layer_->update();
}

void SpectrumChart::fit()
{
    follow_ = true;
    follow_data();
}

void SpectrumChart::follow_data()
{
    AxisRange x{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    double peak = 0;
    for (const SpectrumCurve* curve : layer_->shown()) {
        for (const double density : curve->spectrum->density) {
            peak = std::isfinite(density) ? std::max(peak, density) : peak;
        }
    }
    const double high = peak > 0 ? std::ceil(std::log10(peak) * 2 + 0.2) / 2 : 0;
    const double floor = std::pow(10.0, high - kDecades);
    const auto include = [&x](double at) { x = {std::min(x.low, at), std::max(x.high, at)}; };
    for (const SpectrumCurve* curve : layer_->shown()) {
        const Spectrum& spectrum = *curve->spectrum;
        for (std::size_t i = 0; i < std::min(spectrum.at.size(), spectrum.density.size()); ++i) {
            if (spectrum.density[i] > floor) {
                include(spectrum.at[i]);
            }
        }
        for (const double value : spectrum.eigenvalues) {
            if (std::isfinite(value)) {
                include(value);
            }
        }
    }
    layer_->content.y = {high - kDecades, high};
    if (follow_) {
        layer_->content.x = x.low <= x.high ? widened(x, 0.03) : AxisRange{0, 1};
    }
    apply_axes();
}

Ticks SpectrumChart::y_ticks(int most) const
{
    const AxisRange& y = layer_->content.y;
    if (!layer_->content.stacked) {
        return log_ticks(y.low, y.high, most);
    }
    // The axis runs over the strips from bottom to top, one unit a strip. Labels of different strips must differ for
    // the axis, so each strip's have its own number of spaces of no width.
    const std::size_t strips = std::max<std::size_t>(1, layer_->shown().size());
    const Ticks one = log_ticks(y.low, y.high, std::max(2, most / static_cast<int>(strips)));
    Ticks ticks;
    for (std::size_t strip = 0; strip < strips; ++strip) {
        for (const Ticks::Tick& tick : one.major) {
            const double share = (tick.at - y.low) / y.span();
            if (share > 0.03 && share < 0.97) {
                ticks.major.push_back(
                    {static_cast<double>(strip) + share, tick.label + QString(static_cast<int>(strip), QChar(0x200B))});
            }
        }
    }
    return ticks;
}

void SpectrumChart::apply_axes()
{
    const SpectrumLayer::Content& content = layer_->content;
    const QFontMetrics metrics(scaled_font(font(), 0.9));
    const int wide = std::max(2, (width() - 80) / std::max(1, metrics.horizontalAdvance(QStringLiteral("0000.0    "))));
    const int high = std::max(2, (height() - 70) / std::max(1, 2 * metrics.height()));
    const double strips = content.stacked ? static_cast<double>(std::max<std::size_t>(1, layer_->shown().size())) : 0;
    frame_->set_axes(
        {content.x, linear_ticks(content.x.low, content.x.high, std::min(wide, 10)), QStringLiteral("eigenvalue")},
        {content.stacked ? AxisRange{0, strips} : content.y, y_ticks(std::min(high, 8)), QStringLiteral("density")});
    layer_->set_area(frame_->plot_area());
    layer_->update();
}

void SpectrumChart::move_x(AxisRange wanted)
{
    const double scale = std::max({1e-12, std::fabs(wanted.low), std::fabs(wanted.high)});
    if (wanted.span() < 1e-9 * scale || wanted.span() > 1e15) {
        return;
    }
    layer_->content.x = wanted;
    follow_ = false;
    apply_axes();
}

QRectF SpectrumChart::plot_area() const
{
    return frame_->plot_area().translated(frame_->viewport()->mapTo(this, QPoint(0, 0)));
}

double SpectrumChart::x_at(double pixel) const
{
    const QRectF area = frame_->plot_area();
    return x_range().low + (pixel - area.left()) / area.width() * x_range().span();
}

QStringList SpectrumChart::readout(double x) const
{
    const double near = kNear / std::max(1.0, frame_->plot_area().width()) * x_range().span();
    QStringList lines{QStringLiteral("eigenvalue ") + number_text(x)};
    for (const SpectrumCurve* curve : layer_->shown()) {
        const Spectrum& spectrum = *curve->spectrum;
        QString text = curve->label + QStringLiteral(": density ") + number_text(spectrum.density_at(x), 3);
        if (spectrum.error_at(x) > 0) {
            text += QStringLiteral(" ± ") + number_text(spectrum.error_at(x), 2);
        }
        std::size_t best = spectrum.eigenvalues.size();
        for (std::size_t i = 0; i < spectrum.eigenvalues.size(); ++i) {
            const double distance = std::fabs(spectrum.eigenvalues[i] - x);
            if (distance < near &&
                (best == spectrum.eigenvalues.size() || distance < std::fabs(spectrum.eigenvalues[best] - x))) {
                best = i;
            }
        }
        if (best < spectrum.eigenvalues.size()) {
            text += QStringLiteral(", eigenvalue ") + number_text(spectrum.eigenvalues[best]);
            if (best < spectrum.residuals.size()) {
                text += QStringLiteral(" ± ") + number_text(spectrum.residuals[best], 1);
            }
        }
        lines << text;
    }
    return lines;
}

bool SpectrumChart::eventFilter(QObject* watched, QEvent* event)
{
    const QRectF area = frame_->plot_area();
    switch (event->type()) {
        case QEvent::Wheel: {
            const auto* wheel = static_cast<QWheelEvent*>(event);
            const double units = wheel->angleDelta().y() != 0 ? wheel->angleDelta().y() : wheel->angleDelta().x();
            const double factor = std::exp2(-units * kWheelStep);
            const double at = x_at(wheel->position().x());
            move_x({at + (x_range().low - at) * factor, at + (x_range().high - at) * factor});
            return true;
        }
        case QEvent::MouseButtonPress: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            setFocus(Qt::MouseFocusReason);
            if (mouse->button() == Qt::LeftButton && area.contains(mouse->position())) {
                drag_from_ = mouse->position();
                dragging_ = true;
                return true;
            }
            break;
        }
        case QEvent::MouseMove: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            if (dragging_) {
                const double by = (drag_from_.x() - mouse->position().x()) / area.width() * x_range().span();
                drag_from_ = mouse->position();
                move_x({x_range().low + by, x_range().high + by});
            }
            layer_->readout.reset();
            if (area.contains(mouse->position()) && !layer_->shown().empty()) {
                const double x = x_at(mouse->position().x());
                layer_->readout = SpectrumLayer::Readout{x, readout(x)};
            }
            layer_->update();
            break;
        }
        case QEvent::MouseButtonRelease:
            dragging_ = false;
            break;
        case QEvent::MouseButtonDblClick:
            if (area.contains(static_cast<QMouseEvent*>(event)->position())) {
                fit();
                return true;
            }
            break;
        case QEvent::Leave:
            layer_->readout.reset();
            layer_->update();
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

void SpectrumChart::keyPressEvent(QKeyEvent* event)
{
    const AxisRange x = x_range();
    const double middle = 0.5 * (x.low + x.high);
    switch (event->key()) {
        case Qt::Key_F:
            fit();
            return;
        case Qt::Key_Plus:
            move_x({middle - 0.35 * x.span(), middle + 0.35 * x.span()});
            return;
        case Qt::Key_Minus:
            move_x({middle - x.span() / 1.4, middle + x.span() / 1.4});
            return;
        case Qt::Key_Left:
            move_x({x.low - 0.1 * x.span(), x.high - 0.1 * x.span()});
            return;
        case Qt::Key_Right:
            move_x({x.low + 0.1 * x.span(), x.high + 0.1 * x.span()});
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void SpectrumChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        apply_theme();
    }
    QWidget::changeEvent(event);
}

void SpectrumChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    apply_axes();
}

void SpectrumChart::apply_theme()
{
    const Theme& theme = Theme::of(*this);
    layer_->dark = theme.dark;
    frame_->apply(theme);
    set_curves(std::vector<SpectrumCurve>(layer_->content.curves));
}

void SpectrumChart::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    connect(menu.addAction(QStringLiteral("Fit (double click, F)")), &QAction::triggered, this, &SpectrumChart::fit);
    connect(menu.addAction(QStringLiteral("Save as …")), &QAction::triggered, this, &SpectrumChart::saveAs);
    menu.exec(event->globalPos());
}

void SpectrumChart::saveAs()
{
    const QString path = QFileDialog::getSaveFileName(this, QStringLiteral("Save spectra"),
                                                      QStringLiteral("spectra.png"), picture_filters(true));
    if (path.isEmpty()) {
        return;
    }
    const QString problem = save(path);
    if (!problem.isEmpty()) {
        Q_EMIT saveFailed(problem);
    }
}

QString SpectrumChart::save(const QString& path)
{
    return QFileInfo(path).suffix().toLower() == QLatin1String("csv") ? save_text(table(), path)
                                                                      : save_picture(*frame_, path);
}

QByteArray SpectrumChart::table() const
{
    QByteArray text = "curve,kind,eigenvalue,density,error\n";
    for (const SpectrumCurve* curve : layer_->shown()) {
        QByteArray label = curve->label.toUtf8();
        label = '"' + label.replace('"', "\"\"") + '"';
        const Spectrum& spectrum = *curve->spectrum;
        const auto number = [](const std::vector<double>& values, std::size_t i) {
            return QByteArray::fromStdString(i < values.size() ? format_number(values[i]) : std::string());
        };
        for (std::size_t i = 0; i < spectrum.at.size(); ++i) {
            text += label + ",density," + number(spectrum.at, i) + ',' + number(spectrum.density, i) + ',' +
                    number(spectrum.error, i) + '\n';
        }
        for (std::size_t i = 0; i < spectrum.eigenvalues.size(); ++i) {
            text +=
                label + ",eigenvalue," + number(spectrum.eigenvalues, i) + ",," + number(spectrum.residuals, i) + '\n';
        }
    }
    return text;
}

}  // namespace basin
