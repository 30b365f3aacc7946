#include "app/panel_docks.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QStyleOptionDockWidget>
#include <QStylePainter>
#include <QTabWidget>
#include <algorithm>

#include "widgets/bridge/run_controller.h"
#include "widgets/forms/experiment_panel.h"
#include "widgets/panels/accuracy_panel.h"
#include "widgets/panels/compare_panel.h"
#include "widgets/panels/curvature_presenter.h"
#include "widgets/panels/loss_panel.h"
#include "widgets/panels/measure_panel.h"
#include "widgets/panels/network_view.h"
#include "widgets/panels/run_presenter.h"
#include "widgets/panels/sharpness_panel.h"
#include "widgets/panels/slice_panel.h"
#include "widgets/panels/slice_presenter.h"
#include "widgets/panels/spectrum_panel.h"
#include "widgets/plots/landscape_view.h"

namespace basin {

namespace {

// At 1440 x 900: a form without a scroll bar across, curves as wide as they are high, the map gets the rest.
constexpr int kExperimentWidth = 330;
constexpr int kCurvesWidth = 400;
constexpr int kLossHeight = 280;
constexpr int kMeasureHeight = 520;
constexpr int kCompareHeight = 130;

// The middle is what the window is for: where it is narrow, the docks beside it give way down to their least widths.
// This is enough for a map with its colour bar.
constexpr int kCentreWidth = 384;

enum Tab { kLandscape, kNetwork, kSlice };

/// Qt paints a dock's title in the font that the application had when the dock was made.
class Dock : public QDockWidget {
public:
    using QDockWidget::QDockWidget;

protected:
    void paintEvent(QPaintEvent* event) override
    {
        if (isFloating()) {
            QDockWidget::paintEvent(event);
            return;
        }
        QStylePainter painter(this);
        QStyleOptionDockWidget option;
        initStyleOption(&option);
        painter.drawControl(QStyle::CE_DockWidgetTitle, option);
    }
};

}  // namespace

PanelDocks::PanelDocks(RunController& controller, QMainWindow& window)
    : QObject(&window), controller_(controller), window_(window), centre_(new QTabWidget(&window))
{
    centre_->setObjectName(QStringLiteral("centre"));
    centre_->setDocumentMode(true);
    centre_->setMinimumWidth(kCentreWidth);
    window_.setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
    window_.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    window_.setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
    window_.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    addPanels();
    connect(&controller_, &RunController::specChanged, this, &PanelDocks::showKind);
}

QDockWidget* PanelDocks::add(const char* name, const QString& title, QWidget* content, Qt::DockWidgetArea area)
{
    auto* dock = new Dock(title);
    dock->setObjectName(QString::fromLatin1(name));
    dock->setWidget(content);
    window_.addDockWidget(area, dock);
    return dock;
}

void PanelDocks::addPanels()
{
    auto* run = new RunPresenter(controller_, centre_);
    auto* curvature = new CurvaturePresenter(controller_, centre_);
    auto* slices = new SlicePresenter(controller_, centre_);
    connect(run, &RunPresenter::failed, this, &PanelDocks::failed);
    connect(curvature, &CurvaturePresenter::failed, this, &PanelDocks::failed);
    connect(slices, &SlicePresenter::failed, this, &PanelDocks::failed);

    centre_->addTab(&run->landscape(), tr("Landscape"));
    centre_->addTab(&run->network(), tr("Network"));
    centre_->addTab(&slices->panel(), tr("Loss slice"));
    form_ = new ExperimentPanel(controller_);
    experiment_ = add("experimentDock", tr("Experiment"), form_, Qt::LeftDockWidgetArea);
    loss_ = add("lossDock", tr("Loss"), &run->loss(), Qt::RightDockWidgetArea);
    measure_ = add("measureDock", tr("Measure"), &run->measure(), Qt::RightDockWidgetArea);
    accuracy_ = add("accuracyDock", tr("Accuracy"), &run->accuracy(), Qt::RightDockWidgetArea);
    spectrum_ = add("spectrumDock", tr("Spectrum"), &curvature->spectrum(), Qt::RightDockWidgetArea);
    sharpness_ = add("sharpnessDock", tr("Sharpness"), &curvature->sharpness(), Qt::RightDockWidgetArea);
    window_.tabifyDockWidget(measure_, accuracy_);
    window_.tabifyDockWidget(accuracy_, spectrum_);
    window_.tabifyDockWidget(spectrum_, sharpness_);
    compare_ = add("compareDock", tr("Compare"), &run->compare(), Qt::BottomDockWidgetArea);
    window_.resizeDocks({experiment_, loss_}, {kExperimentWidth, kCurvesWidth}, Qt::Horizontal);
    window_.resizeDocks({loss_, measure_}, {kLossHeight, kMeasureHeight}, Qt::Vertical);
    window_.resizeDocks({compare_}, {kCompareHeight}, Qt::Vertical);
}

std::vector<QDockWidget*> PanelDocks::docks() const
{
    return {experiment_, loss_, measure_, accuracy_, spectrum_, sharpness_, compare_};
}

void PanelDocks::showAgain()
{
    shown_.clear();
    showKind();
}

void PanelDocks::showKind()
{
    const ExperimentSpec& spec = controller_.spec();
    const std::string experiment = spec.objective.kind + '/' + spec.name;
    if (experiment == shown_) {
        return;
    }
    shown_ = experiment;
    const bool landscape = spec.objective.kind == "landscape";
    centre_->setTabVisible(kLandscape, landscape);
    centre_->setTabVisible(kNetwork, !landscape);
    centre_->setTabVisible(kSlice, !landscape);
    centre_->setCurrentIndex(landscape ? kLandscape : kNetwork);
    measure_->setVisible(landscape);
    accuracy_->setVisible(!landscape);
    worthLooking().raise();
}

/// What the experiment measures by itself, else what its kind is about.
QDockWidget& PanelDocks::worthLooking() const
{
    const auto scheduled = [this](const char* key) {
        return std::any_of(controller_.spec().probes.begin(), controller_.spec().probes.end(),
                           [key](const ProbeSpec& probe) { return probe.every > 0 && probe.probe == key; });
    };
    if (controller_.spec().objective.kind == "landscape") {
        return *measure_;
    }
    const bool labels_lie = controller_.spec().objective.params.has("label_noise.kind") &&
                            controller_.spec().objective.params.text("label_noise.kind") != "none";
    if (labels_lie) {
        return *accuracy_;
    }
    return scheduled("sharpness") ? *sharpness_ : scheduled("hessian_spectrum") ? *spectrum_ : *accuracy_;
}

}  // namespace basin
