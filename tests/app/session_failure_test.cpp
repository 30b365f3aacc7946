// What fails is said in the window, and the rest goes on.
#include <QAction>
#include <QLabel>
#include <QTableWidget>
#include <QToolButton>

#include "session.h"
#include "widgets/plots/landscape_view.h"
#include "widgets/plots/lane_style.h"

using namespace basin;
using State = RunController::State;

class SessionFailureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_lane_that_fails_says_so_and_the_others_go_on();
    void escaped_particles_are_counted_and_not_drawn();
    void a_run_that_can_not_be_made_says_why_and_can_be_mended();
    void several_messages_are_counted();
};

void SessionFailureTest::a_lane_that_fails_says_so_and_the_others_go_on()
{
    // A step of 10 throws every particle off the plane at once.
    const ExperimentSpec spec = parse_spec(
        R"({"version": 1, "objective": {"landscape": "himmelblau"}, "chains": 50, "start": {"points": [[4, 4]]},
            "lanes": [{"label": "too fast", "optimizer": "sgd", "step_size": 10},
                      {"label": "calm", "optimizer": "sgd", "step_size": 0.001}]})",
        "test");
    Session session;
    RunController& run = session.run();
    run.openSpec(spec, true);
    auto* message = session.find<QLabel>("messageText");
    QTRY_VERIFY_WITH_TIMEOUT(message->isVisible(), kPatience);
    QVERIFY2(message->text().contains("too fast") && message->text().contains("step"), qPrintable(message->text()));
    QCOMPARE(run.lane(0).status.state, LaneState::failed);
    const std::uint64_t step = run.lane(1).status.step;
    QTRY_VERIFY_WITH_TIMEOUT(run.lane(1).status.step > step + 2, kPatience);
    QCOMPARE(run.state(), State::running);
    // The card and the table say it as well; the card's words are the message.
    auto* status = Session::find<QLabel>(session.lane(0), "status");
    QTRY_VERIFY_WITH_TIMEOUT(status->isVisible(), kPatience);
    QCOMPARE(status->text(), message->text());
    auto* table = session.find<QTableWidget>("compareTable");
    QTRY_COMPARE_WITH_TIMEOUT(table->item(0, 1)->text(), QString("failed"), kPatience);
    QCOMPARE(table->item(1, 1)->text(), QString("running"));
    QCOMPARE(table->item(0, 0)->toolTip(), message->text());
    // Mended and started anew, all is well.
    Session::type(session.line(0, "step_size"), "0.001");
    session.click("reset");
    QVERIFY(session.waitFor(State::ready));
    QVERIFY(!message->isVisible());
    session.click("run");
    QTRY_VERIFY_WITH_TIMEOUT(run.lane(0).status.step > 2, kPatience);
    QCOMPARE(run.lane(0).status.state, LaneState::running);
}

void SessionFailureTest::escaped_particles_are_counted_and_not_drawn()
{
    // Half of the particles start so far out that the step is too long for them there.
    const ExperimentSpec spec = parse_spec(
        R"({"version": 1, "objective": {"landscape": "himmelblau"}, "chains": 40, "start": {"points": [[3, 2], [40, 40]]},
            "lanes": [{"label": "a", "optimizer": "sgd", "step_size": 0.005}]})",
        "test");
    Session session;
    RunController& run = session.run();
    QVERIFY(session.open(spec, true));
    QTRY_COMPARE_WITH_TIMEOUT(run.lane(0).status.escaped, std::uint64_t{20}, kPatience);
    auto* status = Session::find<QLabel>(session.lane(0), "status");
    QTRY_VERIFY_WITH_TIMEOUT(status->text().contains("20") && status->text().contains("escaped"), kPatience);
    auto* table = session.find<QTableWidget>("compareTable");
    QTRY_COMPARE_WITH_TIMEOUT(table->item(0, 5)->text(), QString("20"), kPatience);
    QCOMPARE(run.lane(0).status.state, LaneState::running);
    // Saved positions are those drawn: the escaped ones are not among them.
    auto* view = session.find<LandscapeView>("landscapeView");
    QTRY_COMPARE_WITH_TIMEOUT(view->table().trimmed().split('\n').size(), 21, kPatience);
}

void SessionFailureTest::a_run_that_can_not_be_made_says_why_and_can_be_mended()
{
    const ExperimentSpec good = parse_spec(
        R"({"version": 1, "objective": {"landscape": "himmelblau"}, "chains": 50,
            "lanes": [{"label": "a", "optimizer": "sgd", "step_size": 0.001}]})",
        "test");
    // A network whose data are not there (a build without LibTorch has no networks, and says that).
    const ExperimentSpec bad = parse_spec(
        R"({"version": 1, "objective": {"network": "mlp", "dataset": "mnist", "folder": "/nowhere/at/all"},
            "lanes": [{"label": "a", "optimizer": "sgd", "step_size": 0.001}]})",
        "test");
    Session session;
    RunController& run = session.run();
    QVERIFY(session.open(good, true));
    run.edit(bad);
    auto* message = session.find<QLabel>("messageText");
    QTRY_VERIFY_WITH_TIMEOUT(message->isVisible(), kPatience);
    QVERIFY2(message->text().contains("/nowhere/at/all") || message->text().contains("LibTorch"),
             qPrintable(message->text()));
    QCOMPARE(run.state(), State::failed);
    QVERIFY(!session.find<QAction>("step")->isEnabled());
    session.find<QAction>("undo")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::ready, kPatience);
    QVERIFY(!message->isVisible());
    session.click("run");
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > 2, kPatience);
}

void SessionFailureTest::several_messages_are_counted()
{
    Session session;
    QVERIFY(session.openExample(0, false));
    session.window().tell("One thing went wrong.");
    session.window().tell("Another thing went wrong.");
    session.window().tell("Another thing went wrong.");  // the same again is no news
    QCOMPARE(session.find<QLabel>("messageText")->text(), QString("Another thing went wrong."));
    QCOMPARE(session.find<QLabel>("messageCount")->text(), QString("2 messages"));
    // The bar takes the theme's colours, whenever that changes.
    for (const bool dark : {true, false}) {
        session.window().setTheme(dark ? ThemeChoice::dark : ThemeChoice::light);
        const auto* bar = session.find<QWidget>("messageBar");
        QTRY_COMPARE(bar->palette().color(QPalette::Window).lightnessF() < 0.5F, dark);
        const QColor text = session.find<QLabel>("messageText")->palette().color(QPalette::WindowText);
        QVERIFY(contrast(text, bar->palette().color(QPalette::Window)) > 4.5);
    }
    session.click("closeMessage");
    QVERIFY(!session.find<QLabel>("messageText")->isVisible());
}

int main(int argc, char** argv)
{
    return run_session_test<SessionFailureTest>(argc, argv);
}
#include "session_failure_test.moc"
