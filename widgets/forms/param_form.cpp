#include "widgets/forms/param_form.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>

#include "widgets/forms/notice_label.h"
#include "widgets/forms/param_editor.h"

namespace basin {

namespace {

// Labels break into two lines rather than take the room of the controls.
constexpr int kLabelCharacters = 16;

QString row_label(const ParamSpec& spec)
{
    const QString label = QString::fromStdString(spec.label).toHtmlEscaped();
    const QString symbol = QString::fromStdString(spec.symbol).toHtmlEscaped();
    return symbol.isEmpty() || symbol == label ? label : QStringLiteral("<i>%1</i>&nbsp; %2").arg(symbol, label);
}

}  // namespace

ParamForm::ParamForm(const ParamSchema& schema, QWidget* parent) : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    int line = 0;
    for (const ParamSpec& spec : schema) {
        Row row;
        row.label = new QLabel(row_label(spec));
        row.label->setTextFormat(Qt::RichText);
        row.label->setWordWrap(true);
        row.label->setToolTip(describe_param(spec));
        row.editor = make_param_editor(spec, this);
        row.label->setBuddy(row.editor);
        row.error = new NoticeLabel(NoticeLabel::Kind::bad);
        row.error->setObjectName(QStringLiteral("error_") + QString::fromStdString(spec.key));
        row.error->hide();
        grid->addWidget(row.label, line, 0);
        grid->addWidget(row.editor, line, 1);
        grid->addWidget(row.error, line + 1, 0, 1, 2);
        line += 2;
        connect(row.editor, &ParamEditor::edited, this, [this, key = spec.key](const ParamValue& value) {
            enableRows();
            Q_EMIT edited(key, value);
        });
        connect(row.editor, &ParamEditor::errorChanged, this,
                [this, key = spec.key](const QString& sentence) { setError(key, sentence); });
        rows_.emplace(spec.key, row);
    }
    sizeLabels();
    enableRows();
}

void ParamForm::sizeLabels()
{
    for (const auto& [key, row] : rows_) {
        row.label->setFixedWidth(fontMetrics().averageCharWidth() * kLabelCharacters);
    }
}

void ParamForm::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        sizeLabels();
    }
}

// An editor that has the focus when it is destroyed still commits what it holds, and the form must not hear of it then.
ParamForm::~ParamForm()
{
    for (const auto& [key, row] : rows_) {
        row.editor->disconnect(this);
    }
}

void ParamForm::setValues(const Params& params)
{
    for (auto& [key, row] : rows_) {
        if (params.has(key)) {
            row.editor->setValue(params.value(key));
        }
    }
    enableRows();
}

void ParamForm::setError(const std::string& key, const QString& sentence)
{
    QLabel* error = rows_.at(key).error;
    error->setText(sentence);
    error->setVisible(!sentence.isEmpty());
}

QString ParamForm::error(const std::string& key) const
{
    return rows_.at(key).error->text();
}

void ParamForm::setDerived(const std::string& key, const QString& text)
{
    rows_.at(key).derived = text;
    enableRows();
}

ParamEditor* ParamForm::editor(const std::string& key) const
{
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second.editor;
}

// What a switch turns off stays, greyed; what belongs to another choice is not shown.
void ParamForm::enableRows()
{
    ParamValue value;
    const auto value_of = [&](const std::string& key, bool choices_only) -> const ParamValue* {
        const auto found = rows_.find(key);
        if (found == rows_.end() || (choices_only && found->second.editor->spec().type != ParamType::choice)) {
            return nullptr;
        }
        value = found->second.editor->value();
        return &value;
    };
    for (auto& [key, row] : rows_) {
        const ParamCondition& condition = row.editor->spec().enabled_if;
        const bool enabled = holds(condition, [&](const std::string& other) { return value_of(other, false); });
        const bool shown = enabled || holds(condition, [&](const std::string& other) { return value_of(other, true); });
        row.label->setVisible(shown);
        row.editor->setVisible(shown);
        row.label->setEnabled(enabled);
        row.editor->setEnabled(enabled);
        row.editor->setDerived(enabled ? QString() : row.derived);
    }
}

}  // namespace basin
