// A chart of a slice.
#pragma once

#include <vector>

#include "widgets/plots/chart.h"
#include "widgets/plots/slice_layer.h"

namespace basin {

/// Shows one slice: a plane as a map with the lanes' paths and a colour bar, or a line as curves; a hover reads values
/// and the nearest point of a path. Window's thread only.
class SliceChart : public Chart {
    Q_OBJECT

public:
    explicit SliceChart(QWidget* parent = nullptr);

    /// See SliceLayer::set_fields. `known`: the same with NaN where a coarser point stands in, for the read-out.
    void set_slice(std::vector<SliceField> shown, std::vector<SliceField> known);
    void set_paths(std::vector<SlicePath> paths);
    /// Of the directions: "α", "β" and what they are.
    void set_titles(const QString& x, const QString& y);
    /// What a plane's colours are, for the colour bar: the quantity with its unit, and the quantity alone.
    void set_scale_title(const QString& title, const QString& brief);

    AxisRange x_range() const override { return layer_->x; }
    AxisRange y_range() const override { return layer_->y; }
    const std::vector<SlicePath>& paths() const { return layer_->paths; }
    /// What a hover says; beta is not looked at on a line.
    QStringList readout(double alpha, double beta) const;
    /// Every point that is known, with every value: alpha, beta (of a plane), then a column each.
    QByteArray table() const override;
    /// The lanes' ways over it: lane, step, alpha, beta, distance from the slice.
    QByteArray paths_table() const;

protected:
    void follow_data(bool exact) override;
    void set_ranges(const AxisRange& x, const AxisRange& y) override;
    void apply_axes() override;
    void show_legend() override;
    void hover(const QPointF& at) override;
    void add_actions(QMenu& menu) override;
    QSize minimumSizeHint() const override { return {260, 200}; }

private:
    class Bar;
    explicit SliceChart(SliceLayer* layer, QWidget* parent);

    SliceLayer* layer_;
    Bar* bar_;
    std::vector<SliceField> known_;
    QString x_title_;
    QString y_title_;
};

}  // namespace basin
