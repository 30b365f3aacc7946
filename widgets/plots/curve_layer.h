// Paints curves, marks and the read-out into a chart's plot area.
#pragma once

#include <QImage>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/plots/chart_layer.h"
#include "widgets/plots/curve_trace.h"
#include "widgets/plots/lane_style.h"

namespace basin {

/// One curve to draw. `style` is an index for lane_style(). `error`: one standard error for each row of `series`, drawn
/// as whiskers of two to each side while rows are far enough apart to be dots. A `reference` is not data but what data
/// are compared with: thin, dotted, without dots. `legend`: what the legend calls it, where that is not the label;
/// empty: it is not in the legend.
struct CurveView {
    QString label;
    int style = 0;
    bool visible = true;
    std::shared_ptr<const CurveSeries> series;
    std::shared_ptr<const CurveSeries> error{};
    bool reference = false;
    std::optional<QString> legend{};
};

/// Standard errors that a whisker reaches to each side.
constexpr double kWhiskerErrors = 2;

/// A parameter of a curve's lane that changed when `step` was next.
struct CurveMark {
    std::size_t curve = 0;
    double step = 0;
    QString text;
};

/// What one hover shows: the lines of the box, with the curve each belongs to.
struct CurveReadout {
    struct Line {
        std::size_t curve = 0;
        QString label;
        QString value;
        double y = 0;  // the value drawn there
    };
    double x = 0;
    QString title;
    std::vector<Line> lines;
    QStringList notes;  // marks near x
};

/// The picture of the curves is kept until touch() says that something changed, so a hover repaints only itself. On
/// vector devices curves are drawn as lines. Window's thread only.
class CurveLayer : public ChartLayer {
    Q_OBJECT

public:
    struct Content {
        std::vector<CurveView> curves;
        std::vector<CurveMark> marks;
        CurveMapping mapping;  // without width and height
        std::size_t window = 1;
        std::vector<double> minor_y;  // small ticks, in the axis' coordinate
    };

    Content content;
    std::optional<CurveReadout> readout;
    void touch() override;
    void forget_readout() override { readout.reset(); }
    /// `content.curves` are others than before.
    void forget();
    /// Where a mark stands on the x-axis; nothing while its curve is empty.
    std::optional<double> mark_x(const CurveMark& mark) const;
    /// How long the last painting of curves took.
    double last_paint_ms() const { return last_paint_ms_; }

    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void render(double ratio);
    void draw_lines(QPainter* painter) const;
    void draw_points(QPainter* painter) const;
    void draw_minor_ticks(QPainter* painter) const;
    void draw_marks(QPainter* painter) const;
    void draw_hover(QPainter* painter) const;
    CurveMapping mapping_for(double width, double height) const;

    QImage picture_;
    std::vector<TraceMemory> rows_;  // of each curve
    std::vector<TraceMemory> smoothed_;
    bool stale_ = true;
    double last_paint_ms_ = 0;
};

}  // namespace basin
