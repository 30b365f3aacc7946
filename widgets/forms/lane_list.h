// All lanes of the experiment.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

class QMenu;
class QVBoxLayout;

namespace basin {

class LaneCard;
class RunController;

/// A card for each lane, in order.
class LaneList : public QWidget {
    Q_OBJECT

public:
    explicit LaneList(RunController& controller, QWidget* parent = nullptr);
    /// Every optimizer of the catalog; choosing one adds a lane.
    QMenu* makeAddMenu(QWidget* parent);

private:
    void arrange();
    void refresh();
    void refreshStatus();

    RunController& controller_;
    QVBoxLayout* layout_;
    std::vector<LaneCard*> cards_;
    std::vector<int> styles_;  // of the cards, to tell whose they are
    std::vector<std::string> optimizers_;
};

}  // namespace basin
