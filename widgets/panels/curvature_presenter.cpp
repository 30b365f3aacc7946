#include "widgets/panels/curvature_presenter.h"

#include <QFileDialog>
#include <QWidget>
#include <algorithm>
#include <cmath>

#include "widgets/panels/lane_table.h"
#include "widgets/panels/sharpness_panel.h"
#include "widgets/panels/spectrum_panel.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

constexpr std::uint64_t kLookFrames = 10;  // of 60 a second: a progress bar that moves six times a second looks alive
constexpr double kMegabyte = 1e6;

QString cost_text(const ProbeCost& cost)
{
    QString text;
    if (cost.products > 0) {
        text += (cost.adaptive ? QStringLiteral(", up to %1 products") : QStringLiteral(", %1 products"))
                    .arg(count_text(cost.products));
    }
    if (const std::uint64_t bytes = cost.bytes + cost.kept_bytes; bytes > 0) {
        text += QStringLiteral(", %1 MB").arg(number_text(std::ceil(static_cast<double>(bytes) / kMegabyte), 6));
    }
    return text;
}

}  // namespace

CurvaturePresenter::CurvaturePresenter(RunController& controller, QWidget* owner)
    : QObject(owner),
      controller_(controller),
      spectrum_(new SpectrumPanel(owner)),
      sharpness_(new SharpnessPanel(owner)),
      spectrum_asking_{"hessian_spectrum", &spectrum_->controls()},
      sharpness_asking_{"sharpness", &sharpness_->controls()}
{
    connect(&controller_, &RunController::frameReady, this, &CurvaturePresenter::take_reports);
    connect(&controller_, &RunController::polled, this, &CurvaturePresenter::look);
    connect(&controller_, &RunController::runChanged, this, &CurvaturePresenter::begin_run);
    connect(&controller_, &RunController::lanesChanged, this, &CurvaturePresenter::arrange_lanes);
    connect(&controller_, &RunController::specChanged, this, &CurvaturePresenter::arrange_lanes);
    connect_controls(spectrum_asking_);
    connect_controls(sharpness_asking_);
    const auto hide_lane = [this](int curve) { toggle_lane(controller_, curve); };
    connect(&spectrum_->chart(), &SpectrumChart::curveClicked, this, hide_lane);
    connect(&sharpness_->chart(), &CurveChart::curveClicked, this, hide_lane);
    connect(spectrum_, &SpectrumPanel::saveVectorsAsked, this, &CurvaturePresenter::save_vectors);
    connect(&spectrum_->chart(), &SpectrumChart::saveFailed, this, &CurvaturePresenter::failed);
    connect(&sharpness_->chart(), &CurveChart::saveFailed, this, &CurvaturePresenter::failed);
    connect(&sharpness_->table(), &LaneTable::saveFailed, this, &CurvaturePresenter::failed);
    begin_run();
}

void CurvaturePresenter::connect_controls(Asking& asking)
{
    connect(asking.controls, &ProbeControls::measureAsked, this, [this, &asking] { ask(asking, true); });
    connect(asking.controls, &ProbeControls::cancelAsked, this,
            [this, &asking] { controller_.cancelMeasurements(asking.probe); });
}

void CurvaturePresenter::begin_run()
{
    reports_taken_ = 0;
    spectrum_asking_.asked = sharpness_asking_.asked = false;
    arrange_lanes();
    spectrum_->begin();
    sharpness_->begin(static_cast<double>(controller_.stepsPerEpoch()));
    take_reports();
}

void CurvaturePresenter::arrange_lanes()
{
    const std::vector<ShownLane> lanes = shown_lanes(controller_);
    spectrum_->set_lanes(lanes);
    sharpness_->set_lanes(lanes);
}

