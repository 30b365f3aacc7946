#include "widgets/forms/param_editor.h"

#include <exception>
#include <utility>

#include "widgets/forms/boolean_editor.h"
#include "widgets/forms/choice_editor.h"
#include "widgets/forms/number_editor.h"
#include "widgets/forms/text_editor.h"

namespace basin {

ParamEditor::ParamEditor(ParamSpec spec, QWidget* parent)
    : QWidget(parent), spec_(std::move(spec)), value_(spec_.default_value)
{
    setToolTip(describe_param(spec_));
    setObjectName(QString::fromStdString(spec_.key));
}

void ParamEditor::setValue(const ParamValue& value)
{
    if (value == value_) {
        return;
    }
    value_ = value;
    show_value();
    Q_EMIT errorChanged({});
}

void ParamEditor::setDerived(const QString& text)
{
    show_derived(text);
}

void ParamEditor::show_derived(const QString& /*text*/) {}

void ParamEditor::enter(const ParamValue& value)
{
    try {
        const ParamValue checked = checked_value(spec_, value, spec_.label);
        Q_EMIT errorChanged({});
        if (checked != value_) {
            value_ = checked;
            Q_EMIT edited(value_);
        }
    } catch (const std::exception& error) {
        refuse(QString::fromUtf8(error.what()));
    }
}

void ParamEditor::refuse(const QString& sentence)
{
    Q_EMIT errorChanged(sentence.endsWith('.') ? sentence : sentence + '.');
}

ParamEditor* make_param_editor(const ParamSpec& spec, QWidget* parent)
{
    ParamEditor* editor = nullptr;
    switch (spec.type) {
        case ParamType::number:
        case ParamType::integer:
            editor = new NumberEditor(spec, parent);
            break;
        case ParamType::boolean:
            editor = new BooleanEditor(spec, parent);
            break;
        case ParamType::choice:
            editor = new ChoiceEditor(spec, parent);
            break;
        case ParamType::list:
        case ParamType::text:
        case ParamType::file:
            editor = new TextEditor(spec, parent);
            break;
    }
    return editor;
}

QString describe_param(const ParamSpec& spec)
{
    QString text = QString::fromStdString(spec.label);
    if (!spec.symbol.empty()) {
        text += QStringLiteral(" (%1)").arg(QString::fromStdString(spec.symbol));
    }
    if (!spec.help.empty()) {
        text += QStringLiteral(": ") + QString::fromStdString(spec.help);
    }
    if (!text.endsWith('.')) {
        text += '.';
    }
    if (spec.type == ParamType::number || spec.type == ParamType::integer) {
        QStringList range;
        if (spec.minimum) {
            range << (spec.exclusive_minimum ? QStringLiteral("greater than ") : QStringLiteral("at least ")) +
                         QString::fromStdString(format_number(*spec.minimum));
        }
        if (spec.maximum) {
            range << QStringLiteral("at most ") + QString::fromStdString(format_number(*spec.maximum));
        }
        if (!range.isEmpty() || !spec.unit.empty()) {
            QString sentence = range.isEmpty() ? QStringLiteral("A number") : range.join(QStringLiteral(" and "));
            sentence[0] = sentence[0].toUpper();
            text += ' ' + sentence;
            if (!spec.unit.empty()) {
                text += (range.isEmpty() ? QStringLiteral(" in ") : QStringLiteral(", in ")) +
                        QString::fromStdString(spec.unit);
            }
            text += '.';
        }
    }
    if (spec.live) {
        text += QStringLiteral(" Acts while running.");
    }
    return text;
}

}  // namespace basin
