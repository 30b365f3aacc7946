// The one place where a run meets Qt.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/compute/device.h"
#include "core/landscape/landscape.h"
#include "core/run/runner.h"
#include "core/run/spec.h"
#include "widgets/bridge/lane_view.h"
#include "widgets/bridge/run_builder.h"
#include "widgets/bridge/spec_changes.h"
#include "widgets/bridge/undo_list.h"

namespace basin {

/// Owns the experiment that is being edited and the run of it. A timer polls the run; every signal comes at most once
/// a frame or after a call of the user's. Nothing here waits for core: runs are made and destroyed on a thread of
/// their own, and what they say is picked up at the next frame. A failure anywhere ends in `failed` and message(), a
/// refused edit in rejected(); nothing throws. Window's thread only.
class RunController : public QObject {
    Q_OBJECT

public:
    /// loading: the run is being made (a network reads its data). ready: made, not one step done yet.
    enum class State { loading, ready, running, paused, finished, stopped, failed };
    Q_ENUM(State)

    /// As fast as it goes, for setPace().
    static constexpr double kUnlimited = 0;

    /// `parts`: what runs are made of; the catalogs, or what a test puts in their place.
    explicit RunController(QObject* parent = nullptr, const RunParts& parts = RunParts::from_catalogs());
    ~RunController() override;

    // The experiment.
    const ExperimentSpec& spec() const { return spec_; }
    bool canUndo() const { return undo_.canUndo(); }
    bool canRedo() const { return undo_.canRedo(); }
    /// False right after openSpec() or markSaved(), true once an edit has changed the experiment.
    bool isModified() const;
    /// The spec of the run as it was started, with every change made by hand since: what repeats it exactly.
    ExperimentSpec replaySpec() const;

    // The run.
    State state() const { return state_; }
    /// Why it failed, or what it waits for; empty when all is well.
    QString message() const { return message_; }
    double pace() const { return pace_; }
    /// One per lane of spec(), in its order. References stay valid until lanesChanged().
    std::size_t laneCount() const { return lanes_.size(); }
    const LaneView& lane(std::size_t index) const { return *lanes_[index]; }
    /// The landscape of the run; null for a network and before the first run was made. Immutable: a worker may keep it.
    std::shared_ptr<const Landscape> landscape() const { return landscape_; }
    const std::vector<std::string>& metricKeys() const { return metric_keys_; }
    /// 0 where there are no epochs.
    std::size_t stepsPerEpoch() const { return steps_per_epoch_; }
    /// Every report of this run so far, oldest first.
    const std::vector<ProbeReport>& reports() const { return reports_; }
    /// Live parameters changed by hand in this run so far (marks on the curves).
    const std::vector<ChangeSpec>& changes() const { return changes_; }
    /// Grows with every new run; histories, reports and changes() start anew then.
    std::uint64_t runNumber() const { return run_number_; }
    std::uint64_t totalSteps() const { return total_steps_; }
    QString backendName() const { return backend_name_; }
    /// Of the run in hand; device() is that of the runs to come.
    Device runDevice() const { return run_device_; }
    Device device() const { return device_; }
    /// What the run in hand was reckoned to need, in words; empty where there is none.
    QString memoryNeed() const { return memory_need_; }
    /// What is known of the GPU; empty until devicesFound().
    const std::optional<DeviceInfo>& gpu() const { return gpu_; }
    /// Of all lanes together, over the last half second, or where steps take longer since the one before.
    double stepsPerSecond() const { return steps_per_second_; }
    /// What is being measured beside the run.
    ProbeActivity probeActivity() const;
    /// What measureNow() would take for one lane; empty where there is no run or it would be refused.
    std::optional<MeasurementEstimate> measurementEstimate(const std::string& probe_key, const Params& params) const;
    /// How the experiment sets this probe up: its first entry for it, else probeDefaults().
    Params probeParams(const std::string& probe_key) const;
    /// The probe's defaults, with no larger a sample than there are training examples.
    Params probeDefaults(const std::string& probe_key) const;
    /// `wanted` training examples or all there are.
    std::size_t sampleSize(std::size_t wanted) const { return std::min(wanted, training_examples_); }
    /// Where a lane of a network has been so far, the newest state last; empty on landscapes.
    LanePath lanePath(std::size_t lane) const;
    using PathVersion = std::pair<std::uint64_t, std::uint64_t>;  // of the keyframes; the step at which a lane rests
    /// Differs when lanePath() would, but that a running lane's newest state alone is no news: it is a copy of theta.
    PathVersion pathVersion(std::size_t lane) const;
    /// A worker for slices of this run's objective; idle, and failing in words, where there is no run. `wake` is called
    /// from the worker's thread.
    std::unique_ptr<SliceWorker> makeSliceWorker(std::function<void()> wake) const;
    /// Newest step that any lane has reached.
    std::uint64_t step() const;

public Q_SLOTS:
    void start();
    void pause();
    void resume() { start(); }
    void toggle();
    void singleStep();
    /// Back to the first step, waiting for start().
    void reset();
    /// All lanes start anew at this point of the plane, and go on running if they were.
    void restartAt(double x, double y);
    void setPace(double steps_per_second);

