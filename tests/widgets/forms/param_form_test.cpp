// Conformance: every schema of every catalog becomes a form that shows all it has, takes what is allowed and refuses
// the rest with a sentence.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <cmath>

#include "core/optim/optimizer.h"
#include "core/probe/probe.h"
#include "core/run/objectives.h"
#include "widgets/forms/param_editor.h"
#include "widgets/forms/param_form.h"
#include "widgets/plots/theme.h"

using namespace basin;

namespace {

/// An allowed value that is not the default; nothing where there is no other.
std::optional<ParamValue> another_value(const ParamSpec& spec)
{
    switch (spec.type) {
        case ParamType::boolean:
            return !std::get<bool>(spec.default_value);
        case ParamType::choice:
            for (const std::string& choice : spec.choices) {
                if (choice != std::get<std::string>(spec.default_value)) {
                    return choice;
                }
            }
            return std::nullopt;
        case ParamType::text:
        case ParamType::file:
            return std::string("something else");
        case ParamType::list:
            return std::vector<double>{3, 5};
        case ParamType::number:
        case ParamType::integer:
            break;
    }
    for (const double number : {1.0, 2.0, 0.5, 0.25, 10.0, 100.0}) {
        try {
            const ParamValue value = checked_value(spec, number, spec.key);
            if (value != spec.default_value) {
                return value;
            }
        } catch (const std::exception&) {
            continue;
        }
    }
    return std::nullopt;
}

}  // namespace

class ParamFormTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void every_parameter_has_a_control_data();
    void every_parameter_has_a_control();
    void shows_and_gives_every_value_data() { every_parameter_has_a_control_data(); }
    void shows_and_gives_every_value();
    void refuses_with_a_sentence_data() { every_parameter_has_a_control_data(); }
    void refuses_with_a_sentence();
    void every_control_is_reached_with_tab_data() { every_parameter_has_a_control_data(); }
    void every_control_is_reached_with_tab();
    void no_text_is_cut_off_data() { every_parameter_has_a_control_data(); }
    void no_text_is_cut_off();
    void enables_by_another_parameter();
    void shows_what_another_parameter_decides();
    void shows_just_what_acts_with_the_base_method();
};

void ParamFormTest::every_parameter_has_a_control_data()
{
    QTest::addColumn<ParamSchema>("schema");
    for (const OptimizerEntry* entry : optimizer_entries()) {
        QTest::newRow(entry->key.c_str()) << entry->schema.get();
    }
    for (const ObjectiveEntry& entry : objective_entries()) {
        QTest::newRow(entry.key.c_str()) << entry.schema;
    }
    for (const ProbeEntry* entry : probe_entries()) {
        QTest::newRow(entry->key.c_str()) << entry->schema;
    }
}

void ParamFormTest::every_parameter_has_a_control()
{
    QFETCH(const ParamSchema, schema);
    const ParamForm form(schema);
    for (const ParamSpec& spec : schema) {
        const ParamEditor* editor = form.editor(spec.key);
        QVERIFY(editor);
        QVERIFY(editor->toolTip().contains(QString::fromStdString(spec.help)));
        QVERIFY2(!spec.help.empty() && !spec.label.empty(), spec.key.c_str());
        if (spec.type == ParamType::boolean) {
            QVERIFY(editor->findChild<QCheckBox*>());
        } else if (spec.type == ParamType::choice) {
            QCOMPARE(editor->findChild<QComboBox*>()->count(), static_cast<int>(spec.choices.size()));
        } else {
            QVERIFY(editor->findChild<QLineEdit*>());
        }
    }
}

void ParamFormTest::shows_and_gives_every_value()
{
    QFETCH(const ParamSchema, schema);
    ParamForm form(schema);
    std::map<std::string, ParamValue> heard;
    connect(&form, &ParamForm::edited, this,
            [&heard](const std::string& key, const ParamValue& value) { heard[key] = value; });
    Params values(schema);
    for (const ParamSpec& spec : schema) {
        const std::optional<ParamValue> other = another_value(spec);
        if (!other) {
            continue;
        }
        form.editor(spec.key)->enter(*other);
        QVERIFY2(heard.contains(spec.key), spec.key.c_str());
        QVERIFY(heard[spec.key] == *other);
        values.set(spec.key, *other);
    }
    heard.clear();
    form.setValues(Params(schema));
    for (const ParamSpec& spec : schema) {
        QVERIFY(form.editor(spec.key)->value() == Params(schema).value(spec.key));
    }
    form.setValues(values);
    for (const ParamSpec& spec : schema) {
        QVERIFY(form.editor(spec.key)->value() == values.value(spec.key));
    }
    QVERIFY(heard.empty());
}

