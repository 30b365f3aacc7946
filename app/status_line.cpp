#include "app/status_line.h"

#include <QFile>
#include <QLabel>
#include <array>
#include <cmath>

#include "widgets/bridge/frame_meter.h"
#include "widgets/bridge/run_controller.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

constexpr int kRefreshMilliseconds = 500;

/// Resident memory in MiB; 0 where the system does not say.
double resident_megabytes()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("VmRSS:")) {
            return line.mid(6).trimmed().split(' ').front().toDouble() / 1024;
        }
    }
    return 0;
}

}  // namespace

QString short_count(double count)
{
    static constexpr std::array<const char*, 4> kUnits{"", " k", " M", " G"};
    std::size_t unit = 0;
    while (count >= 999.5 && unit + 1 < kUnits.size()) {
        count /= 1000;
        ++unit;
    }
    // A large network does less than a step a second: 0 would say that it stands still.
    const bool few = unit == 0 && count < 9.95 && count != std::floor(count);
    const int decimals = few ? 1 : unit == 0 || count >= 99.95 ? 0 : count >= 9.995 ? 1 : 2;
    return QString::number(count, 'f', decimals) + QLatin1String(kUnits.at(unit));
}

StatusLine::StatusLine(RunController& controller, const FrameMeter* meter, QWidget* parent)
    : QStatusBar(parent), controller_(controller), meter_(meter)
{
    setObjectName(QStringLiteral("statusLine"));
    setSizeGripEnabled(false);
    const auto add = [this](const QString& name, const QString& tip) {
        auto* label = new QLabel;
        label->setObjectName(name);
        label->setToolTip(tip);
        label->setContentsMargins(8, 0, 8, 0);
        addPermanentWidget(label);
        return label;
    };
    state_ = new QLabel;
    state_->setObjectName(QStringLiteral("stateText"));
    state_->setContentsMargins(8, 0, 8, 0);
    addWidget(state_);
    speed_ = add(QStringLiteral("stepsPerSecond"), tr("Steps a second of all lanes together"));
    frames_ = add(QStringLiteral("framesPerSecond"), tr("Frames a second of this window"));
    device_ = add(QStringLiteral("deviceText"), tr("What computes"));
    memory_ = add(QStringLiteral("memory"), tr("Memory that this program holds"));
    timer_.setInterval(kRefreshMilliseconds);
    connect(&timer_, &QTimer::timeout, this, &StatusLine::refresh);
    connect(&controller_, &RunController::stateChanged, this, &StatusLine::refresh);
    connect(&controller_, &RunController::deviceChanged, this, &StatusLine::refresh);
    timer_.start();
    refresh();
}

QString StatusLine::phaseText() const
{
    for (std::size_t i = 0; i < controller_.laneCount(); ++i) {
        const LaneStatus& lane = controller_.lane(i).status;
        switch (noticeable_phase(lane)) {
            case LanePhase::evaluating:
                return tr("evaluating %1: %2 %")
                    .arg(QString::fromStdString(lane.label), QString::number(std::floor(100 * lane.evaluated)));
            case LanePhase::waiting_for_probe:
                return tr("waiting for a measurement");
            case LanePhase::stepping:
            case LanePhase::waiting:
                break;
        }
    }
    return {};
}

QString StatusLine::stateText() const
{
    using State = RunController::State;
    const QString phase = phaseText();
    const QString step = count_text(controller_.step());
    const QString of =
        controller_.totalSteps() == 0 ? QString() : tr(" of %1").arg(count_text(controller_.totalSteps()));
    switch (controller_.state()) {
        case State::loading:
            return tr("Loading…");
        case State::ready:
            return phase.isEmpty() ? tr("Ready") : tr("Step %1%2, %3").arg(step, of, phase);
        case State::running:
            return phase.isEmpty() ? tr("Running, step %1%2").arg(step, of) : tr("Step %1%2, %3").arg(step, of, phase);
        case State::paused:
            return tr("Paused at step %1%2").arg(step, of);
        case State::finished:
            return tr("Finished at step %1").arg(step);
        case State::stopped:
            return tr("Stopped at step %1").arg(step);
        case State::failed:
            return tr("Failed");
    }
    return {};
}

void StatusLine::refresh()
{
    const bool running = controller_.state() == RunController::State::running;
    state_->setText(stateText());
    speed_->setText(tr("%1 steps/s").arg(short_count(running ? controller_.stepsPerSecond() : 0)));
    frames_->setText(tr("%1 frames/s").arg(std::lround(meter_ ? meter_->framesPerSecond() : 0)));
    frames_->setVisible(meter_ != nullptr);
    device_->setText(
        controller_.device() == controller_.runDevice()
            ? controller_.backendName()
            : tr("%1, next start: %2")
                  .arg(controller_.backendName(), controller_.device() == Device::cpu ? tr("CPU") : tr("GPU")));
    const QString need = controller_.memoryNeed();
    device_->setToolTip(need.isEmpty() ? tr("What computes") : tr("What computes. This run needs %1.").arg(need));
    memory_->setText(tr("%1 MB").arg(std::lround(resident_megabytes())));
}

}  // namespace basin
