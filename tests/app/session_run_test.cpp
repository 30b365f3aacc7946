// A person runs, pauses, steps, resets, changes the speed and the seed, with the mouse and from the keyboard.
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QToolBar>
#include <algorithm>

#include "session.h"

using namespace basin;
using State = RunController::State;

namespace {

std::vector<std::uint64_t> steps_of(const RunController& run)
{
    std::vector<std::uint64_t> steps;
    for (std::size_t lane = 0; lane < run.laneCount(); ++lane) {
        steps.push_back(run.lane(lane).status.step);
    }
    return steps;
}

std::vector<double> losses_of(const RunController& run)
{
    std::vector<double> losses;
    for (std::size_t lane = 0; lane < run.laneCount(); ++lane) {
        const auto rows = run.lane(lane).history.losses();
        losses.insert(losses.end(), rows.begin(), rows.end());
    }
    return losses;
}

}  // namespace

class SessionRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void starts_with_the_flagship_and_is_driven_by_the_buttons();
    void is_driven_by_the_keyboard();
    void speed_goes_from_single_steps_to_as_fast_as_it_goes();
    void speed_changes_no_result();
    void seed_is_typed_and_thrown();
    void a_run_of_given_length_ends_and_runs_again();
    void closes_while_it_runs();
};

void SessionRunTest::starts_with_the_flagship_and_is_driven_by_the_buttons()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    QCOMPARE(run.spec().objective.key, std::string("gaussian_wells"));
    QCOMPARE(run.spec().lanes.size(), std::size_t{2});
    QCOMPARE(run.pace(), 60.0);
    QCOMPARE(run.totalSteps(), std::uint64_t{0});
    QTRY_VERIFY_WITH_TIMEOUT(run.step() >= 3, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(session.find<QLabel>("stateText")->text().contains("Running"), kPatience);

    session.click("pause");
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
    QVERIFY(session.frames(3));
    const std::vector<std::uint64_t> before = steps_of(run);
    QCOMPARE(before[0], before[1]);

    // Exactly one step: both lanes, and not another one while frames pass.
    for (std::uint64_t more = 1; more <= 2; ++more) {
        session.click("step");
        QTRY_COMPARE_WITH_TIMEOUT(run.step(), before[0] + more, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
        QVERIFY(session.frames(5));
        QCOMPARE(steps_of(run), std::vector<std::uint64_t>(2, before[0] + more));
    }
    QVERIFY(!session.find<QAction>("pause")->isEnabled());

    session.click("run");
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > before[0] + 5, kPatience);
    QCOMPARE(run.state(), State::running);

    const std::uint64_t number = run.runNumber();
    session.click("reset");
    QTRY_COMPARE_WITH_TIMEOUT(run.runNumber(), number + 1, kPatience);
    QCOMPARE(run.state(), State::ready);
    QCOMPARE(run.step(), std::uint64_t{0});
    // What was recorded is forgotten, but for the loss at the start.
    QVERIFY(session.frames(2));
    for (std::size_t lane = 0; lane < 2; ++lane) {
        const LaneHistory& history = run.lane(lane).history;
        QVERIFY(history.size() <= 1 && (history.empty() || history.steps()[0] == 0));
    }
    QTRY_COMPARE_WITH_TIMEOUT(session.find<QLabel>("stateText")->text(), QString("Ready"), kPatience);
}

void SessionRunTest::is_driven_by_the_keyboard()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, false));
    auto* map = session.find<QWidget>("landscapeView");
    map->setFocus();
    session.key(Qt::Key_S);
    QTRY_COMPARE_WITH_TIMEOUT(run.step(), std::uint64_t{1}, kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
    session.key(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > 3, kPatience);
    session.key(Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
    const std::uint64_t seed = run.spec().seed;
    const std::uint64_t number = run.runNumber();
    session.key(Qt::Key_R);
    QTRY_COMPARE_WITH_TIMEOUT(run.runNumber(), number + 1, kPatience);
    QCOMPARE(run.step(), std::uint64_t{0});
    session.key(Qt::Key_D);
    QTRY_COMPARE_WITH_TIMEOUT(run.runNumber(), number + 2, kPatience);
    QVERIFY(run.spec().seed != seed);
    session.key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(run.spec().seed, seed);
}

void SessionRunTest::speed_goes_from_single_steps_to_as_fast_as_it_goes()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    auto* speed = session.find<QSlider>("speed");
    auto* words = session.find<QLabel>("speedText");
    QVERIFY(words->text().contains("60"));
    speed->setFocus();
    QTest::keyClick(speed, Qt::Key_End);
    QCOMPARE(run.pace(), RunController::kUnlimited);
    QCOMPARE(words->text(), QString("as fast as it goes"));
    const std::uint64_t before = run.step();
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > before + 100, kPatience);
    QTest::keyClick(speed, Qt::Key_Home);
    QCOMPARE(run.pace(), 1.0);
    QVERIFY(words->text().contains("1"));
    // Every place says what it is, and rises.
    double last = 0;
    for (int place = speed->minimum(); place < speed->maximum(); ++place) {
        speed->setValue(place);
        QVERIFY(run.pace() > last);
        last = run.pace();
    }
    QCOMPARE(run.state(), State::running);
}

