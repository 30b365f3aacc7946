// A parameter that is on or off.
#pragma once

#include <QCheckBox>

#include "widgets/forms/param_editor.h"

namespace basin {

/// A check box.
class BooleanEditor : public ParamEditor {
    Q_OBJECT

public:
    BooleanEditor(const ParamSpec& spec, QWidget* parent);

protected:
    void show_value() override;

private:
    QCheckBox* box_;
};

}  // namespace basin
