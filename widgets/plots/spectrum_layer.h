// Paints eigenvalue densities with their bands, and eigenvalues as sticks, into a chart's plot area.
#pragma once

#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/plots/axis_ticks.h"
#include "widgets/plots/chart_layer.h"

namespace basin {

/// What was measured of one matrix. Densities are per unit of eigenvalue, with one standard error each; residuals are
/// absolute: an eigenvalue of the matrix lies within that distance of the number shown.
struct Spectrum {
    std::vector<double> at;  // increasing
    std::vector<double> density;
    std::vector<double> error;
    std::vector<double> eigenvalues;
    std::vector<double> residuals;

    /// Between the grid's points linear; 0 outside of it.
    double density_at(double x) const { return on_grid(density, x); }
    double error_at(double x) const { return on_grid(error, x); }

private:
    double on_grid(const std::vector<double>& values, double x) const;
};

/// One lane's spectrum. `style` is an index for lane_style().
struct SpectrumCurve {
    QString label;
    int style = 0;
    bool visible = true;
    std::shared_ptr<const Spectrum> spectrum;  // null: not measured yet
};

/// x is the eigenvalue, y log10 of the density. Stacked curves have a strip each, all on one scale, the first on top;
/// then `y` is the range of one strip. Bands reach two standard errors to each side. Window's thread only.
class SpectrumLayer : public ChartLayer {
    Q_OBJECT

public:
    struct Content {
        std::vector<SpectrumCurve> curves;
        AxisRange x;
        AxisRange y;
        bool stacked = false;
    };
    struct Readout {
        double x = 0;
        QStringList lines;
    };

    Content content;
    std::optional<Readout> readout;

    void forget_readout() override { readout.reset(); }
    /// Curves that are drawn: visible and measured.
    std::vector<const SpectrumCurve*> shown() const;
    /// Where the strip of the i-th shown curve lies (the whole area when not stacked).
    QRectF strip(std::size_t index) const;

    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void draw_density(QPainter* painter, const SpectrumCurve& curve, const QRectF& strip) const;
    void draw_sticks(QPainter* painter, const SpectrumCurve& curve, const QRectF& strip, std::size_t row) const;
    void draw_hover(QPainter* painter) const;
    double x_pixel(double x) const { return area().left() + (x - content.x.low) / content.x.span() * area().width(); }
};

}  // namespace basin
