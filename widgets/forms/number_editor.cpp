#include "widgets/forms/number_editor.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <cmath>
#include <variant>

#include "widgets/forms/icons.h"
#include "widgets/forms/schedule_popup.h"
#include "widgets/forms/wheel_guard.h"

namespace basin {

namespace {

// Wide enough for "0.469342" or "-1.5e-08".
constexpr int kLineCharacters = 9;

double as_double(const ParamValue& value)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        return static_cast<double>(*whole);
    }
    if (const auto* schedule = std::get_if<Schedule>(&value)) {
        return schedule->value;
    }
    return std::get<double>(value);
}

}  // namespace

NumberEditor::NumberEditor(const ParamSpec& spec, QWidget* parent)
    : ParamEditor(spec, parent), scale_(SliderScale::of(spec)), line_(new QLineEdit)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    const QString name = QString::fromStdString(spec.label);
    if (scale_) {
        slider_ = new QSlider(Qt::Horizontal);
        slider_->setRange(0, SliderScale::kPlaces);
        slider_->setPageStep(SliderScale::kPlaces / 20);
        slider_->setObjectName(QStringLiteral("slider"));
        slider_->setAccessibleName(name);
        slider_->setMinimumWidth(48);
        guard_wheel(slider_);
        layout->addWidget(slider_, 1);
        connect(slider_, &QSlider::valueChanged, this, [this](int place) {
            enter(scale_->value(place));
            line_->setText(QString::fromStdString(format_number(as_double(value()))));
        });
    }
    line_->setObjectName(QStringLiteral("line"));
    line_->setAccessibleName(name);
    line_->installEventFilter(this);
    setFocusProxy(line_);
    layout->addWidget(line_, slider_ ? 0 : 1);
    sizeLine();
    if (spec.live && spec.type == ParamType::number) {
        schedule_ = new QToolButton;
        schedule_->setObjectName(QStringLiteral("schedule"));
        schedule_->setIcon(icon(Icon::schedule));
        schedule_->setAutoRaise(true);
        schedule_->setCheckable(true);
        schedule_->setToolTip(tr("Let it move with the step: steps, cosine, warm-up"));
        schedule_->setAccessibleName(tr("Schedule of %1").arg(name));
        layout->addWidget(schedule_);
        connect(schedule_, &QToolButton::clicked, this, &NumberEditor::openSchedule);
    }
    connect(line_, &QLineEdit::editingFinished, this, &NumberEditor::commit);
    connect(line_, &QLineEdit::textEdited, this, [this] {
        if (const std::optional<ParamValue> number = written()) {
            try {
                checked_value(this->spec(), *number, this->spec().label);
                Q_EMIT errorChanged({});
            } catch (const std::exception& error) {
                refuse(QString::fromUtf8(error.what()));
            }
        }
    });
    NumberEditor::show_value();
}

void NumberEditor::show_value()
{
    const auto* schedule = std::get_if<Schedule>(&value());
    if (schedule_) {
        schedule_->setChecked(schedule != nullptr);
    }
    line_->setReadOnly(schedule != nullptr);
    if (slider_) {
        const QSignalBlocker quiet(slider_);
        slider_->setVisible(schedule == nullptr);
        slider_->setValue(scale_->place(as_double(value())));
        const int width = line_->minimumWidth();
        line_->setMaximumWidth(schedule ? QWIDGETSIZE_MAX : width);
    }
    line_->setText(QString::fromStdString(schedule ? format_value(value()) : format_number(as_double(value()))));
    line_->setCursorPosition(0);
    line_->setToolTip(schedule ? line_->text() : QString());
}

void NumberEditor::show_derived(const QString& text)
{
    if (text.isEmpty()) {
        show_value();
    } else {
        line_->setText(text);
        line_->setCursorPosition(0);
    }
}

std::optional<ParamValue> NumberEditor::written()
{
    QString text = line_->text().trimmed();
    if (text.count(',') == 1 && !text.contains('.')) {
        text.replace(',', '.');
    }
    const std::optional<double> number = parse_number(text.toStdString());
    if (!number) {
        const bool whole = spec().type == ParamType::integer;
        refuse(tr("%1 must be a %2, not \"%3\"")
                   .arg(QString::fromStdString(spec().label),
                        whole ? tr("whole number, such as 100") : tr("number, such as 0.05 or 1e-3"), line_->text()));
        return std::nullopt;
    }
    return ParamValue(*number);
}

void NumberEditor::commit()
{
    if (line_->isReadOnly() || !isEnabled()) {
        return;
    }
    if (const std::optional<ParamValue> number = written()) {
        enter(*number);
        if (as_double(value()) == std::get<double>(*number)) {
            show_value();
        }
    }
}

void NumberEditor::step(int direction)
{
    if (line_->isReadOnly()) {
        return;
    }
    const double now = as_double(value());
    double next = now + direction;
    if (spec().type == ParamType::number) {
        // One in the second digit; below a power of ten the digits are finer, so that up and down meet again.
        const double size = now == 0 ? 1 : std::abs(now);
        const bool shrinks = now != 0 && (direction < 0) == (now > 0);
        const double exponent = std::floor(std::log10(size) + (shrinks ? -1e-9 : 1e-9));
        next = short_number(now + direction * std::pow(10.0, exponent - 1));
    }
    enter(next);
    show_value();
}

/// Room for a number; beside a slider no more than that.
void NumberEditor::sizeLine()
{
    // This widget's own font: the line hears of another one later.
    const int width = fontMetrics().averageCharWidth() * kLineCharacters + 12;
    line_->setMinimumWidth(width);
    if (slider_) {
        line_->setFixedWidth(width);
    }
}

void NumberEditor::changeEvent(QEvent* event)
{
    ParamEditor::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        sizeLine();
    }
}

bool NumberEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == line_ && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
            case Qt::Key_Up:
                step(1);
                return true;
            case Qt::Key_Down:
                step(-1);
                return true;
            case Qt::Key_Escape:
                show_value();
                Q_EMIT errorChanged({});
                return true;
            default:
                break;
        }
    }
    return ParamEditor::eventFilter(watched, event);
}

void NumberEditor::openSchedule()
{
    show_value();  // the button's mark follows the value, not the click
    auto* popup = new SchedulePopup(spec(), value(), this);
    connect(popup, &SchedulePopup::chosen, this, [this](const ParamValue& chosen) {
        enter(chosen);
        show_value();
    });
    popup->showBelow(schedule_);
}

}  // namespace basin
