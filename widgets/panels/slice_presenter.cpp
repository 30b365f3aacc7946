#include "widgets/panels/slice_presenter.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QWidget>
#include <algorithm>
#include <exception>
#include <filesystem>

#include "core/run/slice_files.h"
#include "widgets/panels/slice_panel.h"

namespace basin {

namespace {

constexpr std::uint64_t kPathFrames = 15;  // of 60 a second
constexpr const char* kSmoothed = "train_loss";

}  // namespace

SlicePresenter::SlicePresenter(RunController& controller, QWidget* owner)
    : QObject(owner), controller_(controller), panel_(new SlicePanel(owner))
{
    connect(&controller_, &RunController::runChanged, this, &SlicePresenter::begin_run);
    connect(&controller_, &RunController::lanesChanged, this, &SlicePresenter::arrange_lanes);
    connect(&controller_, &RunController::specChanged, this, &SlicePresenter::arrange_lanes);
    connect(&controller_, &RunController::frameReady, this, [this] {
        if (++frames_ % kPathFrames == 0 || controller_.state() != RunController::State::running) {
            follow_paths();
        }
    });
    connect(panel_, &SlicePanel::shown, this, &SlicePresenter::follow_paths);
    connect(panel_, &SlicePanel::computeAsked, this, &SlicePresenter::compute);
    connect(panel_, &SlicePanel::cancelAsked, this, [this] {
        if (worker_) {
            worker_->cancel();
        }
    });
    connect(panel_, &SlicePanel::resumeAsked, this, [this] {
        if (worker_) {
            worker_->resume();
        }
    });
    connect(panel_, &SlicePanel::saveAsked, this, &SlicePresenter::save_dialog);
    connect(panel_, &SlicePanel::openAsked, this, &SlicePresenter::open_dialog);
    connect(&panel_->chart(), &SliceChart::saveFailed, this, &SlicePresenter::failed);
    begin_run();
}

SlicePresenter::~SlicePresenter() = default;

void SlicePresenter::begin_run()
{
    worker_.reset();
    report_ = {};
    feet_.clear();
    feet_of_.reset();
    path_versions_.clear();
    arrange_lanes();
    panel_->begin();
}

void SlicePresenter::arrange_lanes()
{
    panel_->set_lanes(shown_lanes(controller_));
}

/// The worker is made when it is first needed: most runs are never sliced.
void SlicePresenter::post(SliceJob job)
{
    if (!worker_) {
        worker_ = controller_.makeSliceWorker([this] {
            if (!news_.exchange(true)) {
                QMetaObject::invokeMethod(this, &SlicePresenter::take_report, Qt::QueuedConnection);
            }
        });
    }
    if (worker_) {
        worker_->post(std::move(job));
    } else {
        Q_EMIT failed(tr("There is no run to slice: open or start one first"));
    }
}

void SlicePresenter::compute()
{
    const SlicePanel::Choice choice = panel_->choice();
    SliceJob job;
    job.objective = sliced_objective(controller_.spec());
    job.plane.kind = choice.kind;
    job.plane.seed = controller_.spec().seed;
    // Those that the kind needs come first; all that are well are marked.
    std::vector<std::size_t> order = choice.lanes;
    for (std::size_t i = 0; i < controller_.laneCount(); ++i) {
        const bool failed = controller_.lane(i).status.state == LaneState::failed;
        if (!failed && std::find(order.begin(), order.end(), i) == order.end()) {
            order.push_back(i);
        }
    }
    for (const std::size_t lane : order) {
        job.plane.lanes.push_back(controller_.lanePath(lane));
    }
    job.count = choice.count;
    job.points.values = {"train_loss", "train_accuracy"};
    if (choice.test) {
        job.points.values.insert(job.points.values.end(), {"test_loss", "test_accuracy"});
    }
    job.points.seed = controller_.spec().seed;
    job.points.train_sample = controller_.sampleSize(job.points.train_sample);
    if (choice.sigma > 0) {
        job.smoothing = {.sigma = choice.sigma, .pairs = 8, .value = kSmoothed};
    }
    post(std::move(job));
}

void SlicePresenter::take_report()
{
    news_ = false;
    if (!worker_ || !worker_->reports().take()) {
        return;
    }
    report_ = worker_->reports().front();
    panel_->set_report(report_);
    path_versions_.clear();
    follow_paths();
}

void SlicePresenter::follow_paths()
{
    if (!report_.spec || !panel_->isVisible()) {
        return;
    }
    std::vector<RunController::PathVersion> versions;
    for (std::size_t i = 0; i < controller_.laneCount(); ++i) {
        versions.push_back(controller_.pathVersion(i));
    }
    if (versions == path_versions_) {
        return;
    }
    path_versions_ = versions;
    if (feet_of_ != report_.spec) {
        feet_.clear();
        feet_of_ = report_.spec;
    }
    std::vector<PlaneMark> marks;
    decltype(feet_) kept;
    for (std::size_t i = 0; i < controller_.laneCount(); ++i) {
        const LanePath path = controller_.lanePath(i);
        for (std::size_t k = 0; k < path.thetas.size(); ++k) {
            const SharedTheta& theta = path.thetas[k];
            const auto known = feet_.find(theta);
            const PlanePoint at =
                known != feet_.end() ? known->second : report_.spec->plane.project(std::span<const float>(*theta));
            kept.emplace(theta, at);
            marks.push_back({path.label, path.steps[k], at});
        }
    }
    feet_ = std::move(kept);
    panel_->set_marks(marks);
}

void SlicePresenter::save_dialog()
{
    const QString path = QFileDialog::getSaveFileName(
        panel_, tr("Save slice"), QStringLiteral("slice"),
        tr("Numbers: a folder (*);;Table (*.csv);;Picture (*.png);;Vector picture (*.svg)"));
    if (!path.isEmpty()) {
        save(path);
    }
}

void SlicePresenter::open_dialog()
{
    const QString folder = QFileDialog::getExistingDirectory(panel_, tr("Open a saved slice"));
    if (!folder.isEmpty()) {
        open(folder);
    }
}

void SlicePresenter::save(const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    if (report_.values.done == 0) {
        Q_EMIT failed(tr("There is no slice to save yet: compute one first"));
        return;
    }
    if (QStringList{QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("csv")}.contains(ending)) {
        const QString problem = panel_->chart().save(path);
        if (!problem.isEmpty()) {
            Q_EMIT failed(problem);
        }
        return;
    }
    try {
        save_slice(std::filesystem::path(path.toStdString()), *report_.spec, report_.values);
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
}

void SlicePresenter::open(const QString& folder)
{
    try {
        SliceJob job;
        job.saved = load_slice(std::filesystem::path(folder.toStdString()));
        job.objective = sliced_objective(controller_.spec());
        post(std::move(job));
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
}

}  // namespace basin
