#include "widgets/forms/objective_form.h"

#include <QComboBox>
#include <QVBoxLayout>

#include "core/run/objectives.h"
#include "widgets/bridge/run_controller.h"
#include "widgets/forms/notice_label.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/section.h"
#include "widgets/forms/wheel_guard.h"

namespace basin {

namespace {
// Two parameters are at once to be seen; a longer form would push the lanes off the screen.
constexpr std::size_t kOpenUpTo = 4;

QString identity(const std::string& kind, const std::string& key)
{
    return QString::fromStdString(kind + "/" + key);
}
}  // namespace

ObjectiveForm::ObjectiveForm(RunController& controller, QWidget* parent)
    : QWidget(parent),
      controller_(controller),
      combo_(new QComboBox),
      formula_(new NoticeLabel(NoticeLabel::Kind::muted)),
      layout_(new QVBoxLayout(this))
{
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(6);
    layout_->addWidget(combo_);
    layout_->addWidget(formula_);
    formula_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    combo_->setObjectName(QStringLiteral("objective"));
    combo_->setAccessibleName(tr("Objective"));
    guard_wheel(combo_);
    std::string kind;
    for (const ObjectiveEntry& entry : objective_entries()) {
        if (!kind.empty() && kind != entry.kind) {
            combo_->insertSeparator(combo_->count());
        }
        kind = entry.kind;
        combo_->addItem(QString::fromStdString(entry.label), identity(entry.kind, entry.key));
        combo_->setItemData(combo_->count() - 1, QString::fromStdString(entry.help), Qt::ToolTipRole);
    }
    connect(combo_, &QComboBox::activated, this, [this](int) {
        const std::string chosen = combo_->currentData().toString().toStdString();
        const std::size_t cut = chosen.find('/');
        controller_.setObjective(chosen.substr(0, cut), chosen.substr(cut + 1));
        refresh();
    });
    connect(&controller_, &RunController::specChanged, this, &ObjectiveForm::refresh);
    refresh();
}

void ObjectiveForm::refresh()
{
    const ObjectiveSpec& objective = controller_.spec().objective;
    if (objective.key.empty()) {
        return;  // before the first experiment
    }
    const QString chosen = identity(objective.kind, objective.key);
    combo_->setCurrentIndex(combo_->findData(chosen));
    if (chosen.toStdString() != shown_) {
        shown_ = chosen.toStdString();
        const ObjectiveEntry& entry = find_objective(objective.kind, objective.key);
        formula_->setText(QString::fromStdString(entry.formula.empty() ? entry.help : entry.formula));
        const QString about =
            QString::fromStdString(entry.help + (entry.reference.empty() ? "" : " " + entry.reference));
        formula_->setToolTip(about);
        combo_->setToolTip(about);
        if (QWidget* old = layout_->count() > 2 ? layout_->itemAt(2)->widget() : nullptr) {
            layout_->removeWidget(old);
            old->hide();
            old->deleteLater();
        }
        form_ = new ParamForm(objective.params.schema());
        connect(form_, &ParamForm::edited, this,
                [this](const std::string& key, const ParamValue& value) { controller_.setObjectiveParam(key, value); });
        layout_->addWidget(new Section(tr("Parameters"), form_, objective.params.schema().size() <= kOpenUpTo));
    }
    form_->setValues(objective.params);
}

}  // namespace basin
