// Everything that can be set about an experiment.
#pragma once

#include <QScrollArea>

namespace basin {

class RunController;

/// Objective, lanes, start and measurements, one below the other.
class ExperimentPanel : public QScrollArea {
    Q_OBJECT

public:
    explicit ExperimentPanel(RunController& controller, QWidget* parent = nullptr);

protected:
    /// As wide as its forms need, so that nothing is cut off at the side.
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;
};

}  // namespace basin
