#include "widgets/panels/run_presenter.h"

#include <QWidget>
#include <algorithm>
#include <cmath>

#include "core/landscape/landscape.h"
#include "core/optim/optimizer.h"
#include "core/run/objectives.h"
#include "widgets/panels/accuracy_panel.h"
#include "widgets/panels/compare_panel.h"
#include "widgets/panels/lane_state.h"
#include "widgets/panels/lane_table.h"
#include "widgets/panels/loss_panel.h"
#include "widgets/panels/measure_bars.h"
#include "widgets/panels/measure_panel.h"
#include "widgets/panels/network_view.h"
#include "widgets/panels/shown_lane.h"
#include "widgets/plots/landscape_view.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

// Of 60 frames a second: curves that move 20 times a second look alive, numbers are read at no more than 6.
constexpr std::uint64_t kCurveFrames = 3;
constexpr std::uint64_t kTableFrames = 10;
constexpr qint64 kMeasureEvery = 500;      // ms
constexpr qint64 kMeasurePatience = 5000;  // ms until an answer is no longer waited for
constexpr const char* kMeasureProbe = "gibbs_distance";

QString value_text(const ParamValue& value)
{
    if (const auto* number = std::get_if<double>(&value)) {
        return number_text(*number);
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        return number_text(static_cast<double>(*whole), 9);
    }
    if (const auto* flag = std::get_if<bool>(&value)) {
        return *flag ? QStringLiteral("on") : QStringLiteral("off");
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        return QString::fromStdString(*text);
    }
    if (const auto* schedule = std::get_if<Schedule>(&value)) {
        return QStringLiteral("schedule from ") + number_text(schedule->value);
    }
    QStringList numbers;
    for (const double number : std::get<std::vector<double>>(value)) {
        numbers << number_text(number);
    }
    return numbers.isEmpty() ? QStringLiteral("none") : numbers.join(QStringLiteral(", "));
}

}  // namespace

RunPresenter::RunPresenter(RunController& controller, QWidget* owner)
    : QObject(owner),
      controller_(controller),
      landscape_(new LandscapeView(owner)),
      network_(new NetworkView(owner)),
      loss_(new LossPanel(owner)),
      measure_(new MeasurePanel(owner)),
      accuracy_(new AccuracyPanel(owner)),
      compare_(new ComparePanel(owner))
{
    connect(&controller_, &RunController::frameReady, this, &RunPresenter::frame);
    connect(&controller_, &RunController::polled, this, &RunPresenter::settle);
    connect(&controller_, &RunController::runChanged, this, &RunPresenter::begin_run);
    connect(&controller_, &RunController::lanesChanged, this, &RunPresenter::arrange_lanes);
    connect(&controller_, &RunController::specChanged, this, &RunPresenter::arrange_lanes);
    connect(&controller_, &RunController::stateChanged, this, &RunPresenter::show_table);
    connect(landscape_, &LandscapeView::pointChosen, &controller_, &RunController::restartAt);
    connect(landscape_, &LandscapeView::saveFailed, this, &RunPresenter::failed);
    connect(&measure_->bars(), &MeasureBars::saveFailed, this, &RunPresenter::failed);
    connect(&accuracy_->table(), &LaneTable::saveFailed, this, &RunPresenter::failed);
    connect(&compare_->table(), &LaneTable::saveFailed, this, &RunPresenter::failed);
    for (CurveChart* chart : charts()) {
        connect(chart, &CurveChart::saveFailed, this, &RunPresenter::failed);
        connect(chart, &CurveChart::curveClicked, this, [this](int curve) { toggle_lane(controller_, curve); });
        // A hover speaks on all charts that have the same x-axis.
        for (CurveChart* other : charts()) {
            if (other != chart) {
                connect(chart, &CurveChart::hovered, other, [chart, other](double x) {
                    if (std::isnan(x) || other->x_axis() == chart->x_axis()) {
                        other->showHover(x);
                    }
                });
            }
        }
    }
    since_measure_.start();
    begin_run();
}

std::vector<CurveChart*> RunPresenter::charts() const
{
    return {&loss_->chart(), &measure_->chart(), &accuracy_->chart(), &network_->loss(), &network_->accuracy()};
}

