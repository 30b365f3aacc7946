// From the run to the panels.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <memory>
#include <vector>

#include "widgets/bridge/run_controller.h"
#include "widgets/plots/curve_series.h"

namespace basin {

class AccuracyPanel;
class ComparePanel;
class CurveChart;
class LandscapeView;
class LossPanel;
class MeasurePanel;
class NetworkView;

/// Makes the panels of a run and keeps them up to date: particles every frame, curves and tables a few times a second,
/// a live measurement twice a second while the measure panel is to be seen. The widgets belong to whoever puts them
/// into a window (or to `owner` until then). Window's thread only.
class RunPresenter : public QObject {
    Q_OBJECT

public:
    /// `owner` takes the panels that have no parent of their own; both must outlive this object.
    RunPresenter(RunController& controller, QWidget* owner);

    LandscapeView& landscape() { return *landscape_; }
    NetworkView& network() { return *network_; }
    LossPanel& loss() { return *loss_; }
    MeasurePanel& measure() { return *measure_; }
    AccuracyPanel& accuracy() { return *accuracy_; }
    ComparePanel& compare() { return *compare_; }

public Q_SLOTS:
    /// The lane whose sigma the landscape's smoothed loss is shown with.
    void selectLane(int lane);

Q_SIGNALS:
    /// A picture or table could not be saved: one sentence.
    void failed(const QString& message);

private:
    void begin_run();
    void arrange_lanes();
    void frame();
    void settle();
    void show_curves();
    void show_numbers();
    void take_rows();
    void show_memorised();
    void show_marks();
    void show_table();
    void watch_phases();
    void show_summary();
    void ask_for_measure();
    double perturbation(std::size_t lane) const;
    std::vector<Point> starts() const;
    std::vector<CurveChart*> charts() const;

    struct LossRows {
        std::shared_ptr<CurveSeries> series = std::make_shared<CurveSeries>();
        std::uint64_t generation = 0;
        std::size_t taken = 0;
    };

    RunController& controller_;
    LandscapeView* landscape_;
    NetworkView* network_;
    LossPanel* loss_;
    MeasurePanel* measure_;
    AccuracyPanel* accuracy_;
    ComparePanel* compare_;
    std::vector<LossRows> rows_;
    std::size_t reports_taken_ = 0;
    std::size_t changes_shown_ = 0;
    std::size_t metrics_taken_ = 0;
    std::vector<LanePhase> phases_;  // as the table has them
    std::uint64_t looks_ = 0;
    bool curves_stale_ = false;  // frames have come whose curves are not shown yet
    bool numbers_stale_ = false;
    QElapsedTimer since_measure_;
    std::uint64_t measured_step_ = 0;
    bool measure_pending_ = false;
};

}  // namespace basin