    /// Replaces everything and makes a run of it. `run`: start it as soon as it is made.
    void openSpec(const basin::ExperimentSpec& spec, bool run);
    void markSaved();
    /// Any edit: what can act in the running run does, else a new run of the edited spec is made, which goes on
    /// running if the old one was. Edits with the same not empty `merge` that follow each other are one undo step.
    void edit(const basin::ExperimentSpec& spec, const QString& merge = {});
    void undo();
    void redo();

    void setLaneParam(std::size_t lane, const std::string& key, const basin::ParamValue& value);
    void setObjectiveParam(const std::string& key, const basin::ParamValue& value);
    /// Another objective, with the start, step size, beta and sigma that it suggests.
    void setObjective(const std::string& kind, const std::string& key);
    void addLane(const std::string& optimizer);
    void duplicateLane(std::size_t lane);
    void removeLane(std::size_t lane);
    void renameLane(std::size_t lane, const QString& label);
    void setLaneVisible(std::size_t lane, bool visible);
    void setSeed(quint64 seed);
    /// Measures the newest state of every lane; the reports come marked live.
    void measureNow(const std::string& probe_key, const basin::Params& params);
    /// Gives up what measureNow() asked of this probe.
    void cancelMeasurements(const std::string& probe_key);
    /// Threads of the runs to come; 0: all cores. A run in hand is made anew.
    void setThreads(int threads);
    /// What runs to come compute on. A run that has begun goes on where it is; one that has not is made anew.
    void setDevice(basin::Device device);

Q_SIGNALS:
    /// The run has been looked at: once a frame while it runs, whether or not there was news.
    void polled();
    /// Something new has arrived: histories, snapshots, metrics, reports, status.
    void frameReady();
    void stateChanged();
    void specChanged();
    /// Lanes came, went, changed places, labels, styles or visibility.
    void lanesChanged();
    /// A new run has taken the place of the old one: landscape(), metricKeys() may be others, curves begin anew.
    void runChanged();
    /// One sentence: the run as a whole failed, or a lane of it did.
    void runFailed(const QString& message);
    /// gpu() is known: once, some milliseconds after the start.
    void devicesFound();
    /// device() is another.
    void deviceChanged();
    /// One sentence: an edit that can not be; nothing was changed.
    void rejected(const QString& message);

private:
    void poll();
    void build(bool run);
    void adopt(RunBuilder::Product product);
    /// Takes over a version of the experiment; false when the run refused it.
    bool replace(const ExperimentSpec& spec);
    bool applyLive(const ExperimentSpec& spec);
    void arrangeLanes(const ExperimentSpec& spec);
    bool readLane(std::size_t index);
    /// After a command; an end is left to poll().
    void readState();
    void readState(RunState reached);
    void enter(State state, const QString& message = {});
    bool alive() const;
    bool readChanges();
    void measureSpeed();
    template <class Edit>
    void editWith(const QString& merge, Edit change);

    ExperimentSpec spec_;
    ExperimentSpec saved_;
    UndoList undo_;
    RunBuilder builder_;
    std::future<DeviceInfo> gpu_sought_;  // asking the driver takes too long for the window's thread
    std::optional<DeviceInfo> gpu_;
    std::unique_ptr<Runner> runner_;
    QTimer timer_;
    State state_ = State::loading;
    QString message_;
    double pace_ = 60;
    int threads_ = 0;
    Device device_ = Device::cpu;
    bool run_when_ready_ = false;
    std::vector<std::unique_ptr<LaneView>> lanes_;
    std::vector<RecordRow> rows_;
    std::shared_ptr<const Landscape> landscape_;
    std::vector<std::string> metric_keys_;
    std::size_t steps_per_epoch_ = 0;
    std::size_t training_examples_ = 0;  // 0: no data
    std::vector<ProbeReport> reports_;
    std::vector<ChangeSpec> changes_;
    /// Changes given to the run that it has not recorded yet; until it has, changes_ is read again in every frame.
    std::vector<LiveChange> awaited_;
    std::vector<bool> failure_told_;
    std::uint64_t run_number_ = 0;
    std::uint64_t total_steps_ = 0;
    QString backend_name_;
    Device run_device_ = Device::cpu;
    QString memory_need_;
    double steps_per_second_ = 0;
    std::uint64_t counted_steps_ = 0;
    QElapsedTimer counting_;
};

}  // namespace basin
