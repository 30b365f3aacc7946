#include "widgets/forms/schedule_popup.h"

#include <QLabel>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <utility>

#include "widgets/forms/notice_label.h"
#include "widgets/forms/param_form.h"

namespace basin {

namespace {

// In the order of Schedule::Kind.
const std::array<const char*, 4> kKinds{"constant", "steps", "cosine", "warm-up"};

std::vector<double> as_numbers(const std::vector<std::int64_t>& steps)
{
    return {steps.begin(), steps.end()};
}

ParamSpec whole(const char* key, const char* label, const char* help, std::int64_t value, double minimum)
{
    return {.key = key,
            .label = label,
            .help = help,
            .type = ParamType::integer,
            .default_value = value,
            .minimum = minimum};
}

// The numbers of one kind of schedule, as a schema like any other.
ParamSchema schedule_schema(const ParamSpec& spec, const Schedule& schedule)
{
    using Kind = Schedule::Kind;
    ParamSchema schema;
    schema.push_back({.key = "kind",
                      .label = "Kind",
                      .help = "How the number moves with the step.",
                      .type = ParamType::choice,
                      .default_value = std::string(kKinds.at(static_cast<std::size_t>(schedule.kind))),
                      .choices = {kKinds.begin(), kKinds.end()}});
    ParamSpec value = spec;
    value.key = "value";
    value.label = "Value";
    value.live = false;
    value.enabled_if.clear();
    value.default_value = schedule.value;
    schema.push_back(value);
    if (schedule.kind == Kind::cosine) {
        value.key = "end";
        value.label = "End";
        value.symbol.clear();
        value.default_value = schedule.end;
        schema.push_back(value);
    }
    if (schedule.kind == Kind::steps) {
        schema.push_back({.key = "factor",
                          .label = "Factor",
                          .help = "The value is multiplied by this at every milestone.",
                          .default_value = schedule.factor,
                          .minimum = 0.0,
                          .exclusive_minimum = true});
        schema.push_back({.key = "milestones",
                          .label = "Milestones",
                          .help = "Rising steps, counted from the start of the run.",
                          .type = ParamType::list,
                          .default_value = as_numbers(schedule.milestones)});
    }
    if (schedule.kind == Kind::cosine) {
        schema.push_back(
            whole("over", "Steps", "Steps from value to end; 0: until the run's planned end.", schedule.over, 0));
    }
    if (schedule.kind == Kind::warm_up) {
        schema.push_back(whole("over", "Steps", "Steps from 0 to value.", schedule.over, 1));
    }
    if (schedule.kind == Kind::cosine || schedule.kind == Kind::steps) {
        schema.push_back(whole("warm_up", "Warm-up", "Steps from 0 to value that come first.", schedule.warm_up, 0));
    }
    return schema;
}

// What a kind that has just been chosen begins with: something to be seen within a minute at 60 steps a second.
void suggest(Schedule& schedule)
{
    if (schedule.kind == Schedule::Kind::steps && schedule.milestones.empty()) {
        schedule.milestones = {1000, 2000};
        schedule.factor = 0.3;
    }
    if (schedule.kind == Schedule::Kind::cosine && schedule.end == 0) {
        schedule.end = schedule.value / 10;
    }
    if (schedule.kind != Schedule::Kind::constant && schedule.kind != Schedule::Kind::steps && schedule.over == 0) {
        schedule.over = schedule.kind == Schedule::Kind::cosine ? 2000 : 200;
    }
}

void write(Schedule& schedule, const std::string& key, const ParamValue& value)
{
    if (key == "value") {
        schedule.value = std::get<double>(value);
    } else if (key == "end") {
        schedule.end = std::get<double>(value);
    } else if (key == "factor") {
        schedule.factor = std::get<double>(value);
    } else if (key == "over") {
        schedule.over = std::get<std::int64_t>(value);
    } else if (key == "warm_up") {
        schedule.warm_up = std::get<std::int64_t>(value);
    } else if (key == "milestones") {
        schedule.milestones.clear();
        for (const double step : std::get<std::vector<double>>(value)) {
            schedule.milestones.push_back(std::llround(step));
        }
    }
}

}  // namespace

SchedulePopup::SchedulePopup(ParamSpec spec, const ParamValue& value, QWidget* parent)
    : QFrame(parent, Qt::Popup), spec_(std::move(spec)), error_(new NoticeLabel(NoticeLabel::Kind::bad))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("schedulePopup"));
    setFrameStyle(QFrame::StyledPanel);
    if (const auto* schedule = std::get_if<Schedule>(&value)) {
        schedule_ = *schedule;
    } else {
        schedule_.value = std::get<double>(value);
    }
    layout_ = new QVBoxLayout(this);
    layout_->setContentsMargins(12, 10, 12, 10);
    layout_->addWidget(
        new QLabel(tr("<b>Schedule of %1</b>").arg(QString::fromStdString(spec_.label).toHtmlEscaped())));
    layout_->addWidget(error_);
    error_->hide();
    rebuild();
}

void SchedulePopup::showBelow(const QWidget* control)
{
    adjustSize();
    const QRect screen = control->screen()->availableGeometry();
    QPoint at = control->mapToGlobal(QPoint(control->width() - width(), control->height() + 2));
    at.setX(std::clamp(at.x(), screen.left(), std::max(screen.left(), screen.right() - width())));
    at.setY(std::clamp(at.y(), screen.top(), std::max(screen.top(), screen.bottom() - height())));
    move(at);
    show();
}

void SchedulePopup::rebuild()
{
    if (form_) {
        form_->hide();
        form_->deleteLater();
    }
    form_ = new ParamForm(schedule_schema(spec_, schedule_));
    layout_->insertWidget(1, form_);
    connect(form_, &ParamForm::edited, this, [this](const std::string& key, const ParamValue& value) {
        if (key == "kind") {
            const auto* kind = std::find(kKinds.begin(), kKinds.end(), std::get<std::string>(value));
            schedule_.kind = static_cast<Schedule::Kind>(kind - kKinds.begin());
            suggest(schedule_);
            rebuild();
        } else {
            write(schedule_, key, value);
        }
        announce();
    });
    adjustSize();
}

void SchedulePopup::announce()
{
    try {
        const ParamValue value = checked_value(spec_, schedule_, spec_.label);
        error_->hide();
        Q_EMIT chosen(value);
    } catch (const std::exception& error) {
        error_->setText(QString::fromUtf8(error.what()));
        error_->show();
    }
    adjustSize();
}

}  // namespace basin
