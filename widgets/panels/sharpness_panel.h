// How sharp the place is where each lane stands, over the steps.
#pragma once

#include <QWidget>
#include <array>
#include <map>
#include <memory>
#include <vector>

#include "core/run/runner.h"
#include "widgets/panels/probe_controls.h"
#include "widgets/panels/shown_lane.h"
#include "widgets/plots/curve_chart.h"

class QCheckBox;
class QComboBox;
class QLabel;

namespace basin {

class LaneTable;

/// Takes reports of the probe `sharpness` as they come: trace, top eigenvalue with the line 2/lambda above which
/// gradient descent is not stable, SAM's and average sharpness, gradient norm; all lanes on one axis, and the newest
/// numbers with their errors in a table. Window's thread only.
class SharpnessPanel : public QWidget {
    Q_OBJECT

public:
    explicit SharpnessPanel(QWidget* parent = nullptr);

    /// A new run begins: everything measured so far is forgotten. `steps_per_epoch` 0: there are no epochs.
    void begin(double steps_per_epoch);
    void set_lanes(const std::vector<ShownLane>& lanes);
    void take(const ProbeReport& report);
    /// After any number of take(): shows what came.
    void refresh();

    CurveChart& chart() { return *chart_; }
    LaneTable& table() { return *table_; }
    ProbeControls& controls() { return *controls_; }

private:
    static constexpr std::size_t kQuantities = 7;  // the last is 2/lambda, which has no curve of its own
    struct Row {
        std::uint64_t step = 0;
        std::array<double, kQuantities> values{};
        std::array<double, kQuantities> errors{};
    };
    void show_quantity();
    void fill_table();
    std::vector<CurveView> curves(std::size_t quantity) const;

    double steps_per_epoch_ = 0;
    std::vector<ShownLane> lanes_;
    std::vector<std::vector<Row>> rows_;       // by lane, steps increasing
    std::map<std::size_t, QString> problems_;  // by lane, of its newest report
    ProbeControls* controls_;
    QComboBox* quantity_;
    QCheckBox* logarithmic_;
    QLabel* words_;
    CurveChart* chart_;
    LaneTable* table_;
};

}  // namespace basin
