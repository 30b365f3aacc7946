// A chart of eigenvalue spectra.
#pragma once

#include <vector>

#include "widgets/plots/chart.h"
#include "widgets/plots/spectrum_layer.h"

namespace basin {

/// Shows spectra of several lanes over each other or in strips below each other; a hover reads every lane's density and
/// the eigenvalues nearby. Window's thread only.
class SpectrumChart : public Chart {
    Q_OBJECT

public:
    explicit SpectrumChart(QWidget* parent = nullptr);

    void set_curves(std::vector<SpectrumCurve> curves);
    void set_stacked(bool stacked);

    const std::vector<SpectrumCurve>& curves() const { return layer_->content.curves; }
    AxisRange x_range() const override { return layer_->content.x; }
    /// log10 of the density; of one strip when stacked.
    AxisRange y_range() const override { return layer_->content.y; }
    bool stacked() const { return layer_->content.stacked; }
    /// What a hover says at this eigenvalue.
    QStringList readout(double x) const;

    /// curve, kind (density or eigenvalue), eigenvalue, density, error: for an eigenvalue its residual.
    QByteArray table() const override;

protected:
    void follow_data(bool exact) override;
    void set_ranges(const AxisRange& x, const AxisRange& y) override;
    void apply_axes() override;
    void show_legend() override;
    void hover(const QPointF& at) override;

private:
    explicit SpectrumChart(SpectrumLayer* layer, QWidget* parent);
    Ticks y_ticks(int most) const;

    SpectrumLayer* layer_;
};

}  // namespace basin
