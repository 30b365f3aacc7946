// How every chart is moved with mouse, wheel and keys.
#pragma once

#include <QObject>
#include <QPointF>

class QKeyEvent;
class QWidget;

namespace basin {

class ChartFrame;

/// Watches a chart and its frame and says what the user wants, in shares of the plot area, so that it knows no axis.
/// Wheel zooms at the cursor (with Shift: y alone), drag pans, double click, F or 0 fits; + (or =) and - zoom, the
/// arrow keys pan. Window's thread only.
class ChartInput : public QObject {
    Q_OBJECT

public:
    /// What wheel, + and - zoom: x alone, as curves are looked at, or both axes, as maps are.
    enum class Zoom { x, both };

    ChartInput(QWidget& chart, ChartFrame& frame);
    void set_zoom(Zoom zoom) { zoom_ = zoom; }

Q_SIGNALS:
    /// Spans become this many times as long; the place at `share` of the plot (from the left, from the bottom) stays.
    void zoomed(double factor_x, double factor_y, QPointF share);
    /// Ranges move by these shares of their spans.
    void panned(double share_x, double share_y);
    void fitAsked();
    /// The cursor is at this place of the frame's viewport, inside the plot.
    void hovered(QPointF at);
    /// ... and now it is not, or a drag has begun.
    void left();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool press(QKeyEvent* event);
    void zoom_by(double factor, bool y_alone, QPointF share);

    QWidget& chart_;
    ChartFrame& frame_;
    Zoom zoom_ = Zoom::x;
    bool dragging_ = false;
    QPointF drag_from_;
};

}  // namespace basin
