#include "widgets/panels/probe_controls.h"

#include <QCheckBox>
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

    asking_ = new WrapLayout(6);
    asking_->addWidget(now_);
    auto* repeating = new QWidget;  // the box stays with what it is called
    auto* pair = new QHBoxLayout(repeating);
    pair->setContentsMargins(0, 0, 0, 0);
    pair->setSpacing(6);
    pair->addWidget(every_label_);
    pair->addWidget(every_);
    asking_->addWidget(repeating);
    auto* doing = new QHBoxLayout;
    doing->setSpacing(6);
    doing->addWidget(text_, 1);
    doing->addWidget(cancel_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(asking_);
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
    show_words();
    progress_->setValue(static_cast<int>(activity.share * kSteps));
    progress_->setVisible(busy);
    cancel_->setVisible(busy && activity.may_cancel);
}

void ProbeControls::set_forecast(const QString& text)
{
    if (text != forecast_) {
        forecast_ = text;
        show_words();
    }
}

void ProbeControls::show_words()
{
    const QString& words = shown_.text.isEmpty() ? forecast_ : shown_.text;
    text_->setText(words);
    text_->setVisible(!words.isEmpty());
}

QCheckBox* ProbeControls::add_option(const QString& name, const QString& text, const QString& help)
{
    auto* option = new QCheckBox(text);
    option->setObjectName(now_->objectName().chopped(3) + name);  // less "Now"
    option->setToolTip(help);
    asking_->addWidget(option);
    return option;
}

int ProbeControls::every() const
{
    return every_->value();
}

}  // namespace basin