void CurvaturePresenter::take_reports()
{
    const std::vector<ProbeReport>& reports = controller_.reports();
    bool spectra = false;
    bool sharp = false;
    for (; reports_taken_ < reports.size(); ++reports_taken_) {
        const ProbeReport& report = reports[reports_taken_];
        if (report.key == spectrum_asking_.probe) {
            spectrum_->take(report);
            spectra = true;
        } else if (report.key == sharpness_asking_.probe) {
            sharpness_->take(report);
            sharp = true;
        }
    }
    if (spectra) {
        spectrum_->refresh();
    }
    if (sharp) {
        sharpness_->refresh();
    }
}

void CurvaturePresenter::look()
{
    if (++looks_ % kLookFrames != 0) {
        return;
    }
    const ProbeActivity activity = controller_.probeActivity();
    for (Asking* asking : {&spectrum_asking_, &sharpness_asking_}) {
        show_activity(*asking, activity);
        show_forecast(*asking);
        ask_again(*asking, activity);
    }
}

Params CurvaturePresenter::params_of(const Asking& asking, bool by_hand) const
{
    Params params = controller_.probeParams(asking.probe);
    if (params.has("eigenvectors")) {
        params.set("eigenvectors", by_hand && spectrum_->wants_vectors());
        if (spectrum_->wants_layers()) {
            params.set("layers", std::string("each"));
        }
    }
    return params;
}

void CurvaturePresenter::ask(Asking& asking, bool by_hand)
{
    asking.asked = true;
    asking.asked_step = controller_.step();
    controller_.measureNow(asking.probe, params_of(asking, by_hand));
}

void CurvaturePresenter::save_vectors()
{
    const QString folder = QFileDialog::getExistingDirectory(spectrum_, tr("Save eigenvectors into a folder"));
    const QString problem = folder.isEmpty() ? QString() : spectrum_->save_vectors(folder);
    if (!problem.isEmpty()) {
        Q_EMIT failed(problem);
    }
}

/// Nothing where it costs nothing, as on landscapes.
void CurvaturePresenter::show_forecast(Asking& asking)
{
    const auto estimate = controller_.measurementEstimate(asking.probe, params_of(asking, true));
    if (!estimate || estimate->cost.products == 0) {
        asking.controls->set_forecast({});
        return;
    }
    QString text = tr("A lane takes");
    if (estimate->seconds) {
        text +=
            (estimate->cost.adaptive ? tr(" up to about %1") : tr(" about %1")).arg(seconds_text(*estimate->seconds));
        text += cost_text(estimate->cost);
    } else {
        text += cost_text(estimate->cost).mid(1);  // less the comma
    }
    asking.controls->set_forecast(text);
}

/// Not while an earlier answer of any probe is still to come: a queue of states that are out of date helps nobody.
void CurvaturePresenter::ask_again(Asking& asking, const ProbeActivity& activity)
{
    const auto every = static_cast<std::uint64_t>(asking.controls->every());
    const bool running = controller_.state() == RunController::State::running;
    if (every == 0 || !running || activity.measuring) {
        return;
    }
    if (!asking.asked || controller_.step() >= asking.asked_step + every) {
        ask(asking, false);
    }
}

void CurvaturePresenter::show_activity(Asking& asking, const ProbeActivity& activity)
{
    if (!activity.measuring || activity.key != asking.probe) {
        asking.controls->set_activity({});
        return;
    }
    const std::vector<LaneSpec>& lanes = controller_.spec().lanes;
    QString text = activity.lane < lanes.size() ? QString::fromStdString(lanes[activity.lane].label) : QString();
    text += QStringLiteral(", step ") + count_text(activity.step) + cost_text(activity.cost);
    if (activity.seconds_needed) {
        const double needed = *activity.seconds_needed;
        text += QStringLiteral(", about %1 of %2 left")
                    .arg(seconds_text(std::max(0.0, needed - activity.seconds)), seconds_text(needed));
    }
    if (activity.waiting > 0) {
        text += QStringLiteral("; %1 more to come").arg(count_text(activity.waiting));
    }
    if (!activity.live) {
        text += QStringLiteral(" (scheduled)");
    }
    asking.controls->set_activity({text, activity.share, activity.live});
}

}  // namespace basin
