#include "widgets/forms/boolean_editor.h"

#include <QHBoxLayout>
#include <variant>

namespace basin {

BooleanEditor::BooleanEditor(const ParamSpec& spec, QWidget* parent) : ParamEditor(spec, parent), box_(new QCheckBox)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(box_);
    layout->addStretch();
    box_->setObjectName(QStringLiteral("box"));
    box_->setAccessibleName(QString::fromStdString(spec.label));
    setFocusProxy(box_);
    connect(box_, &QCheckBox::clicked, this, [this](bool on) { enter(on); });
    BooleanEditor::show_value();
}

void BooleanEditor::show_value()
{
    box_->setChecked(std::get<bool>(value()));
}

}  // namespace basin
