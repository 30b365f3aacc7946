// Paints a slice of a loss into a chart's plot area: a plane as a map with lines of equal height and the lanes' paths,
// a line as curves.
#pragma once

#include <QImage>
#include <QString>
#include <optional>
#include <vector>

#include "core/field/contours.h"
#include "widgets/plots/axis_ticks.h"
#include "widgets/plots/chart_layer.h"
#include "widgets/plots/field_picture.h"

namespace basin {

/// A lane's way across the plane, or along the line: `style` is an index for lane_style().
struct SlicePath {
    struct Stop {
        double alpha = 0;
        double beta = 0;
        double distance = 0;  // from the plane: the point drawn is its foot
        std::uint64_t step = 0;
    };
    QString label;
    int style = 0;
    bool visible = true;
    std::vector<Stop> stops;
};

/// One value over the slice, row by row (beta, then alpha); NaN: not known yet.
struct SliceField {
    QString name;
    std::size_t rows = 0;  // 1: a line
    std::size_t columns = 0;
    AxisRange alpha;  // of the first and the last column
    AxisRange beta;
    std::vector<double> values;
};

/// Window's thread only.
class SliceLayer : public ChartLayer {
    Q_OBJECT

public:
    struct Readout {
        QPointF at;  // in the layer's coordinates
        QStringList lines;
    };

    std::vector<SlicePath> paths;
    std::optional<Readout> readout;
    AxisRange x;  // shown
    AxisRange y;

    /// A plane: the first field is drawn. A line: all are, over alpha.
    void set_fields(std::vector<SliceField> fields);
    const std::vector<SliceField>& fields() const { return fields_; }
    /// Of a plane: from values to colours, and the values of the contour lines.
    const FieldScale& scale();
    const std::vector<double>& levels();
    bool is_line() const { return !fields_.empty() && fields_.front().rows == 1; }
    bool empty() const { return fields_.empty(); }
    void forget_readout() override { readout.reset(); }
    QPointF pixel(double alpha, double y_value) const;
    /// alpha and beta (or the value) at a place.
    QPointF coordinates(const QPointF& pixel) const;

    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void color_map();
    void draw_plane(QPainter* painter);
    void draw_line(QPainter* painter) const;
    void draw_paths(QPainter* painter) const;

    std::vector<SliceField> fields_;
    QImage map_;
    bool map_dark_ = false;
    FieldScale scale_;
    Lattice lattice_;
    ContourSet lines_;
};

}  // namespace basin
