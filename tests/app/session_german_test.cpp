// A session under a German locale: both decimal signs are understood, one is shown, and files have points.
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpression>
#include <QTableWidget>

#include "session.h"
#include "widgets/plots/landscape_view.h"

using namespace basin;
using State = RunController::State;

class SessionGermanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_locale_is_german();
    void comma_and_point_are_understood();
    void one_decimal_sign_is_shown_everywhere();
    void files_have_points();
};

void SessionGermanTest::the_locale_is_german()
{
    QCOMPARE(QLocale().language(), QLocale::German);
    QCOMPARE(QLocale().decimalPoint(), QString(","));
}

void SessionGermanTest::comma_and_point_are_understood()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    QLineEdit* line = session.line(0, "step_size");
    QCOMPARE(line->text(), QString("0.05"));
    Session::type(line, "0,0125");
    QCOMPARE(run.spec().lanes[0].params.number("step_size"), 0.0125);
    QCOMPARE(line->text(), QString("0.0125"));
    Session::type(line, "0.025");
    QCOMPARE(run.spec().lanes[0].params.number("step_size"), 0.025);
    Session::type(line, "2,5e-2");
    QCOMPARE(run.spec().lanes[0].params.number("step_size"), 0.025);
    // Not a thousand by one sign and a thousandth by the other: what is not clear is refused.
    Session::type(line, "1.000,5");
    QCOMPARE(run.spec().lanes[0].params.number("step_size"), 0.025);
    QVERIFY(Session::find<QLabel>(session.lane(0), "error_step_size")->isVisible());
    // The run takes each change at its next step: the last one may come a few steps after the first.
    QTRY_VERIFY_WITH_TIMEOUT(!run.changes().empty() && std::get<double>(run.changes().back().value) == 0.025,
                             kPatience);
}

void SessionGermanTest::one_decimal_sign_is_shown_everywhere()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    auto* words = session.find<QLabel>("measureWords");
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > 20 && run.reports().size() > 1 && words->text().contains('.'), kPatience);
    session.click("pause");
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
    QVERIFY(session.frames(20));
    QStringList texts;
    for (const QLabel* label : session.window().findChildren<QLabel*>()) {
        texts << label->text();
    }
    for (const QLineEdit* line : session.window().findChildren<QLineEdit*>()) {
        texts << line->text();
    }
    const auto* table = session.find<QTableWidget>("compareTable");
    for (int row = 0; row < table->rowCount(); ++row) {
        for (int column = 0; column < table->columnCount(); ++column) {
            texts << table->item(row, column)->text();
        }
    }
    texts << session.find<LandscapeView>("landscapeView")->hover_text({0.123, 0.456});
    static const QRegularExpression comma(QStringLiteral("[0-9],[0-9]"));
    static const QRegularExpression point(QStringLiteral("[0-9]\\.[0-9]"));
    int points = 0;
    for (const QString& text : texts) {
        QVERIFY2(!text.contains(comma), qPrintable(text));
        points += text.contains(point) ? 1 : 0;
    }
    QVERIFY(points > 10);
}

void SessionGermanTest::files_have_points()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    Session::type(session.line(0, "step_size"), "0,0125");
    const ExperimentSpec spec = run.spec();
    const QString path = session.path("mine.json");
    Session::withFileDialog(path, [&session] { session.chooseFromBar({"File", "Save as…"}); });
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), kPatience);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("0.0125") && !text.contains("0,0125"));
    QVERIFY(read_spec(path.toStdString()) == spec);
    QVERIFY(session.window().workspace().open(path, false));
    QVERIFY(run.spec() == spec);
    // Rows for other programs too.
    const QString csv = session.path("positions.csv");
    QTRY_VERIFY_WITH_TIMEOUT(run.lane(0).snapshot != nullptr, kPatience);
    QCOMPARE(session.find<LandscapeView>("landscapeView")->save(csv), QString());
    QFile rows(csv);
    QVERIFY(rows.open(QIODevice::ReadOnly));
    rows.readLine();
    QCOMPARE(rows.readLine().count(','), 2);
}

int main(int argc, char** argv)
{
    return run_session_test<SessionGermanTest>(argc, argv);
}
#include "session_german_test.moc"
