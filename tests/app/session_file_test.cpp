// A person opens examples, saves, opens again, opens what is broken, and loses nothing.
#include <QFile>
#include <QLabel>
#include <QMessageBox>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>

#include "session.h"

using namespace basin;
using State = RunController::State;

class SessionFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void every_example_opens_from_the_menu_data();
    void every_example_opens_from_the_menu();
    void what_is_saved_opens_again_equal();
    void a_changed_experiment_asks_before_it_goes();
    void broken_files_are_told_and_the_session_goes_on_data();
    void broken_files_are_told_and_the_session_goes_on();
    void a_run_is_exported_with_its_changes();
    void a_new_experiment_begins_from_the_menu();
};

void SessionFileTest::every_example_opens_from_the_menu_data()
{
    QTest::addColumn<QString>("path");
    for (const Workspace::Example& example : Workspace::examples()) {
        QTest::newRow(qPrintable(example.title)) << example.path;
    }
    QCOMPARE(Workspace::examples().size(), std::size_t{5});
}

void SessionFileTest::every_example_opens_from_the_menu()
{
    QFETCH(const QString, path);
    const QString title = QTest::currentDataTag();
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const ExperimentSpec spec = parse_spec(file.readAll().toStdString(), path.toStdString());
    Session session;
    RunController& run = session.run();
    session.chooseFromBar({"File", "Examples", title});
    QTRY_COMPARE_WITH_TIMEOUT(run.runNumber(), std::uint64_t{1}, kPatience);
    QVERIFY(run.spec() == spec);
    QVERIFY2(session.window().windowTitle().startsWith(title), qPrintable(session.window().windowTitle()));
    auto* centre = session.find<QTabWidget>("centre");
    const bool network = spec.objective.kind == "network";
    QVERIFY(centre->currentWidget() == session.find<QWidget>(network ? "networkView" : "landscapeView"));
    QCOMPARE(session.find<QWidget>("accuracyDock")->isVisible(), network);
    QCOMPARE(session.find<QWidget>("measureDock")->isVisible(), !network);
    QVERIFY(!session.window().workspace().about().isEmpty());
    QVERIFY(session.find<QLabel>("about")->isVisible());
    QCOMPARE(session.find<QLabel>("about")->text(), session.window().workspace().about());
    if (run.state() == State::failed) {
        // Where there is no LibTorch or no Fashion-MNIST, the window says so.
        QVERIFY(network);
        QVERIFY(session.find<QLabel>("messageText")->isVisible());
        QVERIFY(session.find<QLabel>("messageText")->text() == run.message());
        return;
    }
    QCOMPARE(run.state(), State::running);
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > 0, kPatience);
    QVERIFY(!session.find<QLabel>("messageText")->isVisible());
}

void SessionFileTest::what_is_saved_opens_again_equal()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    Session::type(session.line(0, "beta"), "31.25");
    const ExperimentSpec spec = run.spec();
    const QString path = session.path("mine.json");
    Session::withFileDialog(path, [&session] { session.chooseFromBar({"File", "Save as…"}); });
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(session.window().workspace().file(), path, kPatience);
    QVERIFY(read_spec(path.toStdString()) == spec);
    QVERIFY(!session.window().isWindowModified());
    QVERIFY(session.window().windowTitle().contains("mine.json"));

    // Another experiment in between, then the file again.
    QVERIFY(session.openExample(1, false));
    QVERIFY(!(run.spec() == spec));
    const std::uint64_t number = run.runNumber();
    Session::withFileDialog(path, [&session] { session.chooseFromBar({"File", "Open…"}); });
    QTRY_COMPARE_WITH_TIMEOUT(run.runNumber(), number + 1, kPatience);
    QVERIFY(run.spec() == spec);
    QTRY_VERIFY_WITH_TIMEOUT(run.state() == State::running && run.step() > 0, kPatience);

    // Saving again needs no dialog; a change shows in the title until then.
    Session::type(session.line(0, "beta"), "30");
    QVERIFY(session.window().isWindowModified());
    session.chooseFromBar({"File", "Save"});
    QVERIFY(!session.window().isWindowModified());
    QVERIFY(read_spec(path.toStdString()) == run.spec());
}

