// The line at the bottom: speeds, device, memory.
#pragma once

#include <QStatusBar>
#include <QTimer>

class QLabel;

namespace basin {

class FrameMeter;
class RunController;

/// Refreshed twice a second. Temporary messages appear at its left.
class StatusLine : public QStatusBar {
    Q_OBJECT

public:
    StatusLine(RunController& controller, const FrameMeter* meter, QWidget* parent = nullptr);

private:
    void refresh();
    QString stateText() const;
    /// What the lanes are at instead of stepping; empty where they step.
    QString phaseText() const;

    RunController& controller_;
    const FrameMeter* meter_;
    QTimer timer_;
    QLabel* state_;
    QLabel* speed_;
    QLabel* frames_;
    QLabel* device_;
    QLabel* memory_;
};

/// "412 k", "1.5 M": three digits at most.
QString short_count(double count);

}  // namespace basin
