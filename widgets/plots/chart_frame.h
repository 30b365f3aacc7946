// Axes, grid and legend around a plot. The one place that knows Qt Charts.
#pragma once

#include <QGraphicsView>
#include <QString>
#include <memory>
#include <vector>

#include "widgets/plots/axis_ticks.h"
#include "widgets/plots/lane_style.h"

namespace basin {

struct Theme;

/// Draws everything around the curves; who paints inside adds an item and asks for plot_area(). Window's thread only.
class ChartFrame : public QGraphicsView {
    Q_OBJECT

public:
    struct Axis {
        AxisRange range;
        Ticks ticks;
        QString title;
    };
    struct LegendEntry {
        QString label;
        LaneStyle style;
        bool visible = true;
    };

    explicit ChartFrame(QWidget* parent = nullptr);
    ~ChartFrame() override;

    /// Where the axes' ranges lie, in scene coordinates (pixels of the viewport).
    QRectF plot_area() const;
    /// Above the grid, below the legend. Takes the item.
    void add_layer(QGraphicsItem* layer);

    /// Cheap when nothing changed.
    void set_axes(const Axis& x, const Axis& y);
    void set_legend(const std::vector<LegendEntry>& entries);
    void apply(const Theme& theme);

Q_SIGNALS:
    void legendClicked(int entry);
    void plotAreaChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Charts;
    std::unique_ptr<Charts> charts_;
};

}  // namespace basin
