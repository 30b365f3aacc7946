// Loss curves with their controls.
#pragma once

#include <QWidget>
#include <optional>

#include "widgets/plots/curve_chart.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;

namespace basin {

/// The loss of every lane over steps, gradient evaluations, epochs or seconds. Window's thread only.
class LossPanel : public QWidget {
    Q_OBJECT

public:
    explicit LossPanel(QWidget* parent = nullptr);

    CurveChart& chart() { return *chart_; }
    /// A landscape's lowest minimum: the logarithmic axis then shows the loss above it, which alone is positive.
    /// Nothing for a network, whose losses are positive.
    void set_lowest(std::optional<double> lowest);
    /// 0: there are no epochs, and no such axis.
    void set_steps_per_epoch(double steps);
    /// Rows that a curve's mean is taken over; 1 is no smoothing.
    std::size_t window() const;

public Q_SLOTS:
    void setLogarithmic(bool on);
    /// Slider place, 0 to kSmoothest.
    void setSmoothing(int place);

public:
    static constexpr int kSmoothest = 20;

protected:
    void changeEvent(QEvent* event) override;

private:
    void apply();
    void keep_room();

    CurveChart* chart_;
    QCheckBox* logarithmic_;
    QComboBox* axis_;
    QSlider* smoothing_;
    QLabel* smoothing_text_;
    std::optional<double> lowest_;
    double steps_per_epoch_ = 0;
};

}  // namespace basin
