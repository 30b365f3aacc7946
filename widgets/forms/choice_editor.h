// A parameter that is one of a few words.
#pragma once

#include <QComboBox>

#include "widgets/forms/param_editor.h"

namespace basin {

/// A drop-down list of the choices, written as words ("fashion_mnist" is shown as "fashion mnist").
class ChoiceEditor : public ParamEditor {
    Q_OBJECT

public:
    ChoiceEditor(const ParamSpec& spec, QWidget* parent);

protected:
    void show_value() override;

private:
    QComboBox* combo_;
};

}  // namespace basin
