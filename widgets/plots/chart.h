// What all charts share.
#pragma once

#include <QPointF>
#include <QWidget>
#include <functional>
#include <memory>

#include "widgets/plots/axis_ticks.h"
#include "widgets/plots/chart_input.h"

class QMenu;

namespace basin {

class ChartFrame;
class ChartLayer;

/// A frame with axes and legend around a layer: moved as ChartInput says, following the data until the user moves it,
/// saved as a picture or a table. A click on a legend entry asks to hide what it names. Window's thread only.
class Chart : public QWidget {
    Q_OBJECT

public:
    ~Chart() override;

    /// Shown, in the axes' own coordinates (log10 on logarithmic ones).
    virtual AxisRange x_range() const = 0;
    virtual AxisRange y_range() const = 0;
    bool follows() const { return follow_; }
    /// In this widget's pixels.
    QRectF plot_area() const;
    void set_empty_text(const QString& text);

    /// Everything that is shown, as text with commas.
    virtual QByteArray table() const = 0;
    /// By the file's ending: .png, .svg, or .csv with the table. Empty when it went well, else one sentence.
    QString save(const QString& path);

public Q_SLOTS:
    /// All of the data, and following from now on.
    void fit();
    void saveAs();

Q_SIGNALS:
    void curveClicked(int curve);
    void saveFailed(const QString& message);

protected:
    /// Takes the layer. `name`: of the file that is proposed, and what a save is called.
    Chart(ChartLayer* layer, const QString& name, QWidget* parent);
    /// The last thing in a constructor: colours, legend and axes for the first time.
    void begin();

    /// Fits the axes to the data where the chart follows; `exact`: they may shrink too.
    virtual void follow_data(bool exact) = 0;
    /// The user wants these.
    virtual void set_ranges(const AxisRange& x, const AxisRange& y) = 0;
    /// Ranges, ticks and titles, for the room there is.
    virtual void apply_axes() = 0;
    virtual void show_legend() = 0;
    /// `at`: of the frame's viewport, inside the plot.
    virtual void hover(const QPointF& at) = 0;
    virtual void leave();
    /// More for the context menu than what all charts have.
    virtual void add_actions(QMenu& /*menu*/) {}
    /// Asks for a file as saveAs() does, for another table of what is drawn.
    void save_table_as(const std::function<QByteArray()>& table, const QString& name);

    ChartFrame& frame() const { return *frame_; }
    ChartInput& input() const { return *input_; }
    /// Of the plot: from the left and from the bottom.
    QPointF share(const QPointF& viewport) const;

    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    QSize sizeHint() const override { return {420, 260}; }
    QSize minimumSizeHint() const override { return {220, 140}; }

private:
    void apply_theme();
    void move_to(const AxisRange& x, const AxisRange& y);

    ChartFrame* frame_;
    ChartLayer* layer_;
    std::unique_ptr<ChartInput> input_;  // goes before the frame that it watches
    QString name_;
    bool follow_ = true;
};

}  // namespace basin
