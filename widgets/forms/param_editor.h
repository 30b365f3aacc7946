// One control for one parameter.
#pragma once

#include <QString>
#include <QWidget>

#include "core/catalog/params.h"

namespace basin {

/// Shows and edits one parameter. Only allowed values leave it: what the user enters is checked against the ParamSpec,
/// and an entry that can not be is told in errorChanged() while value() stays what it was.
class ParamEditor : public QWidget {
    Q_OBJECT

public:
    explicit ParamEditor(ParamSpec spec, QWidget* parent = nullptr);

    const ParamSpec& spec() const { return spec_; }
    const ParamValue& value() const { return value_; }
    /// Shows a value; emits nothing. An entry in hand is kept when the value is the one that it had before.
    void setValue(const ParamValue& value);
    /// What stands in the control while it is disabled because another parameter decides ("0.469, from beta").
    void setDerived(const QString& text);
    /// The wish of the user: checked, kept and announced, or told in errorChanged().
    void enter(const ParamValue& value);

Q_SIGNALS:
    void edited(const basin::ParamValue& value);
    /// One sentence, empty when all is well.
    void errorChanged(const QString& sentence);

protected:
    /// Brings value() into the control.
    virtual void show_value() = 0;
    virtual void show_derived(const QString& text);
    /// What was entered is none of the kind that is asked for.
    void refuse(const QString& sentence);

private:
    ParamSpec spec_;
    ParamValue value_;
};

/// The control that suits the parameter's type.
ParamEditor* make_param_editor(const ParamSpec& spec, QWidget* parent);

/// "Step size (λ)": help, range and unit in plain words, for tooltips and screen readers.
QString describe_param(const ParamSpec& spec);

}  // namespace basin
