#include "widgets/plots/spectrum_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/catalog/params.h"
#include "widgets/plots/chart_frame.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/save_picture.h"

namespace basin {

namespace {

// One eigenvalue of a network's hundred thousand stands five decades below the peak at zero: seven show it and its
// band.
constexpr double kDecades = 7;
constexpr double kNear = 6;  // px between the cursor and an eigenvalue that is read out

}  // namespace

SpectrumChart::SpectrumChart(QWidget* parent) : SpectrumChart(new SpectrumLayer, parent) {}

SpectrumChart::SpectrumChart(SpectrumLayer* layer, QWidget* parent)
    : Chart(layer, QStringLiteral("spectra"), parent), layer_(layer)
{
    begin();
}

void SpectrumChart::set_curves(std::vector<SpectrumCurve> curves)
{
    layer_->content.curves = std::move(curves);
    show_legend();
    follow_data(false);
}

void SpectrumChart::show_legend()
{
    std::vector<ChartFrame::LegendEntry> legend;
    for (const SpectrumCurve& curve : layer_->content.curves) {
        legend.push_back({curve.label, lane_style(curve.style, layer_->dark), curve.visible});
    }
    frame().set_legend(legend);
}

void SpectrumChart::set_stacked(bool stacked)
{
    layer_->content.stacked = stacked;
    apply_axes();
}

void SpectrumChart::follow_data(bool /*exact*/)
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
    if (follows()) {
        layer_->content.y = {high - kDecades, high};
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

void SpectrumChart::set_ranges(const AxisRange& x, const AxisRange& y)
{
    layer_->content.x = x;
    layer_->content.y = y;
}

void SpectrumChart::apply_axes()
{
    const SpectrumLayer::Content& content = layer_->content;
    const int columns = frame().x_labels(QStringLiteral("0000.0"));
    const double strips = content.stacked ? static_cast<double>(std::max<std::size_t>(1, layer_->shown().size())) : 0;
    frame().set_axes({content.x, linear_ticks(content.x.low, content.x.high, columns), QStringLiteral("eigenvalue")},
                     {content.stacked ? AxisRange{0, strips} : content.y, y_ticks(frame().y_labels()),
                      QStringLiteral("density of eigenvalues"), QStringLiteral("density")});
    layer_->set_area(frame().plot_area());
    layer_->update();
}

QStringList SpectrumChart::readout(double x) const
{
    const double near = kNear / std::max(1.0, frame().plot_area().width()) * x_range().span();
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

void SpectrumChart::hover(const QPointF& at)
{
    if (!layer_->shown().empty()) {
        const double x = x_range().low + share(at).x() * x_range().span();
        layer_->readout = SpectrumLayer::Readout{x, readout(x)};
        layer_->update();
    }
}

QByteArray SpectrumChart::table() const
{
    QByteArray text = "curve,kind,eigenvalue,density,error\n";
    for (const SpectrumCurve* curve : layer_->shown()) {
        const QByteArray label = csv_quoted(curve->label);
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
