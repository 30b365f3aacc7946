// Where the particles are, and which measure they have reached.
#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "widgets/panels/measure_bars.h"
#include "widgets/plots/curve_chart.h"

class QComboBox;
class QLabel;
class QScrollArea;
class QStackedWidget;

namespace basin {

/// Shares of the particles in each basin and W1 to the three measures: now, as bars, or over the steps, as curves.
/// Takes reports of the probe `gibbs_distance` as they come. Window's thread only.
class MeasurePanel : public QWidget {
    Q_OBJECT

public:
    explicit MeasurePanel(QWidget* parent = nullptr);

    /// A new run begins: everything measured so far is forgotten. Null: there is nothing to measure.
    void begin(std::shared_ptr<const Landscape> landscape);
    /// Labels, styles, visibility, perturbation of the lanes in order; `newest` in them is ignored.
    void set_lanes(const std::vector<MeasureRow>& lanes);
    void take(const ProbeReport& report);
    /// After any number of take(): shows what came.
    void refresh();

    CurveChart& chart() { return *chart_; }
    MeasureBars& bars() { return *bars_; }
    const std::vector<MeasureRow>& rows() const { return rows_; }

protected:
    void changeEvent(QEvent* event) override;

private:
    struct History {
        std::vector<std::shared_ptr<CurveSeries>> series;  // one for each quantity
        std::uint64_t last_step = 0;
    };
    std::size_t quantity_count() const;
    QString quantity_name(std::size_t quantity) const;
    void fill_quantities();
    void show_quantity();
    void show_light();
    void leave_room();

    std::shared_ptr<const Landscape> landscape_;
    QStringList basins_;
    std::vector<MeasureRow> rows_;
    std::vector<History> histories_;
    QLabel* light_;
    QLabel* words_;
    QComboBox* what_;
    QComboBox* coordinate_;
    QStackedWidget* pages_;
    QScrollArea* scroll_;
    MeasureBars* bars_;
    CurveChart* chart_;
};

}  // namespace basin
