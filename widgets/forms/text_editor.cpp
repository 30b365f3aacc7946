#include "widgets/forms/text_editor.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QToolButton>
#include <variant>
#include <vector>

namespace basin {

namespace {

QString to_text(const ParamValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value)) {
        return QString::fromStdString(*text);
    }
    QStringList numbers;
    for (const double number : std::get<std::vector<double>>(value)) {
        numbers << QString::fromStdString(format_number(number));
    }
    return numbers.join(QStringLiteral(", "));
}

}  // namespace

TextEditor::TextEditor(const ParamSpec& spec, QWidget* parent) : ParamEditor(spec, parent), line_(new QLineEdit)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(line_, 1);
    line_->setObjectName(QStringLiteral("line"));
    line_->setAccessibleName(QString::fromStdString(spec.label));
    setFocusProxy(line_);
    if (spec.type == ParamType::list) {
        line_->setPlaceholderText(tr("numbers, such as 64, 64"));
    }
    if (spec.type == ParamType::file) {
        auto* button = new QToolButton;
        button->setText(QStringLiteral("…"));
        button->setToolTip(tr("Look for the file or folder"));
        layout->addWidget(button);
        connect(button, &QToolButton::clicked, this, &TextEditor::browse);
    }
    connect(line_, &QLineEdit::editingFinished, this, &TextEditor::commit);
    TextEditor::show_value();
}

void TextEditor::show_value()
{
    line_->setText(to_text(value()));
}

void TextEditor::commit()
{
    const QString text = line_->text().trimmed();
    if (spec().type != ParamType::list) {
        enter(text.toStdString());
        return;
    }
    static const QRegularExpression separators(QStringLiteral("[\\s,;]+"));
    std::vector<double> numbers;
    for (const QString& word : text.split(separators, Qt::SkipEmptyParts)) {
        const std::optional<double> number = parse_number(word.toStdString());
        if (!number) {
            refuse(tr("%1 must be numbers with commas between them, such as 64, 32, and \"%2\" is none")
                       .arg(QString::fromStdString(spec().label), word));
            return;
        }
        numbers.push_back(*number);
    }
    enter(numbers);
}

void TextEditor::browse()
{
    // What a parameter calls a file may be a folder of files (a data set), so folders are asked for where one is named.
    const QString now = line_->text();
    const bool folder = QFileInfo(now).isDir() || spec().key.find("folder") != std::string::npos;
    const QString chosen = folder ? QFileDialog::getExistingDirectory(this, QString::fromStdString(spec().label), now)
                                  : QFileDialog::getOpenFileName(this, QString::fromStdString(spec().label), now);
    if (!chosen.isEmpty()) {
        line_->setText(chosen);
        commit();
    }
}

}  // namespace basin
