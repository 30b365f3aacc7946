// What a number's control does with what is typed, dragged and pressed.
#include <QLineEdit>
#include <QLocale>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>
#include <clocale>

#include "widgets/forms/number_editor.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/schedule_popup.h"

using namespace basin;

Q_DECLARE_METATYPE(basin::ParamValue)

namespace {

ParamSpec rate()
{
    return {.key = "rate",
            .symbol = "λ",
            .label = "Learning rate",
            .help = "How far a step goes.",
            .default_value = 0.1,
            .minimum = 0.0,
            .exclusive_minimum = true,
            .scale = ParamScale::log,
            .slider = {{1e-3, 1.0}},
            .live = true};
}

struct Driven {
    explicit Driven(const ParamSpec& spec)
        : editor(spec, nullptr), line(editor.findChild<QLineEdit*>()), slider(editor.findChild<QSlider*>())
    {
        QObject::connect(&editor, &ParamEditor::edited, &editor,
                         [this](const ParamValue& value) { edits.push_back(value); });
        QObject::connect(&editor, &ParamEditor::errorChanged, &editor, [this](const QString& text) { error = text; });
        editor.show();
    }
    void type(const char* text)
    {
        line->selectAll();
        QTest::keyClicks(line, QString::fromLatin1(text));
        QTest::keyClick(line, Qt::Key_Return);
    }
    double number() const { return std::get<double>(editor.value()); }

    NumberEditor editor;
    QLineEdit* line;
    QSlider* slider;
    std::vector<ParamValue> edits;
    QString error;
};

}  // namespace

class NumberEditorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void takes_what_is_typed();
    void tells_what_would_be_right_and_changes_nothing();
    void takes_a_decimal_comma();
    void reads_and_writes_points_in_a_german_locale();
    void slider_acts_while_it_moves();
    void arrow_keys_step_and_escape_goes_back();
    void keeps_an_entry_in_hand_when_the_value_is_the_same();
    void keeps_all_digits_of_what_is_typed();
    void shows_a_schedule_in_words();
    void makes_a_schedule();
};

void NumberEditorTest::initTestCase()
{
    qRegisterMetaType<basin::ParamValue>();
}

void NumberEditorTest::takes_what_is_typed()
{
    Driven driven(rate());
    driven.type("0.25");
    QCOMPARE(driven.edits.size(), 1U);
    QCOMPARE(driven.number(), 0.25);
    QVERIFY(driven.error.isEmpty());
    driven.type("1e-3");
    QCOMPARE(driven.number(), 1e-3);
    QCOMPARE(driven.slider->value(), 0);
}

void NumberEditorTest::tells_what_would_be_right_and_changes_nothing()
{
    Driven driven(rate());
    driven.type("fast");
    QCOMPARE(driven.error, QStringLiteral("Learning rate must be a number, such as 0.05 or 1e-3, not \"fast\"."));
    driven.type("-1");
    QCOMPARE(driven.error, QStringLiteral("Learning rate must be greater than 0, not -1."));
    QCOMPARE(driven.number(), 0.1);
    QVERIFY(driven.edits.empty());
    driven.type("0.1");
    QVERIFY(driven.error.isEmpty());
    QVERIFY(driven.edits.empty());
}

void NumberEditorTest::takes_a_decimal_comma()
{
    Driven driven(rate());
    driven.type("0,5");
    QCOMPARE(driven.number(), 0.5);
    QCOMPARE(driven.line->text(), QStringLiteral("0.5"));
}

void NumberEditorTest::reads_and_writes_points_in_a_german_locale()
{
    const QLocale before;
    const std::string c_locale = std::setlocale(LC_ALL, nullptr);
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    std::setlocale(LC_ALL, "de_DE.UTF-8");  // where the system has it
    Driven driven(rate());
    driven.type("0.125");
    QCOMPARE(driven.number(), 0.125);
    QCOMPARE(driven.line->text(), QStringLiteral("0.125"));
    driven.slider->setValue(SliderScale::kPlaces);
    QCOMPARE(driven.number(), 1.0);
    std::setlocale(LC_ALL, c_locale.c_str());
    QLocale::setDefault(before);
}

