#include "widgets/panels/loss_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

#include "widgets/plots/number_text.h"

namespace basin {

namespace {

// Four places of the slider a decade.
std::size_t window_of(int place)
{
    return place <= 0 ? 1 : static_cast<std::size_t>(std::lround(std::pow(10.0, place / 4.0)));
}

QString smoothing_text(std::size_t window)
{
    return window == 1 ? QStringLiteral("every row")
                       : QStringLiteral("mean of ") + short_count_text(static_cast<double>(window));
}

}  // namespace

LossPanel::LossPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("lossPanel"));
    chart_ = new CurveChart;
    chart_->setObjectName(QStringLiteral("lossChart"));
    chart_->setAccessibleName(QStringLiteral("Loss"));
    chart_->set_empty_text(QStringLiteral("The loss of every lane appears here with its first steps."));

    logarithmic_ = new QCheckBox(QStringLiteral("Log"));
    logarithmic_->setObjectName(QStringLiteral("lossLogarithmic"));
    logarithmic_->setToolTip(QStringLiteral("Logarithmic loss axis"));
    logarithmic_->setChecked(true);

    axis_ = new QComboBox;
    axis_->setObjectName(QStringLiteral("lossAxis"));
    axis_->setToolTip(
        QStringLiteral("What runs along the x-axis; with gradient evaluations, methods that take two a "
                       "step (SAM) are compared at equal cost"));
    axis_->setSizeAdjustPolicy(QComboBox::AdjustToContents);

    smoothing_ = new QSlider(Qt::Horizontal);
    smoothing_->setObjectName(QStringLiteral("lossSmoothing"));
    smoothing_->setRange(0, kSmoothest);
    smoothing_->setToolTip(QStringLiteral("Curves as the mean of their last recorded rows; the rows stay behind them"));
    smoothing_->setMinimumWidth(40);
    smoothing_text_ = new QLabel;

    auto* fit = new QToolButton;
    fit->setObjectName(QStringLiteral("lossFit"));
    fit->setText(QStringLiteral("Fit"));
    fit->setAutoRaise(true);
    fit->setToolTip(QStringLiteral("Show all and follow (double click, F)"));

    auto* controls = new QHBoxLayout;
    controls->setContentsMargins(6, 4, 4, 0);
    controls->setSpacing(5);
    controls->addWidget(logarithmic_);
    controls->addWidget(axis_);
    controls->addWidget(smoothing_, 1);
    controls->addWidget(smoothing_text_);
    controls->addWidget(fit);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(controls);
    layout->addWidget(chart_, 1);

    connect(logarithmic_, &QCheckBox::toggled, this, &LossPanel::apply);
    connect(axis_, &QComboBox::currentIndexChanged, this, &LossPanel::apply);
    connect(smoothing_, &QSlider::valueChanged, this, &LossPanel::apply);
    connect(fit, &QToolButton::clicked, chart_, &CurveChart::fit);
    set_steps_per_epoch(0);
    keep_room();
    apply();
}

/// The text beside the slider must not push it about.
void LossPanel::keep_room()
{
    smoothing_text_->setMinimumWidth(fontMetrics().horizontalAdvance(smoothing_text(window_of(kSmoothest))));
}

void LossPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        keep_room();
    }
}

void LossPanel::set_lowest(std::optional<double> lowest)
{
    lowest_ = lowest;
    apply();
}

void LossPanel::set_steps_per_epoch(double steps)
{
    if (axis_->count() > 0 && steps == steps_per_epoch_) {
        return;
    }
    steps_per_epoch_ = steps;
    const QVariant before = axis_->currentData();
    const QSignalBlocker blocker(axis_);
    axis_->clear();
    const auto add = [this](const QString& text, XAxis axis) { axis_->addItem(text, static_cast<int>(axis)); };
    add(QStringLiteral("Steps"), XAxis::step);
    add(QStringLiteral("Gradients"), XAxis::gradients);
    if (steps > 0) {
        add(QStringLiteral("Epochs"), XAxis::epochs);
    }
    add(QStringLiteral("Seconds"), XAxis::seconds);
    axis_->setCurrentIndex(std::max(0, axis_->findData(before)));
    apply();
}

std::size_t LossPanel::window() const
{
    return window_of(smoothing_->value());
}

void LossPanel::setLogarithmic(bool on)
{
    logarithmic_->setChecked(on);
}

void LossPanel::setSmoothing(int place)
{
    smoothing_->setValue(place);
}

void LossPanel::apply()
{
    const bool logarithmic = logarithmic_->isChecked();
    const auto axis = static_cast<XAxis>(axis_->currentData().toInt());
    chart_->set_x_axis(axis, axis == XAxis::epochs && steps_per_epoch_ > 0 ? 1 / steps_per_epoch_ : 1);
    chart_->set_logarithmic(logarithmic, lowest_.value_or(0));
    if (lowest_) {
        chart_->set_y_title(logarithmic ? QStringLiteral("mean loss above min u") : QStringLiteral("mean loss"),
                            logarithmic ? QStringLiteral("loss − min u") : QStringLiteral("loss"));
    } else {
        chart_->set_y_title(QStringLiteral("mini-batch loss"), QStringLiteral("loss"));
    }
    chart_->set_window(window());
    smoothing_text_->setText(smoothing_text(window()));
}

}  // namespace basin
