#include "widgets/forms/experiment_panel.h"

#include <QEvent>
#include <QMenu>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/bridge/run_controller.h"
#include "widgets/forms/icons.h"
#include "widgets/forms/lane_list.h"
#include "widgets/forms/notice_label.h"
#include "widgets/forms/objective_form.h"
#include "widgets/forms/probe_form.h"
#include "widgets/forms/section.h"
#include "widgets/forms/start_form.h"

namespace basin {

namespace {
constexpr int kMargin = 10;
}

ExperimentPanel::ExperimentPanel(RunController& controller, QWidget* parent) : QScrollArea(parent)
{
    setObjectName(QStringLiteral("experimentPanel"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto* lanes = new LaneList(controller);
    auto* add = new QToolButton;
    add->setObjectName(QStringLiteral("addLane"));
    add->setIcon(icon(Icon::plus));
    add->setText(tr("Add"));
    add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add->setToolTip(tr("Add a lane with another optimizer"));
    add->setPopupMode(QToolButton::InstantPopup);
    add->setMenu(lanes->makeAddMenu(add));
    auto* lane_section = new Section(tr("Lanes"), lanes, true);
    lane_section->addHeaderWidget(add);

    about_ = new NoticeLabel(NoticeLabel::Kind::muted);
    about_->setObjectName(QStringLiteral("about"));
    about_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    about_->hide();

    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->setSpacing(12);
    layout->addWidget(about_);
    layout->addWidget(new Section(tr("Objective"), new ObjectiveForm(controller), true));
    layout->addWidget(lane_section);
    layout->addWidget(new Section(tr("Start and length"), new StartForm(controller), false));
    layout->addWidget(new Section(tr("Measurements"), new ProbeForm(controller), false));
    layout->addStretch();
    setWidget(content);
}

/// The dock beside must know when the form in it needs another width: it does not scroll sideways.
bool ExperimentPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest) {
        updateGeometry();
    }
    return QScrollArea::eventFilter(watched, event);
}

void ExperimentPanel::setAbout(const QString& text)
{
    about_->setText(text);
    about_->setVisible(!text.isEmpty());
}

QSize ExperimentPanel::minimumSizeHint() const
{
    const int bar = verticalScrollBar()->sizeHint().width();
    return {widget()->minimumSizeHint().width() + bar, 120};
}

QSize ExperimentPanel::sizeHint() const
{
    const int bar = verticalScrollBar()->sizeHint().width();
    return {widget()->sizeHint().width() + bar, widget()->sizeHint().height()};
}

}  // namespace basin
