// Everything that can be set about an experiment.
#pragma once

#include <QScrollArea>

class QLabel;

namespace basin {

class RunController;

/// Objective, lanes, start and measurements, one below the other.
class ExperimentPanel : public QScrollArea {
    Q_OBJECT

public:
    explicit ExperimentPanel(RunController& controller, QWidget* parent = nullptr);
    /// What there is to see, above everything; empty: nothing is said.
    void setAbout(const QString& text);

protected:
    /// As wide as its forms need, so that nothing is cut off at the side.
    QSize minimumSizeHint() const override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    QSize sizeHint() const override;

private:
    QLabel* about_;
};

}  // namespace basin