void ParamFormTest::refuses_with_a_sentence()
{
    QFETCH(const ParamSchema, schema);
    ParamForm form(schema);
    bool heard = false;
    connect(&form, &ParamForm::edited, this, [&heard](const std::string&, const ParamValue&) { heard = true; });
    for (const ParamSpec& spec : schema) {
        if (spec.type != ParamType::number && spec.type != ParamType::integer) {
            continue;
        }
        ParamEditor* editor = form.editor(spec.key);
        editor->setEnabled(true);
        const ParamValue before = editor->value();
        auto* line = editor->findChild<QLineEdit*>();
        for (const double bad :
             {spec.minimum ? *spec.minimum - 1 : std::nan(""), spec.maximum ? *spec.maximum * 2 + 1 : std::nan("")}) {
            line->setText(std::isnan(bad) ? QStringLiteral("much") : QString::fromStdString(format_number(bad)));
            QTest::keyClick(line, Qt::Key_Return);
            const QString sentence = form.error(spec.key);
            QVERIFY2(sentence.contains(QStringLiteral("must be")) && sentence.endsWith('.'), qPrintable(sentence));
            QVERIFY(editor->value() == before);
        }
        QTest::keyClick(line, Qt::Key_Escape);
        QVERIFY(form.error(spec.key).isEmpty());
    }
    QVERIFY(!heard);
}

void ParamFormTest::every_control_is_reached_with_tab()
{
    QFETCH(const ParamSchema, schema);
    const ParamForm form(schema);
    for (const ParamSpec& spec : schema) {
        const QWidget* control = form.editor(spec.key)->focusProxy();
        QVERIFY(control);
        QVERIFY((control->focusPolicy() & Qt::TabFocus) != 0);
        QVERIFY(!control->accessibleName().isEmpty());
    }
}

void ParamFormTest::no_text_is_cut_off()
{
    QFETCH(const ParamSchema, schema);
    for (const bool dark : {false, true}) {
        apply_theme(*qApp, dark ? Theme::night() : Theme::light());
        ParamForm form(schema);
        const int least = form.minimumSizeHint().width();
        for (const int width : {least, least + 60, least + 240}) {
            form.resize(width, form.heightForWidth(width));
            form.show();
            QVERIFY(QTest::qWaitForWindowExposed(&form));
            for (const QLabel* label : form.findChildren<QLabel*>()) {
                if (label->isVisible()) {
                    QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
                    QVERIFY2(label->width() >= label->minimumSizeHint().width(), qPrintable(label->text()));
                }
            }
            for (const QComboBox* combo : form.findChildren<QComboBox*>()) {
                QVERIFY2(combo->width() >= combo->minimumSizeHint().width(), qPrintable(combo->currentText()));
            }
        }
    }
}

void ParamFormTest::enables_by_another_parameter()
{
    const ParamSchema schema{
        {.key = "coupling", .label = "Coupled", .type = ParamType::boolean, .default_value = true},
        {.key = "sigma", .label = "Sigma", .default_value = 0.1, .enabled_if = when("coupling", false)}};
    ParamForm form(schema);
    QVERIFY(!form.editor("sigma")->isEnabled());
    form.editor("coupling")->enter(false);
    QVERIFY(form.editor("sigma")->isEnabled());
    form.setValues(Params(schema));
    QVERIFY(!form.editor("sigma")->isEnabled());
}

void ParamFormTest::shows_what_another_parameter_decides()
{
    const ParamSchema schema{
        {.key = "coupling", .label = "Coupled", .type = ParamType::boolean, .default_value = true},
        {.key = "sigma", .label = "Sigma", .default_value = 0.1, .enabled_if = when("coupling", false)}};
    ParamForm form(schema);
    const auto* line = form.editor("sigma")->findChild<QLineEdit*>();
    form.setDerived("sigma", QStringLiteral("0.469343"));
    QCOMPARE(line->text(), QStringLiteral("0.469343"));
    form.editor("coupling")->enter(false);
    QCOMPARE(line->text(), QStringLiteral("0.1"));
    QCOMPARE(std::get<double>(form.editor("sigma")->value()), 0.1);
}

void ParamFormTest::shows_just_what_acts_with_the_base_method()
{
    ParamForm form(find_optimizer("sam").schema);
    const auto shown = [&](const char* key) { return !form.editor(key)->isHidden(); };
    QVERIFY(shown("step_size") && shown("rho") && shown("base") && shown("momentum") && shown("nesterov"));
    QVERIFY(!shown("beta1") && !shown("beta") && !shown("sigma") && !shown("scale"));
    form.editor("base")->enter(std::string("adamw"));
    QVERIFY(shown("rho") && shown("beta1") && shown("amsgrad") && shown("weight_decay"));
    QVERIFY(!shown("momentum") && !shown("nesterov"));
    form.editor("base")->enter(std::string("fsgld"));
    QVERIFY(shown("coupling") && shown("sigma") && !form.editor("sigma")->isEnabled());  // a switch only greys it
    form.editor("coupling")->enter(false);
    QVERIFY(form.editor("sigma")->isEnabled() && !form.editor("eta")->isEnabled() && shown("eta"));
    form.editor("base")->enter(std::string("rwp"));
    QVERIFY(shown("sigma") && shown("scale") && !shown("eta"));
    form.setValues(Params(find_optimizer("sam").schema));
    QVERIFY(shown("nesterov") && !shown("scale"));
}

QTEST_MAIN(ParamFormTest)
#include "param_form_test.moc"
