#include "app/run_bar.h"

#include <QLabel>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QRegularExpressionValidator>
#include <QSlider>
#include <QToolButton>

#include "app/device_button.h"
#include "app/pace_scale.h"
#include "widgets/bridge/run_controller.h"
#include "widgets/forms/icons.h"

namespace basin {

namespace {
constexpr int kIconSize = 18;
constexpr int kSpeedWidth = 130;
}  // namespace

RunBar::RunBar(RunController& controller, QWidget* parent)
    : QToolBar(tr("Run controls"), parent), controller_(controller)
{
    setObjectName(QStringLiteral("runBar"));
    setIconSize({kIconSize, kIconSize});
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setMovable(false);
    addRunActions();
    addSeparator();
    addSpeed();
    addSeparator();
    addSeed();
    auto* gap = new QWidget;
    gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(gap);
    addWidget(new DeviceButton(controller_, this));
    connect(&controller_, &RunController::stateChanged, this, &RunBar::refresh);
    connect(&controller_, &RunController::specChanged, this, &RunBar::refresh);
    connect(&controller_, &RunController::runChanged, this, &RunBar::refresh);
    refresh();
}

void RunBar::addRunActions()
{
    const auto add = [this](Icon shape, const QString& text, const QString& name, const QString& tip) {
        QAction* action = addAction(icon(shape), text);
        action->setObjectName(name);
        action->setToolTip(tip);
        action->setShortcutContext(Qt::WindowShortcut);
        return action;
    };
    run_ = add(Icon::run, tr("Run"), QStringLiteral("run"), tr("Run (Space)"));
    pause_ = add(Icon::pause, tr("Pause"), QStringLiteral("pause"), tr("Pause (Space)"));
    step_ = add(Icon::step, tr("Step"), QStringLiteral("step"), tr("One step of every lane (S)"));
    reset_ = add(Icon::reset, tr("Reset"), QStringLiteral("reset"), tr("Back to the first step (R)"));
    step_->setShortcuts({QKeySequence(Qt::Key_S)});
    reset_->setShortcut(QKeySequence(Qt::Key_R));
    connect(run_, &QAction::triggered, &controller_, &RunController::start);
    connect(pause_, &QAction::triggered, &controller_, &RunController::pause);
    connect(step_, &QAction::triggered, &controller_, &RunController::singleStep);
    connect(reset_, &QAction::triggered, &controller_, &RunController::reset);
}

void RunBar::addSpeed()
{
    auto* title = new QLabel(tr("Speed"));
    title->setContentsMargins(6, 0, 6, 0);
    addWidget(title);
    speed_ = new QSlider(Qt::Horizontal);
    speed_->setObjectName(QStringLiteral("speed"));
    speed_->setRange(0, PaceScale::places() - 1);
    speed_->setPageStep(3);
    speed_->setFixedWidth(kSpeedWidth);
    speed_->setToolTip(tr("Steps a second of every lane. Changes no result."));
    speed_->setAccessibleName(tr("Speed"));
    addWidget(speed_);
    speed_text_ = new QLabel;
    speed_text_->setObjectName(QStringLiteral("speedText"));
    speed_text_->setContentsMargins(6, 0, 6, 0);
    speed_text_->setMinimumWidth(speed_text_->fontMetrics().horizontalAdvance(PaceScale::text(0)) + 14);
    addWidget(speed_text_);
    connect(speed_, &QSlider::valueChanged, this, [this](int place) { controller_.setPace(PaceScale::pace(place)); });
}

void RunBar::addSeed()
{
    auto* title = new QLabel(tr("Seed"));
    title->setContentsMargins(6, 0, 6, 0);
    addWidget(title);
    seed_ = new QLineEdit;
    seed_->setObjectName(QStringLiteral("seed"));
    seed_->setAccessibleName(tr("Seed"));
    seed_->setToolTip(tr("Whole number from which all random numbers of the experiment come"));
    seed_->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{0,19}")), seed_));
    seed_->setFixedWidth(seed_->fontMetrics().horizontalAdvance(QStringLiteral("0000000000")) + 16);
    addWidget(seed_);
    connect(seed_, &QLineEdit::editingFinished, this, &RunBar::enterSeed);
    dice_ = addAction(icon(Icon::dice), tr("New seed"));
    dice_->setObjectName(QStringLiteral("dice"));
    dice_->setToolTip(tr("Another seed (D)"));
    dice_->setShortcut(QKeySequence(Qt::Key_D));
    static_cast<QToolButton*>(widgetForAction(dice_))->setToolButtonStyle(Qt::ToolButtonIconOnly);
    connect(dice_, &QAction::triggered, this,
            [this] { controller_.setSeed(QRandomGenerator::global()->bounded(100000)); });
}

void RunBar::enterSeed()
{
    bool whole = false;
    const quint64 seed = seed_->text().toULongLong(&whole);
    if (whole) {
        controller_.setSeed(seed);
    }
    refresh();
}

void RunBar::refresh()
{
    using State = RunController::State;
    const State state = controller_.state();
    const bool running = state == State::running;
    const bool ended = state == State::finished || state == State::stopped || state == State::failed;
    run_->setEnabled(!running && state != State::failed);
    run_->setText(ended ? tr("Run again") : tr("Run"));
    pause_->setEnabled(running);
    step_->setEnabled(state == State::ready || state == State::running || state == State::paused);
    // Space does what can be done.
    run_->setShortcut(running ? QKeySequence() : QKeySequence(Qt::Key_Space));
    pause_->setShortcut(running ? QKeySequence(Qt::Key_Space) : QKeySequence());
    {
        const QSignalBlocker quiet(speed_);
        speed_->setValue(PaceScale::place(controller_.pace()));
    }
    speed_text_->setText(PaceScale::text(controller_.pace()));
    if (!seed_->hasFocus() || !seed_->isModified()) {
        seed_->setText(QString::number(controller_.spec().seed));
    }
}

}  // namespace basin
