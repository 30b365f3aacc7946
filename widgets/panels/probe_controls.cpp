#include "widgets/panels/probe_controls.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/panels/wrap_layout.h"

namespace basin {

namespace {
constexpr int kSteps = 1000;  // of the progress bar
constexpr int kMostSteps = 100'000'000;
}  // namespace

ProbeControls::ProbeControls(const QString& name, QWidget* parent) : QWidget(parent)
{
    now_ = new QToolButton;
    now_->setObjectName(name + QStringLiteral("Now"));
    now_->setText(tr("Measure now"));
    now_->setToolTip(tr("Measures the newest state of every lane, beside the run and without touching it"));
    every_label_ = new QLabel(tr("again every"));
    every_ = new QSpinBox;
    every_->setObjectName(name + QStringLiteral("Every"));
    every_->setRange(0, kMostSteps);
    every_->setSingleStep(100);
    every_->setSuffix(tr(" steps"));
    every_->setSpecialValueText(tr("only now"));
    every_->setKeyboardTracking(false);
    every_->setToolTip(
        tr("Measures again after so many steps while the run goes on. What a replay must repeat is scheduled in the "
           "experiment's form, under Measurements"));
    every_label_->setBuddy(every_);

    text_ = new QLabel;
    text_->setObjectName(name + QStringLiteral("Activity"));
    text_->setWordWrap(true);
    progress_ = new QProgressBar;
    progress_->setObjectName(name + QStringLiteral("Progress"));
    progress_->setRange(0, kSteps);
    progress_->setTextVisible(false);
    progress_->setMaximumHeight(8);
    cancel_ = new QToolButton;
    cancel_->setObjectName(name + QStringLiteral("Cancel"));
    cancel_->setText(tr("Cancel"));
    cancel_->setToolTip(tr("Gives this measurement up; the run is not touched"));

    auto* asking = new WrapLayout(6);
    asking->addWidget(now_);
    auto* repeating = new QWidget;  // the box stays with what it is called
    auto* pair = new QHBoxLayout(repeating);
    pair->setContentsMargins(0, 0, 0, 0);
    pair->setSpacing(6);
    pair->addWidget(every_label_);
    pair->addWidget(every_);
    asking->addWidget(repeating);
    auto* doing = new QHBoxLayout;
    doing->setSpacing(6);
    doing->addWidget(text_, 1);
    doing->addWidget(cancel_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(asking);
    layout->addWidget(progress_);
    layout->addLayout(doing);

    connect(now_, &QToolButton::clicked, this, &ProbeControls::measureAsked);
    connect(cancel_, &QToolButton::clicked, this, &ProbeControls::cancelAsked);
    for (QWidget* part : std::initializer_list<QWidget*>{text_, progress_, cancel_}) {
        part->hide();
    }
}

void ProbeControls::set_activity(const Activity& activity)
{
    if (activity == shown_) {
        return;
    }
    shown_ = activity;
    const bool busy = !activity.text.isEmpty();
    text_->setText(activity.text);
    text_->setVisible(busy);
    progress_->setValue(static_cast<int>(activity.share * kSteps));
    progress_->setVisible(busy);
    cancel_->setVisible(busy && activity.may_cancel);
}

int ProbeControls::every() const
{
    return every_->value();
}

}  // namespace basin
