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
    /// `brief` takes the title's place where that is too long for the axis. Where there is room for neither beside the
    /// axis, the title stands before the legend, or inside the plot, in its corner; that of x before its last label: no
    /// axis is without a name.
    struct Axis {
        AxisRange range;
        Ticks ticks;
        QString title;
        QString brief{};
    };
    /// An entry with an empty label is left out.
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

    /// How many labels of this width, and how many labels of one line, the axes have room for.
    int x_labels(const QString& widest) const;
    int y_labels() const;
    /// Cheap when nothing changed.
    void set_axes(const Axis& x, const Axis& y);
    /// Right of the plot, for what stands there beside the ends of labels.
    void set_side_room(double width);
    void set_legend(const std::vector<LegendEntry>& entries);
    void apply(const Theme& theme);

Q_SIGNALS:
    void legendClicked(int entry);
    void plotAreaChanged();
    void resized();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void place_titles();

    class Charts;
    std::unique_ptr<Charts> charts_;
};

}  // namespace basin
