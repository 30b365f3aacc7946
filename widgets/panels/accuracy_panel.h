// What a network has learnt, and what it has merely memorised.
#pragma once

#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/run/telemetry.h"
#include "widgets/panels/shown_lane.h"
#include "widgets/plots/curve_chart.h"

class QComboBox;

namespace basin {

class LaneTable;

/// "Test accuracy" for test_accuracy and so on; the key itself where it has no name.
QString metric_name(const std::string& key);
/// True for metrics that are shares of examples, from 0 to 1.
bool metric_is_share(const std::string& key);

/// Every data-set metric of every lane over the epochs: one chart, and a table of the newest values with each lane's
/// seconds relative to the first lane's. Window's thread only.
class AccuracyPanel : public QWidget {
    Q_OBJECT

public:
    explicit AccuracyPanel(QWidget* parent = nullptr);

    /// A new run begins with these metrics; all rows are forgotten.
    void begin(const std::vector<std::string>& keys, double steps_per_epoch);
    void set_lanes(const std::vector<ShownLane>& lanes);
    /// All rows of a lane so far; those seen before are passed over.
    void take(std::size_t lane, const std::vector<MetricsRow>& rows);
    void refresh();

    CurveChart& chart() { return *chart_; }
    LaneTable& table() { return *table_; }
    /// The curves of one metric, for another chart that shows the same.
    std::vector<CurveView> curves(const std::string& key) const;
    double steps_per_epoch() const { return steps_per_epoch_; }

private:
    struct LaneRows {
        std::vector<std::shared_ptr<CurveSeries>> series;  // by metric
        std::vector<double> newest;
        double seconds = 0;
        std::size_t taken = 0;
    };
    void show_metric();
    void fill_table();

    std::vector<std::string> keys_;
    double steps_per_epoch_ = 0;
    std::vector<ShownLane> lanes_;
    std::vector<LaneRows> rows_;
    QComboBox* metric_;
    CurveChart* chart_;
    LaneTable* table_;
};

}  // namespace basin
