// From the run to the panel of slices.
#pragma once

#include <QObject>
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/run/slice_worker.h"
#include "widgets/bridge/run_controller.h"

namespace basin {

class SlicePanel;

/// Makes the panel, hands its wishes to a worker of its own and shows what comes back; paths grow on the plane while
/// the lanes go on. The panel belongs to whoever puts it into a window (or to `owner` until then). Window's thread
/// only; nothing waits for the worker but the destructor, and that for one evaluation at most.
class SlicePresenter : public QObject {
    Q_OBJECT

public:
    SlicePresenter(RunController& controller, QWidget* owner);
    ~SlicePresenter() override;

    SlicePanel& panel() { return *panel_; }
    /// A folder of numbers, or a picture where the name ends in .png or .svg.
    void save(const QString& path);
    /// A folder that was saved before.
    void open(const QString& folder);

Q_SIGNALS:
    /// Something could not be saved, read or computed: one sentence.
    void failed(const QString& message);

private:
    void begin_run();
    void arrange_lanes();
    void compute();
    void take_report();
    void follow_paths();
    void save_dialog();
    void open_dialog();
    void post(SliceJob job);

    RunController& controller_;
    SlicePanel* panel_;
    SliceReport report_;
    std::vector<RunController::PathVersion> path_versions_;
    /// Feet of thetas in the plane shown: each is projected once. An address alone would not do: a path lets go of
    /// thetas, and the next one may lie where one of them lay.
    std::map<std::weak_ptr<const std::vector<float>>, PlanePoint, std::owner_less<>> feet_;
    std::shared_ptr<const SliceSpec> feet_of_;
    std::uint64_t frames_ = 0;
    std::atomic<bool> news_{false};
    std::unique_ptr<SliceWorker> worker_;  // last: its wake-up uses what is above
};

}  // namespace basin
