// A chart of eigenvalue spectra.
#pragma once

#include <QPointF>
#include <QWidget>
#include <vector>

#include "widgets/plots/spectrum_layer.h"

namespace basin {

class ChartFrame;

/// Shows spectra of several lanes over each other or in strips below each other. Wheel zooms the eigenvalues at the
/// cursor, drag pans, double click or F fits; a hover reads every lane's density and the eigenvalues nearby. A click on
/// a legend entry asks to hide that lane. Window's thread only.
class SpectrumChart : public QWidget {
    Q_OBJECT

public:
    explicit SpectrumChart(QWidget* parent = nullptr);

    void set_curves(std::vector<SpectrumCurve> curves);
    void set_stacked(bool stacked);
    void set_empty_text(const QString& text);

    const std::vector<SpectrumCurve>& curves() const { return layer_->content.curves; }
    const AxisRange& x_range() const { return layer_->content.x; }
    /// log10 of the density.
    const AxisRange& y_range() const { return layer_->content.y; }
    bool stacked() const { return layer_->content.stacked; }
    bool follows() const { return follow_; }
    QRectF plot_area() const;
    /// What a hover says at this eigenvalue.
    QStringList readout(double x) const;

    /// By the file's ending: .png, .svg, or .csv with densities, errors and eigenvalues. Empty when it went well, else
    /// one sentence.
    QString save(const QString& path);
    /// curve, kind (density or eigenvalue), eigenvalue, density, error: for an eigenvalue its residual.
    QByteArray table() const;

public Q_SLOTS:
    void fit();
    void saveAs();

Q_SIGNALS:
    void curveClicked(int curve);
    void saveFailed(const QString& message);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    QSize sizeHint() const override { return {420, 260}; }
    QSize minimumSizeHint() const override { return {220, 140}; }

private:
    void apply_theme();
    void apply_axes();
    void follow_data();
    Ticks y_ticks(int most) const;
    void move_x(AxisRange wanted);
    double x_at(double pixel) const;

    ChartFrame* frame_;
    SpectrumLayer* layer_;
    bool follow_ = true;
    bool dragging_ = false;
    QPointF drag_from_;
};

}  // namespace basin