void RunPresenter::begin_run()
{
    const std::shared_ptr<const Landscape> landscape = controller_.landscape();
    rows_.clear();
    reports_taken_ = 0;
    changes_shown_ = 0;
    metrics_taken_ = 0;
    measure_pending_ = false;
    measured_step_ = 0;
    landscape_->set_landscape(landscape, landscape ? starts() : std::vector<Point>());
    measure_->begin(landscape);
    const std::vector<Minimum>* minima = landscape ? &landscape->minima() : nullptr;
    loss_->set_lowest(landscape ? std::optional<double>(minima->empty() ? 0.0 : minima->front().value) : std::nullopt);
    const auto steps_per_epoch = static_cast<double>(controller_.stepsPerEpoch());
    loss_->set_steps_per_epoch(steps_per_epoch);
    accuracy_->begin(controller_.metricKeys(), steps_per_epoch);
    const bool epochs = steps_per_epoch > 0;
    network_->accuracy().set_x_axis(epochs ? XAxis::epochs : XAxis::step, epochs ? 1 / steps_per_epoch : 1);
    arrange_lanes();
    show_summary();
    for (CurveChart* chart : charts()) {
        chart->set_marks({});
        chart->fit();
    }
    frame();
}

std::vector<Point> RunPresenter::starts() const
{
    std::vector<Point> points;
    for (const std::vector<double>& point : controller_.spec().start.points) {
        if (point.size() == 2) {
            points.push_back({point[0], point[1]});
        }
    }
    return points.empty() ? controller_.landscape()->suggestion().starts : points;
}

double RunPresenter::perturbation(std::size_t lane) const
{
    const ExperimentSpec& spec = controller_.spec();
    if (lane >= spec.lanes.size()) {
        return 0;
    }
    const LaneSpec& one = spec.lanes[lane];
    const std::uint64_t step = lane < controller_.laneCount() ? controller_.lane(lane).status.step : 0;
    return find_optimizer(one.optimizer).measure(one.params, step, controller_.totalSteps()).sigma;
}

void RunPresenter::arrange_lanes()
{
    const std::vector<ShownLane> lanes = shown_lanes(controller_);
    rows_.resize(lanes.size());
    std::vector<LandscapeLane> on_map;
    std::vector<MeasureRow> measured;
    std::vector<CurveView> curves;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto& [label, style, visible] = lanes[i];
        const double sigma = perturbation(i);
        on_map.push_back({label, style, visible, sigma});
        measured.push_back({label, style, visible, sigma, {}});
        curves.push_back({label, style, visible, rows_[i].series});
    }
    landscape_->set_lanes(on_map);
    measure_->set_lanes(measured);
    accuracy_->set_lanes(lanes);
    loss_->chart().set_curves(curves);
    network_->loss().set_curves(curves);
    show_memorised();
    show_table();
}

/// The middle has what the accuracy panel does not show first: labels learnt by heart, where some are wrong.
void RunPresenter::show_memorised()
{
    const std::vector<std::string>& keys = controller_.metricKeys();
    const std::string key =
        std::find(keys.begin(), keys.end(), "flipped_fitted") != keys.end() ? "flipped_fitted" : "test_accuracy";
    network_->accuracy().set_y_title(metric_name(key));
    network_->accuracy().set_curves(accuracy_->curves(key));
}

void RunPresenter::selectLane(int lane)
{
    landscape_->set_selected_lane(static_cast<std::size_t>(std::max(lane, 0)));
}

void RunPresenter::take_rows()
{
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const LaneHistory& history = controller_.lane(i).history;
        LossRows& rows = rows_[i];
        if (rows.generation != history.generation()) {
            rows.series->clear();
            rows.taken = 0;
            rows.generation = history.generation();
        }
        for (; rows.taken < history.size(); ++rows.taken) {
            const std::size_t k = rows.taken;
            rows.series->append(history.steps()[k], history.gradients()[k], history.seconds()[k], history.losses()[k]);
        }
    }
}

void RunPresenter::frame()
{
    curves_stale_ = numbers_stale_ = true;
    const bool on_plane = controller_.landscape() != nullptr;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const LaneView& view = controller_.lane(i);
        if (on_plane && view.snapshot != nullptr && view.snapshot->dim == 2) {
            landscape_->set_positions(i, view.snapshot->theta, view.snapshot_number, view.snapshot->escaped);
        }
    }
    const std::vector<ProbeReport>& reports = controller_.reports();
    const bool news = reports_taken_ < reports.size();
    for (; reports_taken_ < reports.size(); ++reports_taken_) {
        measure_->take(reports[reports_taken_]);
        measure_pending_ = measure_pending_ && !reports[reports_taken_].live;
    }
    if (news) {
        measure_->refresh();
    }
}

// Counts looks, not news: of a large network there is less than one a second.
void RunPresenter::settle()
{
    ++looks_;
    const bool rests = controller_.state() != RunController::State::running;
    if (curves_stale_ && (rests || looks_ % kCurveFrames == 0)) {
        curves_stale_ = false;
        show_curves();
    }
    if (numbers_stale_ && (rests || looks_ % kTableFrames == 0)) {
        numbers_stale_ = false;
        show_numbers();
    }
    watch_phases();
    if (controller_.landscape() != nullptr) {
        ask_for_measure();
    }
}

