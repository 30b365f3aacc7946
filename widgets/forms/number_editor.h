// A parameter that is a number, perhaps one that moves with the step.
#pragma once

#include <QLineEdit>
#include <QSlider>
#include <QToolButton>
#include <optional>

#include "widgets/forms/param_editor.h"
#include "widgets/forms/slider_scale.h"

namespace basin {

/// A line to write the number in, with a slider where the parameter has a span, and for live numbers a button that
/// makes a schedule of it. The slider acts while it moves, the line with Enter, Tab or the arrow keys Up and Down. A
/// decimal comma is understood; Escape brings the old number back.
class NumberEditor : public ParamEditor {
    Q_OBJECT

public:
    NumberEditor(const ParamSpec& spec, QWidget* parent);

protected:
    void show_value() override;
    void show_derived(const QString& text) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void sizeLine();
    std::optional<ParamValue> written();
    void commit();
    void step(int direction);
    void openSchedule();

    std::optional<SliderScale> scale_;
    QSlider* slider_ = nullptr;
    QLineEdit* line_;
    QToolButton* schedule_ = nullptr;
};

}  // namespace basin
