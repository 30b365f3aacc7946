// What computes: the CPU with so many threads, or a GPU.
#pragma once

#include <QToolButton>

class QAction;
class QActionGroup;
class QMenu;

namespace basin {

class RunController;

/// Shows what the run in hand computes on and offers what there is. A GPU that cannot be used is there too, with the
/// reason. A choice of another device acts at the next start, one of threads at once. Window's thread only.
class DeviceButton : public QToolButton {
    Q_OBJECT

public:
    explicit DeviceButton(RunController& controller, QWidget* parent = nullptr);

private:
    QAction* addCpu(const QString& text, int threads);
    void refresh();

    RunController& controller_;
    QMenu* menu_;
    QActionGroup* choices_;
    QAction* all_cores_;
    QAction* cpu_ = nullptr;  // the last of the CPU's that was chosen
    QAction* gpu_;
    QAction* reason_;
};

}  // namespace basin
