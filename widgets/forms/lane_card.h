// One lane in the list: its look, name, buttons and parameters.
#pragma once

#include <QFrame>
#include <cstddef>

class QLabel;
class QLineEdit;
class QToolButton;

namespace basin {

class NoticeLabel;
class ParamForm;
class RunController;

/// Shows and edits lane `index` of the controller's experiment; made anew when lanes come or go.
class LaneCard : public QFrame {
    Q_OBJECT

public:
    LaneCard(RunController& controller, std::size_t index, bool open, QWidget* parent = nullptr);
    bool isOpen() const;
    void setOpen(bool open);
    /// Brings label, visibility and values into the controls.
    void refresh();
    /// What the run says of the lane: why it failed, how many particles are lost.
    void refreshStatus();

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHeader();
    void startRename();
    void finishRename(bool keep);

    RunController& controller_;
    std::size_t index_;
    QToolButton* fold_;
    QWidget* swatch_;
    QLabel* name_;
    QLineEdit* rename_;
    QToolButton* eye_;
    QWidget* body_;
    ParamForm* form_;
    NoticeLabel* status_;
};

}  // namespace basin
