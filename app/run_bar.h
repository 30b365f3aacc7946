// The tool bar: run, pause, step, reset, speed, seed, device.
#pragma once

#include <QToolBar>

class QAction;
class QLabel;
class QLineEdit;
class QSlider;

namespace basin {

class RunController;

/// Controls of the run in hand; shows what it is doing.
class RunBar : public QToolBar {
    Q_OBJECT

public:
    explicit RunBar(RunController& controller, QWidget* parent = nullptr);

    QAction* runAction() const { return run_; }
    QAction* pauseAction() const { return pause_; }
    QAction* stepAction() const { return step_; }
    QAction* resetAction() const { return reset_; }
    QAction* diceAction() const { return dice_; }

private:
    void addRunActions();
    void addSpeed();
    void addSeed();
    void refresh();
    void enterSeed();

    RunController& controller_;
    QAction* run_;
    QAction* pause_;
    QAction* step_;
    QAction* reset_;
    QAction* dice_;
    QSlider* speed_;
    QLabel* speed_text_;
    QLineEdit* seed_;
};

}  // namespace basin