void NumberEditorTest::slider_acts_while_it_moves()
{
    Driven driven(rate());
    driven.slider->setSliderDown(true);
    driven.slider->setSliderPosition(SliderScale::kPlaces * 2 / 3);
    QCOMPARE(driven.edits.size(), 1U);
    QCOMPARE(driven.line->text(), QString::fromStdString(format_number(driven.number())));
    QTest::keyClick(driven.slider, Qt::Key_Home);
    QCOMPARE(driven.number(), 1e-3);
}

void NumberEditorTest::arrow_keys_step_and_escape_goes_back()
{
    Driven driven(rate());
    QTest::keyClick(driven.line, Qt::Key_Up);
    QCOMPARE(driven.number(), 0.11);
    QTest::keyClick(driven.line, Qt::Key_Down);
    QCOMPARE(driven.number(), 0.1);
    QTest::keyClick(driven.line, Qt::Key_Down);
    QCOMPARE(driven.number(), 0.099);
    QTest::keyClick(driven.line, Qt::Key_Up);
    QCOMPARE(driven.number(), 0.1);
    QTest::keyClicks(driven.line, QStringLiteral("abc"));
    QVERIFY(!driven.error.isEmpty());
    QTest::keyClick(driven.line, Qt::Key_Escape);
    QVERIFY(driven.error.isEmpty());
    QCOMPARE(driven.line->text(), QStringLiteral("0.1"));

    Driven whole(
        {.key = "n", .label = "Count", .type = ParamType::integer, .default_value = std::int64_t{5}, .minimum = 4.0});
    QTest::keyClick(whole.line, Qt::Key_Down);
    QTest::keyClick(whole.line, Qt::Key_Down);
    QCOMPARE(std::get<std::int64_t>(whole.editor.value()), 4);
    QVERIFY(!whole.line->text().isEmpty());
    whole.type("4.5");
    QCOMPARE(std::get<std::int64_t>(whole.editor.value()), 4);
    QVERIFY(!whole.error.isEmpty());
}

void NumberEditorTest::keeps_an_entry_in_hand_when_the_value_is_the_same()
{
    Driven driven(rate());
    driven.line->selectAll();
    QTest::keyClicks(driven.line, QStringLiteral("0.3"));
    driven.editor.setValue(0.1);
    QCOMPARE(driven.line->text(), QStringLiteral("0.3"));
    driven.editor.setValue(0.2);
    QCOMPARE(driven.line->text(), QStringLiteral("0.2"));
    QVERIFY(driven.edits.empty());
}

void NumberEditorTest::keeps_all_digits_of_what_is_typed()
{
    Driven driven(rate());
    driven.type("0.46934254700000001");
    QCOMPARE(driven.number(), 0.46934254700000001);
    QTest::keyClick(driven.line, Qt::Key_Return);
    QCOMPARE(driven.edits.size(), 1U);
}

void NumberEditorTest::shows_a_schedule_in_words()
{
    Driven driven(rate());
    driven.editor.setValue(Schedule{.kind = Schedule::Kind::cosine, .value = 0.1, .end = 0.001, .over = 500});
    QVERIFY(driven.line->text().contains(QStringLiteral("cosine")));
    QVERIFY(driven.line->isReadOnly());
    QVERIFY(!driven.slider->isVisible());
    QTest::keyClick(driven.line, Qt::Key_Up);
    QTest::keyClick(driven.line, Qt::Key_Return);
    QVERIFY(driven.edits.empty());
    driven.editor.setValue(0.1);
    QVERIFY(driven.slider->isVisible());
}

void NumberEditorTest::makes_a_schedule()
{
    Driven driven(rate());
    QTest::mouseClick(driven.editor.findChild<QToolButton*>(QStringLiteral("schedule")), Qt::LeftButton);
    auto* popup = driven.editor.findChild<SchedulePopup*>();
    QVERIFY(popup);
    popup->findChild<ParamForm*>()->editor("kind")->enter(std::string("warm-up"));
    const auto* schedule = std::get_if<Schedule>(&driven.editor.value());
    QVERIFY(schedule);
    QCOMPARE(schedule->kind, Schedule::Kind::warm_up);
    QCOMPARE(schedule->value, 0.1);
    popup->close();
}

QTEST_MAIN(NumberEditorTest)
#include "number_editor_test.moc"
