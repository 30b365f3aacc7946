#include "app/device_button.h"

#include <QActionGroup>
#include <QMenu>
#include <QThread>

#include "widgets/bridge/run_controller.h"

namespace basin {

DeviceButton::DeviceButton(RunController& controller, QWidget* parent) : QToolButton(parent), controller_(controller)
{
    setObjectName(QStringLiteral("device"));
    setPopupMode(QToolButton::InstantPopup);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    menu_ = new QMenu(this);
    menu_->setToolTipsVisible(true);
    choices_ = new QActionGroup(menu_);
    all_cores_ = addCpu(tr("CPU, all cores"), 0);
    cpu_ = all_cores_;
    for (int count = 1; count <= QThread::idealThreadCount(); count *= 2) {
        addCpu(count == 1 ? tr("CPU, 1 thread") : tr("CPU, %1 threads").arg(count), count);
    }
    menu_->addSeparator();
    gpu_ = menu_->addAction(tr("GPU"));
    gpu_->setObjectName(QStringLiteral("gpu"));
    gpu_->setCheckable(true);
    choices_->addAction(gpu_);
    connect(gpu_, &QAction::triggered, &controller_, [this] { controller_.setDevice(Device::cuda); });
    reason_ = menu_->addAction(QString());
    reason_->setObjectName(QStringLiteral("gpuReason"));
    reason_->setEnabled(false);
    setMenu(menu_);
    connect(&controller_, &RunController::devicesFound, this, &DeviceButton::refresh);
    connect(&controller_, &RunController::deviceChanged, this, &DeviceButton::refresh);
    connect(&controller_, &RunController::runChanged, this, &DeviceButton::refresh);
    connect(&controller_, &RunController::stateChanged, this, &DeviceButton::refresh);
    refresh();
}

QAction* DeviceButton::addCpu(const QString& text, int threads)
{
    QAction* action = menu_->addAction(text);
    action->setCheckable(true);
    choices_->addAction(action);
    connect(action, &QAction::triggered, this, [this, action, threads] {
        cpu_ = action;
        controller_.setDevice(Device::cpu);
        controller_.setThreads(threads);
    });
    return action;
}

void DeviceButton::refresh()
{
    const std::optional<DeviceInfo>& gpu = controller_.gpu();
    const bool usable = gpu && gpu->usable;
    const QString reason = !gpu ? tr("looking for it…") : usable ? QString() : QString::fromStdString(gpu->reason);
    gpu_->setText(gpu && !gpu->name.empty() ? QString::fromStdString(gpu->name) : tr("GPU"));
    gpu_->setEnabled(usable);
    gpu_->setToolTip(usable ? tr("Runs from the next start on compute on this GPU.")
                            : tr("Runs cannot compute on a GPU: %1.").arg(reason));
    reason_->setText(tr("No GPU: %1").arg(reason));
    reason_->setVisible(!usable);
    (controller_.device() == Device::cpu ? cpu_ : gpu_)->setChecked(true);

    setText(controller_.backendName().isEmpty() ? tr("CPU") : controller_.backendName());
    const bool waits = controller_.device() != controller_.runDevice();
    const QString next = controller_.device() == Device::cpu ? tr("the CPU") : gpu_->text();
    setToolTip(waits ? tr("What computes; the next start is on %1").arg(next)
                     : tr("What computes, and with how many threads"));
}

}  // namespace basin