void SessionFileTest::a_changed_experiment_asks_before_it_goes()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    QVERIFY(session.window().workspace().save(session.path("mine.json")));
    Session::type(session.line(0, "beta"), "30");
    const ExperimentSpec spec = run.spec();
    const auto answer = [](QMessageBox::StandardButton button) {
        auto* timer = new QTimer(qApp);
        connect(timer, &QTimer::timeout, qApp, [timer, button] {
            if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
                timer->deleteLater();
                QTest::mouseClick(box->button(button), Qt::LeftButton);
            }
        });
        timer->start(10);
    };
    answer(QMessageBox::Cancel);
    session.chooseFromBar({"File", "Examples", "Flat valley"});
    QTRY_VERIFY_WITH_TIMEOUT(QApplication::activeModalWidget() == nullptr, kPatience);
    QVERIFY(run.spec() == spec);
    QCOMPARE(run.state(), State::running);
    answer(QMessageBox::Save);
    session.chooseFromBar({"File", "Examples", "Flat valley"});
    QTRY_COMPARE_WITH_TIMEOUT(run.spec().objective.key, std::string("flat_valley"), kPatience);
    QVERIFY(read_spec(session.path("mine.json").toStdString()) == spec);
}

void SessionFileTest::broken_files_are_told_and_the_session_goes_on_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("misspelt key") << QByteArray(R"({"version": 1, "objective": {"landscape": "himmelblau"},
        "lanes": [{"label": "a", "optimizer": "sgd", "step_sise": 0.1}]})")
                                  << QStringList{"broken.json", "step_sise", "step_size"};
    QTest::newRow("out of range") << QByteArray(R"({"version": 1, "objective": {"landscape": "himmelblau"},
        "lanes": [{"label": "a", "optimizer": "sgld", "beta": -3}]})")
                                  << QStringList{"broken.json", "beta", "-3"};
    QTest::newRow("cut off") << QByteArray(R"({"version": 1, "objective": {"landscape)") << QStringList{"broken.json"};
    QTest::newRow("empty") << QByteArray() << QStringList{"broken.json"};
    QTest::newRow("no such landscape")
        << QByteArray(
               R"({"version": 1, "objective": {"landscape": "himmelblow"}, "lanes": [{"label": "a", "optimizer": "sgd"}]})")
        << QStringList{"broken.json", "himmelblow", "himmelblau"};
}

void SessionFileTest::broken_files_are_told_and_the_session_goes_on()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QStringList, words);
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    Session::type(session.line(0, "beta"), "30");
    const ExperimentSpec spec = run.spec();
    const std::uint64_t number = run.runNumber();
    const QString path = session.write("broken.json", content);
    Session::withFileDialog(path, [&session] { session.chooseFromBar({"File", "Open…"}); });
    auto* message = session.find<QLabel>("messageText");
    QTRY_VERIFY_WITH_TIMEOUT(message->isVisible(), kPatience);
    for (const QString& word : words) {
        QVERIFY2(message->text().contains(word), qPrintable(message->text()));
    }
    // The same run goes on with the same experiment, and what was changed can still be undone.
    QVERIFY(run.spec() == spec);
    QCOMPARE(run.runNumber(), number);
    QVERIFY(run.canUndo());
    const std::uint64_t step = run.step();
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > step, kPatience);
    QVERIFY(session.window().workspace().file().isEmpty());
    session.click("closeMessage");
    QVERIFY(!message->isVisible());
    // A file that is not there at all.
    QVERIFY(!session.window().workspace().open(session.path("gone.json"), true));
    QVERIFY(message->isVisible() && message->text().contains("gone.json"));
    // A place that can not be written to.
    QVERIFY(!session.window().workspace().save(session.path("broken.json") + "/below.json"));
    QVERIFY2(message->text().contains("below.json"), qPrintable(message->text()));
    QVERIFY(run.spec() == spec);
    QCOMPARE(run.state(), State::running);
}

void SessionFileTest::a_run_is_exported_with_its_changes()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    Session::type(session.line(1, "beta"), "25");
    QTRY_COMPARE_WITH_TIMEOUT(run.changes().size(), std::size_t{1}, kPatience);
    const QString path = session.path("repeat.json");
    Session::withFileDialog(path, [&session] { session.chooseFromBar({"File", "Export this run to repeat it…"}); });
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), kPatience);
    const ExperimentSpec replay = read_spec(path.toStdString());
    QCOMPARE(replay.changes.size(), std::size_t{1});
    QVERIFY(replay.changes[0] == run.changes()[0]);
    QCOMPARE(replay.lanes[1].params.number("beta"), 20.0);
}

void SessionFileTest::a_new_experiment_begins_from_the_menu()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    session.chooseFromBar({"File", "New", "Flat valley"});
    QTRY_COMPARE_WITH_TIMEOUT(run.spec().objective.key, std::string("flat_valley"), kPatience);
    QVERIFY(session.waitFor(State::ready));
    QCOMPARE(run.laneCount(), std::size_t{1});
    session.click("step");
    QTRY_COMPARE_WITH_TIMEOUT(run.step(), std::uint64_t{1}, kPatience);
}

int main(int argc, char** argv)
{
    return run_session_test<SessionFileTest>(argc, argv);
}
#include "session_file_test.moc"
