// A form made from a schema.
#pragma once

#include <QString>
#include <QWidget>
#include <map>
#include <string>

#include "core/catalog/params.h"

class QGridLayout;
class QLabel;

namespace basin {

class ParamEditor;

/// One row a parameter that acts (see ParamSpec::enabled_if): symbol and label, control, and a line for what is wrong
/// with an entry. Nothing outside changes until the user enters something allowed; then edited() says so.
class ParamForm : public QWidget {
    Q_OBJECT

public:
    explicit ParamForm(const ParamSchema& schema, QWidget* parent = nullptr);
    ~ParamForm() override;

    /// Shows values of the schema this form was made from; emits nothing.
    void setValues(const Params& params);
    /// A sentence beside a control, from somebody who checks more than the schema can; empty takes it away.
    void setError(const std::string& key, const QString& sentence);
    /// What a control shows while another parameter decides; see ParamEditor::setDerived.
    void setDerived(const std::string& key, const QString& text);
    ParamEditor* editor(const std::string& key) const;
    /// The sentence that is shown beside a control now.
    QString error(const std::string& key) const;

Q_SIGNALS:
    void edited(const std::string& key, const basin::ParamValue& value);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row {
        QLabel* label = nullptr;
        ParamEditor* editor = nullptr;
        QLabel* error = nullptr;
        QString derived;
    };
    void enableRows();
    void sizeLabels();

    std::map<std::string, Row> rows_;
};

}  // namespace basin