void SessionRunTest::speed_changes_no_result()
{
    const ExperimentSpec spec = parse_spec(
        R"({"version": 1, "objective": {"landscape": "gaussian_wells"}, "chains": 200, "steps": 40, "lanes": [
            {"label": "a", "optimizer": "sgld", "step_size": 0.05, "beta": 20},
            {"label": "b", "optimizer": "fsgld", "step_size": 0.05, "beta": 20}]})",
        "test");
    Session session;
    std::vector<std::vector<double>> results;
    for (const double pace : {60.0, RunController::kUnlimited}) {
        session.run().setPace(pace);
        QVERIFY(session.open(spec, false));
        session.click("run");
        QTRY_COMPARE_WITH_TIMEOUT(session.run().state(), State::finished, kPatience);
        QVERIFY(session.frames(2));
        results.push_back(losses_of(session.run()));
    }
    QVERIFY(results[0].size() >= 80);
    QVERIFY(results[0] == results[1]);
}

void SessionRunTest::seed_is_typed_and_thrown()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    auto* seed = session.find<QLineEdit>("seed");
    QCOMPARE(seed->text(), QString("42"));
    std::uint64_t number = run.runNumber();
    Session::type(seed, "7");
    QCOMPARE(run.spec().seed, std::uint64_t{7});
    QTRY_COMPARE_WITH_TIMEOUT(run.runNumber(), number + 1, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(run.state() == State::running && run.step() > 0, kPatience);  // it goes on running
    number = run.runNumber();
    session.click("dice");
    QTRY_VERIFY_WITH_TIMEOUT(run.runNumber() > number, kPatience);
    QCOMPARE(seed->text(), QString::number(run.spec().seed));
    QVERIFY(run.canUndo());
}

void SessionRunTest::a_run_of_given_length_ends_and_runs_again()
{
    const ExperimentSpec spec = parse_spec(
        R"({"version": 1, "objective": {"landscape": "himmelblau"}, "chains": 10, "steps": 25,
            "lanes": [{"label": "a", "optimizer": "sgd", "step_size": 0.001}]})",
        "test");
    Session session;
    RunController& run = session.run();
    QVERIFY(session.open(spec, false));
    run.setPace(RunController::kUnlimited);
    session.click("run");
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::finished, kPatience);
    QCOMPARE(run.step(), std::uint64_t{25});
    QTRY_VERIFY_WITH_TIMEOUT(session.find<QLabel>("stateText")->text().contains("Finished at step 25"), kPatience);
    QCOMPARE(session.find<QAction>("run")->text(), QString("Run again"));
    QVERIFY(!session.find<QAction>("step")->isEnabled());
    const std::uint64_t number = run.runNumber();
    session.click("run");
    QTRY_VERIFY_WITH_TIMEOUT(run.runNumber() == number + 1 && run.state() == State::finished, kPatience);
    QCOMPARE(run.step(), std::uint64_t{25});
}

void SessionRunTest::closes_while_it_runs()
{
    for (const bool unlimited : {false, true}) {
        Session session;
        QVERIFY(session.openExample(0, true));
        session.run().setPace(unlimited ? RunController::kUnlimited : 60);
        QTRY_VERIFY_WITH_TIMEOUT(session.run().step() > 0, kPatience);
        session.close();
    }
    // And while a run is still being made.
    Session session;
    session.window().workspace().open(Workspace::examples().at(1).path, true);
    QCOMPARE(session.run().state(), State::loading);
    session.close();
}

int main(int argc, char** argv)
{
    return run_session_test<SessionRunTest>(argc, argv);
}
#include "session_run_test.moc"
