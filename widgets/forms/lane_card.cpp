#include "widgets/forms/lane_card.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/optim/optimizer.h"
#include "widgets/bridge/run_controller.h"
#include "widgets/forms/fold_button.h"
#include "widgets/forms/icons.h"
#include "widgets/forms/lane_swatch.h"
#include "widgets/forms/notice_label.h"
#include "widgets/forms/param_form.h"
#include "widgets/plots/lane_style.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {
constexpr int kStripe = 3;
// Longer names would not fit beside the buttons of the narrowest dock.
constexpr int kLongestName = 20;
constexpr double kRound = 5;

QToolButton* small_button(const QString& name, const QString& tip)
{
    auto* button = new QToolButton;
    button->setAutoRaise(true);
    button->setObjectName(name);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    return button;
}
}  // namespace

LaneCard::LaneCard(RunController& controller, std::size_t index, bool open, QWidget* parent)
    : QFrame(parent), controller_(controller), index_(index)
{
    const LaneSpec& lane = controller_.spec().lanes[index_];
    const OptimizerEntry& optimizer = find_optimizer(lane.optimizer);
    setObjectName(QStringLiteral("lane%1").arg(index_));

    status_ = new NoticeLabel(NoticeLabel::Kind::warn);
    status_->setObjectName(QStringLiteral("status"));
    status_->hide();
    form_ = new ParamForm(lane.params.schema());
    auto* formula = new NoticeLabel(NoticeLabel::Kind::muted, QString::fromStdString(optimizer.formula));
    formula->setTextInteractionFlags(Qt::TextSelectableByMouse);
    formula->setToolTip(QString::fromStdString(optimizer.help + " " + optimizer.reference));
    formula->setVisible(!optimizer.formula.empty());

    body_ = new QWidget;
    auto* body = new QVBoxLayout(body_);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(6);
    body->addWidget(formula);
    body->addWidget(form_);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kStripe + 7, 5, 6, 6);
    layout->setSpacing(5);
    layout->addWidget(makeHeader());
    layout->addWidget(status_);
    layout->addWidget(body_);

    connect(form_, &ParamForm::edited, this,
            [this](const std::string& key, const ParamValue& value) { controller_.setLaneParam(index_, key, value); });
    setOpen(open);
    refresh();
    refreshStatus();
}

QWidget* LaneCard::makeHeader()
{
    const OptimizerEntry& optimizer = find_optimizer(controller_.spec().lanes[index_].optimizer);
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(5);

    fold_ = new FoldButton;
    fold_->setObjectName(QStringLiteral("fold"));
    fold_->setToolTip(tr("Show or hide the parameters"));
    fold_->setAccessibleName(fold_->toolTip());
    connect(fold_, &QToolButton::toggled, this, &LaneCard::setOpen);
    swatch_ = new LaneSwatch(controller_.lane(index_).style);
    name_ = new QLabel;
    QFont bold = name_->font();
    bold.setBold(true);
    name_->setFont(bold);
    name_->setToolTip(tr("%1. Double click to rename.").arg(QString::fromStdString(optimizer.help)));
    name_->installEventFilter(this);
    rename_ = new QLineEdit;
    rename_->setObjectName(QStringLiteral("rename"));
    rename_->setMaxLength(kLongestName);
    rename_->hide();
    rename_->installEventFilter(this);
    connect(rename_, &QLineEdit::editingFinished, this, [this] { finishRename(true); });

    eye_ = small_button(QStringLiteral("eye"), tr("Show or hide this lane in the pictures"));
    eye_->setCheckable(true);
    connect(eye_, &QToolButton::clicked, this, [this](bool on) { controller_.setLaneVisible(index_, on); });

    auto* more = small_button(QStringLiteral("more"), tr("Rename, duplicate, remove"));
    more->setIcon(icon(Icon::more));
    more->setPopupMode(QToolButton::InstantPopup);
    more->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    auto* menu = new QMenu(more);
    menu->addAction(tr("Rename"), this, &LaneCard::startRename)->setObjectName(QStringLiteral("renameLane"));
    // Queued: removing makes the cards anew, and this menu goes with them.
    QAction* duplicate = menu->addAction(tr("Duplicate"));
    duplicate->setObjectName(QStringLiteral("duplicateLane"));
    connect(
        duplicate, &QAction::triggered, &controller_, [this] { controller_.duplicateLane(index_); },
        Qt::QueuedConnection);
    QAction* remove = menu->addAction(tr("Remove"));
    remove->setObjectName(QStringLiteral("removeLane"));
    connect(
        remove, &QAction::triggered, &controller_, [this] { controller_.removeLane(index_); }, Qt::QueuedConnection);
    more->setMenu(menu);

    row->addWidget(fold_);
    row->addWidget(swatch_);
    row->addWidget(name_);
    row->addWidget(rename_, 1);
    row->addStretch();
    row->addWidget(eye_);
    row->addWidget(more);
    return header;
}

bool LaneCard::isOpen() const
{
    return fold_->isChecked();
}

void LaneCard::setOpen(bool open)
{
    fold_->setChecked(open);
    body_->setVisible(open);
}

void LaneCard::refresh()
{
    const LaneSpec& lane = controller_.spec().lanes[index_];
    const bool visible = controller_.lane(index_).visible;
    name_->setText(QString::fromStdString(lane.label));
    eye_->setChecked(visible);
    eye_->setIcon(icon(visible ? Icon::eye : Icon::eye_off));
    form_->setValues(lane.params);
    // fSGLD, coupled: beta decides sigma. The method says what is in force.
    if (lane.params.has("sigma")) {
        const OptimizerEntry& optimizer = find_optimizer(lane.optimizer);
        const double sigma = optimizer.measure ? optimizer.measure(lane.params, 0, 0).sigma : 0;
        form_->setDerived("sigma", QString::number(sigma, 'g', 6));
    }
    update();
}

void LaneCard::refreshStatus()
{
    const LaneStatus& status = controller_.lane(index_).status;
    QString text;
    if (status.state == LaneState::failed) {
        text = QString::fromStdString(status.message);
    } else if (status.escaped > 0) {
        text = tr("%1 of %2 particles escaped.").arg(count_text(status.escaped), count_text(controller_.spec().chains));
    } else if (status.phase == LanePhase::waiting_for_probe) {
        text = tr("Waits for a measurement.");
    }
    if (text != status_->text()) {
        status_->setText(text);
        status_->setVisible(!text.isEmpty());
    }
}

void LaneCard::startRename()
{
    rename_->setText(name_->text());
    name_->hide();
    rename_->show();
    rename_->setFocus();
    rename_->selectAll();
}

void LaneCard::finishRename(bool keep)
{
    if (rename_->isHidden()) {
        return;
    }
    const QString text = rename_->text();
    rename_->hide();
    name_->show();
    if (keep && text != name_->text()) {
        controller_.renameLane(index_, text);
    }
}

bool LaneCard::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == name_ && event->type() == QEvent::MouseButtonDblClick) {
        startRename();
        return true;
    }
    if (watched == rename_ && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        finishRename(false);
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

void LaneCard::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = Theme::of(*this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.grid, 1));
    painter.setBrush(theme.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRound, kRound);
    painter.setPen(Qt::NoPen);
    painter.setBrush(lane_style(controller_.lane(index_).style, theme.dark).color);
    painter.drawRoundedRect(QRectF(0, 0, kStripe + 1, height()), 2, 2);
}

}  // namespace basin
