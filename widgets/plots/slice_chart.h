// A chart of a slice.
#pragma once

#include <QWidget>
#include <vector>

#include "widgets/plots/slice_layer.h"

namespace basin {

class ChartFrame;

/// Shows one slice: a plane as a map with the lanes' paths, or a line as curves. Wheel zooms at the cursor, drag pans,
/// double click or F fits; a hover reads values and the nearest point of a path. Window's thread only.
class SliceChart : public QWidget {
    Q_OBJECT

public:
    explicit SliceChart(QWidget* parent = nullptr);

    /// See SliceLayer::set_fields. `known`: the same with NaN where a coarser point stands in, for the read-out.
    void set_slice(std::vector<SliceField> shown, std::vector<SliceField> known);
    void set_paths(std::vector<SlicePath> paths);
    /// Of the directions: "α", "β" and what they are.
    void set_titles(const QString& x, const QString& y);
    void set_empty_text(const QString& text);

    const AxisRange& x_range() const { return layer_->x; }
    const AxisRange& y_range() const { return layer_->y; }
    const std::vector<SlicePath>& paths() const { return layer_->paths; }
    bool follows() const { return follow_; }
    QRectF plot_area() const;
    /// What a hover says; beta is not looked at on a line.
    QStringList readout(double alpha, double beta) const;
    /// By the file's ending .png or .svg. Empty when it went well, else one sentence.
    QString save(const QString& path);

public Q_SLOTS:
    void fit();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    QSize minimumSizeHint() const override { return {260, 200}; }

private:
    void apply_theme();
    void apply_axes();
    void follow_data();
    void show_legend();
    void move(AxisRange x, AxisRange y);

    ChartFrame* frame_;
    SliceLayer* layer_;
    std::vector<SliceField> known_;
    QString x_title_;
    QString y_title_;
    bool follow_ = true;
    bool dragging_ = false;
    QPointF drag_from_;
};

}  // namespace basin
