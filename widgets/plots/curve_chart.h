// A chart of many long curves, live.
#pragma once

#include <cstddef>
#include <vector>

#include "widgets/plots/chart.h"
#include "widgets/plots/curve_layer.h"

namespace basin {

/// Shows curves that may grow while they are shown; until the user zooms or pans, the axes follow the data. Drawing
/// costs the same for a thousand rows and a million. Window's thread only.
class CurveChart : public Chart {
    Q_OBJECT

public:
    explicit CurveChart(QWidget* parent = nullptr);

    void set_curves(std::vector<CurveView> curves);
    void set_marks(std::vector<CurveMark> marks);
    /// `scale`: shown x is the column's value times this (1 / steps of an epoch for epochs).
    void set_x_axis(XAxis axis, double scale = 1);
    /// Logarithm of (value - offset); `title` says what the axis shows.
    void set_logarithmic(bool logarithmic, double offset = 0);
    /// `brief` stands there where the axis is too short for all of it.
    void set_y_title(const QString& title, const QString& brief = {});
    /// Always shown, e.g. 0 to 1 for shares; an empty range (the default) follows the data.
    void set_y_limits(AxisRange limits);
    /// Curves are means of this many rows; 1 shows the rows themselves.
    void set_window(std::size_t rows);
    /// Rows have a step and nothing else that runs along: the table then leaves gradients and seconds out.
    void set_steps_only(bool on) { steps_only_ = on; }
    /// Rows have been appended.
    void refresh();

    AxisRange x_range() const override { return layer_->content.mapping.x; }
    AxisRange y_range() const override { return layer_->content.mapping.y; }
    XAxis x_axis() const { return layer_->content.mapping.axis; }
    bool logarithmic() const { return layer_->content.mapping.logarithmic; }
    /// Where a value is drawn, in this widget's pixels.
    QPointF position(double shown_x, double value) const;
    /// What a hover at x says; x is in units of the axis.
    CurveReadout readout(double shown_x) const;
    double last_paint_ms() const { return layer_->last_paint_ms(); }

    /// Rows of the visible curves: curve, step, gradients, seconds, value, and the error where curves have one.
    QByteArray table() const override;

public Q_SLOTS:
    /// The read-out at x, as another chart's hover asks; NaN hides it.
    void showHover(double shown_x);

Q_SIGNALS:
    void hovered(double shown_x);

protected:
    void follow_data(bool exact) override;
    void set_ranges(const AxisRange& x, const AxisRange& y) override;
    void apply_axes() override;
    void show_legend() override;
    void hover(const QPointF& at) override;
    void leave() override;

private:
    explicit CurveChart(CurveLayer* layer, QWidget* parent);

    CurveLayer* layer_;
    QString y_title_;
    QString y_brief_;
    AxisRange y_limits_{0, 0};
    bool steps_only_ = false;
};

}  // namespace basin