// While a lane is evaluated no frame comes: nothing moves.
void RunPresenter::watch_phases()
{
    std::vector<LanePhase> phases;
    for (std::size_t i = 0; i < controller_.laneCount(); ++i) {
        phases.push_back(noticeable_phase(controller_.lane(i).status));
    }
    if (phases != phases_) {
        show_table();
    }
}

void RunPresenter::show_curves()
{
    take_rows();
    loss_->chart().refresh();
    network_->loss().refresh();
    show_marks();
}

void RunPresenter::show_numbers()
{
    show_table();
    std::size_t metrics = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        metrics += controller_.lane(i).metrics.size();
        accuracy_->take(i, controller_.lane(i).metrics);
    }
    if (metrics != metrics_taken_) {
        metrics_taken_ = metrics;
        accuracy_->refresh();
        show_memorised();
    }
}

void RunPresenter::ask_for_measure()
{
    const qint64 waited = since_measure_.elapsed();
    if (!measure_->isVisible() || waited < kMeasureEvery || (measure_pending_ && waited < kMeasurePatience)) {
        return;
    }
    // A run that stands still is measured once.
    const std::uint64_t step = controller_.step();
    if (step == measured_step_ && controller_.state() != RunController::State::running && !measure_->rows().empty() &&
        measure_->rows().front().newest.measured) {
        return;
    }
    measured_step_ = step;
    measure_pending_ = true;
    since_measure_.restart();
    controller_.measureNow(kMeasureProbe, controller_.probeParams(kMeasureProbe));
}

void RunPresenter::show_marks()
{
    const std::vector<ChangeSpec>& changes = controller_.changes();
    if (changes.size() == changes_shown_) {
        return;
    }
    changes_shown_ = changes.size();
    std::vector<CurveMark> marks;
    for (const ChangeSpec& change : changes) {
        if (change.lane >= controller_.spec().lanes.size()) {
            continue;
        }
        const LaneSpec& lane = controller_.spec().lanes[change.lane];
        QString name = QString::fromStdString(change.key);
        for (const ParamSpec& param : lane.params.schema()) {
            if (param.key == change.key && !param.symbol.empty()) {
                name = QString::fromStdString(param.symbol);
            }
        }
        marks.push_back(
            {change.lane, static_cast<double>(change.step),
             QStringLiteral("%1: %2 = %3 from step %4")
                 .arg(QString::fromStdString(lane.label), name, value_text(change.value), count_text(change.step))});
    }
    loss_->chart().set_marks(marks);
    network_->loss().set_marks(marks);
}

void RunPresenter::show_table()
{
    std::vector<CompareRow> rows;
    phases_.clear();
    const std::vector<ShownLane> lanes = shown_lanes(controller_);
    const RunController::State run = controller_.state();
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const LaneStatus& status = controller_.lane(i).status;
        CompareRow row;
        row.label = lanes[i].label;
        row.style = lanes[i].style;
        row.visible = lanes[i].visible;
        row.failed = status.state == LaneState::failed;
        phases_.push_back(noticeable_phase(status));
        row.state = lane_state_text(status, run);
        row.message = QString::fromStdString(status.message);
        row.steps = status.step;
        row.gradients = status.counts.gradients;
        row.loss = status.loss;
        if (controller_.spec().objective.kind != "network") {
            row.escaped = status.escaped;
        }
        row.seconds = status.seconds;
        rows.push_back(row);
    }
    compare_->set_rows(rows);
}

void RunPresenter::show_summary()
{
    const ObjectiveSpec& objective = controller_.spec().objective;
    if (objective.kind != "network") {
        return;
    }
    const ObjectiveEntry& entry = find_objective(objective.kind, objective.key);
    std::vector<std::pair<QString, QString>> facts;
    for (const ParamSpec& param : objective.params.schema()) {
        // What does not apply is no fact: two moons have no folder, pictures no noise of the points.
        const bool applies = holds(param.enabled_if, [&objective](const std::string& key) {
            return objective.params.has(key) ? &objective.params.value(key) : nullptr;
        });
        QString text = value_text(objective.params.value(param.key));
        if (!applies || text.isEmpty()) {
            continue;
        }
        if (param.type == ParamType::choice) {
            text.replace('_', ' ');
        } else if (param.key == "train_size" && text == QLatin1String("0")) {
            text = QStringLiteral("all");  // as the form's help says
        }
        facts.emplace_back(QString::fromStdString(param.label), text);
    }
    network_->set_summary(QString::fromStdString(entry.label), QString::fromStdString(entry.help), facts);
}

}  // namespace basin
