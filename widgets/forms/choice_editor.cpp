#include "widgets/forms/choice_editor.h"

#include <QHBoxLayout>
#include <string>
#include <variant>

#include "widgets/forms/wheel_guard.h"

namespace basin {

ChoiceEditor::ChoiceEditor(const ParamSpec& spec, QWidget* parent) : ParamEditor(spec, parent), combo_(new QComboBox)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(combo_, 1);
    for (const std::string& choice : spec.choices) {
        const QString key = QString::fromStdString(choice);
        combo_->addItem(QString(key).replace('_', ' '), key);
    }
    combo_->setObjectName(QStringLiteral("combo"));
    combo_->setAccessibleName(QString::fromStdString(spec.label));
    setFocusProxy(combo_);
    guard_wheel(combo_);
    connect(combo_, &QComboBox::activated, this,
            [this](int) { enter(combo_->currentData().toString().toStdString()); });
    ChoiceEditor::show_value();
}

void ChoiceEditor::show_value()
{
    combo_->setCurrentIndex(combo_->findData(QString::fromStdString(std::get<std::string>(value()))));
}

}  // namespace basin
