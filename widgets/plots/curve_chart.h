// A chart of many long curves, live.
#pragma once

#include <QWidget>
#include <cstddef>
#include <vector>

#include "widgets/plots/curve_layer.h"

class QMenu;

namespace basin {

class ChartFrame;

/// Shows curves that may grow while they are shown. Wheel zooms x (with Shift: y) at the cursor, drag pans, double
/// click or F fits; + and - zoom and the arrow keys pan. Until the user zooms or pans, the axes follow the data. A
/// click on a legend entry asks to hide that curve. Drawing costs the same for a thousand rows and a million.
/// Window's thread only.
class CurveChart : public QWidget {
    Q_OBJECT

public:
    explicit CurveChart(QWidget* parent = nullptr);

    void set_curves(std::vector<CurveView> curves);
    void set_marks(std::vector<CurveMark> marks);
    /// `scale`: shown x is the column's value times this (1 / steps of an epoch for epochs).
    void set_x_axis(XAxis axis, double scale = 1);
    /// Logarithm of (value - offset); `title` says what the axis shows.
    void set_logarithmic(bool logarithmic, double offset = 0);
    /// `brief` stands there where the axis is too short for all of it; without one nothing does.
    void set_y_title(const QString& title, const QString& brief = {});
    /// Always shown, e.g. 0 to 1 for shares; an empty range (the default) follows the data.
    void set_y_limits(AxisRange limits);
    /// Curves are means of this many rows; 1 shows the rows themselves.
    void set_window(std::size_t rows);
    void set_empty_text(const QString& text);
    /// Rows have been appended.
    void refresh();

    const AxisRange& x_range() const { return layer_->content.mapping.x; }
    /// In the axis' coordinate: log10 on a logarithmic axis.
    const AxisRange& y_range() const { return layer_->content.mapping.y; }
    XAxis x_axis() const { return layer_->content.mapping.axis; }
    bool logarithmic() const { return layer_->content.mapping.logarithmic; }
    bool follows() const { return follow_; }
    /// Where a value is drawn, in this widget's pixels.
    QPointF position(double shown_x, double value) const;
    /// The plot area in this widget's pixels.
    QRectF plot_area() const;
    /// What a hover at x says; x is in units of the axis.
    CurveReadout readout(double shown_x) const;
    double last_paint_ms() const { return layer_->last_paint_ms(); }

    /// By the file's ending: .png, .svg, or .csv with every row of the visible curves. Empty when it went well, else
    /// one sentence.
    QString save(const QString& path);
    /// Rows of the visible curves: curve, step, gradients, seconds, value.
    QByteArray table() const;

public Q_SLOTS:
    /// All of the data, and following from now on.
    void fit();
    /// The read-out at x, as another chart's hover asks; NaN hides it.
    void showHover(double shown_x);
    void saveAs();

Q_SIGNALS:
    void hovered(double shown_x);
    void curveClicked(int curve);
    void saveFailed(const QString& message);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    QSize sizeHint() const override { return {420, 260}; }
    QSize minimumSizeHint() const override { return {220, 140}; }

private:
    void apply_theme();
    void apply_axes();
    QString fitting_y_title() const;
    void follow_data(bool exact);
    void zoom_x(double factor, double at);
    void zoom_y(double factor, double at);
    void pan(double share_x, double share_y);
    double x_at(const QPointF& viewport) const;
    void hover(const QPointF& viewport);

    ChartFrame* frame_;
    CurveLayer* layer_;
    QString y_title_;
    QString y_brief_;
    AxisRange y_limits_{0, 0};
    bool follow_ = true;
    QPointF drag_from_;
    bool dragging_ = false;
};

}  // namespace basin
