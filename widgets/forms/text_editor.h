// A parameter that is written: text, a file, a list of numbers.
#pragma once

#include <QLineEdit>

#include "widgets/forms/param_editor.h"

namespace basin {

/// A line to write in; a file has a button that looks for one. Enter or leaving the line brings the text in force.
class TextEditor : public ParamEditor {
    Q_OBJECT

public:
    TextEditor(const ParamSpec& spec, QWidget* parent);

protected:
    void show_value() override;

private:
    void commit();
    void browse();

    QLineEdit* line_;
};

}  // namespace basin
