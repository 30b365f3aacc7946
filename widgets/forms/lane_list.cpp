#include "widgets/forms/lane_list.h"

#include <QMenu>
#include <QVBoxLayout>
#include <map>

#include "core/optim/optimizer.h"
#include "widgets/bridge/run_controller.h"
#include "widgets/forms/lane_card.h"

namespace basin {

LaneList::LaneList(RunController& controller, QWidget* parent)
    : QWidget(parent), controller_(controller), layout_(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("laneList"));
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(6);
    connect(&controller_, &RunController::lanesChanged, this, &LaneList::arrange);
    connect(&controller_, &RunController::specChanged, this, &LaneList::refresh);
    connect(&controller_, &RunController::frameReady, this, &LaneList::refreshStatus);
    connect(&controller_, &RunController::runChanged, this, &LaneList::refreshStatus);
    arrange();
}

QMenu* LaneList::makeAddMenu(QWidget* parent)
{
    auto* menu = new QMenu(parent);
    menu->setToolTipsVisible(true);
    for (const OptimizerEntry* entry : optimizer_entries()) {
        QAction* action = menu->addAction(QString::fromStdString(entry->label));
        action->setObjectName(QStringLiteral("add_") + QString::fromStdString(entry->key));
        action->setToolTip(QString::fromStdString(entry->help));
        connect(action, &QAction::triggered, this, [this, key = entry->key] { controller_.addLane(key); });
    }
    return menu;
}

void LaneList::arrange()
{
    std::vector<int> styles;
    std::vector<std::string> optimizers;
    for (std::size_t lane = 0; lane < controller_.laneCount(); ++lane) {
        styles.push_back(controller_.lane(lane).style);
        optimizers.push_back(controller_.spec().lanes[lane].optimizer);
    }
    if (styles == styles_ && optimizers == optimizers_) {
        refresh();
        return;
    }
    // A card stays open when its lane is still there; a lane that was added opens, of a new set the first.
    std::map<int, bool> open;
    for (std::size_t card = 0; card < cards_.size(); ++card) {
        open[styles_[card]] = cards_[card]->isOpen();
        layout_->removeWidget(cards_[card]);
        cards_[card]->hide();
        cards_[card]->deleteLater();
    }
    const bool added = styles.size() == styles_.size() + 1 && !cards_.empty();
    cards_.clear();
    for (std::size_t lane = 0; lane < styles.size(); ++lane) {
        const auto before = open.find(styles[lane]);
        const bool unfold = before != open.end() ? before->second : added || (open.empty() && lane == 0);
        cards_.push_back(new LaneCard(controller_, lane, unfold));
        layout_->addWidget(cards_.back());
    }
    styles_ = styles;
    optimizers_ = optimizers;
}

void LaneList::refresh()
{
    // Between specChanged and lanesChanged the cards may be of other lanes.
    if (cards_.size() != controller_.laneCount()) {
        return;
    }
    for (std::size_t lane = 0; lane < cards_.size(); ++lane) {
        if (optimizers_[lane] == controller_.spec().lanes[lane].optimizer) {
            cards_[lane]->refresh();
        }
    }
}

void LaneList::refreshStatus()
{
    for (std::size_t lane = 0; lane < cards_.size() && lane < controller_.laneCount(); ++lane) {
        cards_[lane]->refreshStatus();
    }
}

}  // namespace basin
