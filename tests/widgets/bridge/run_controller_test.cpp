// The bridge on a fake objective: rows, metrics, states and changes arrive whole, and nothing is told too early.
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "tests/core/run/fake_run.h"
#include "widgets/bridge/run_controller.h"

using namespace basin;
using State = RunController::State;

namespace {
constexpr int kPatience = 40000;
}

class RunControllerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void every_row_of_every_lane_arrives_once();
    void metrics_come_at_each_epoch();
    void who_hears_of_the_end_finds_all_rows();
    void single_steps_are_counted_one_by_one();
    void a_slow_run_has_a_speed_between_its_steps();
    void a_change_is_reported_whenever_it_acts();
    void a_new_run_begins_with_empty_histories();
    void commands_in_any_order_do_no_harm();
};

void RunControllerTest::every_row_of_every_lane_arrives_once()
{
    RunController run(nullptr, fake_parts());
    run.setPace(RunController::kUnlimited);
    run.openSpec(fake_spec(2000), true);
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::finished, kPatience);
    QCOMPARE(run.laneCount(), std::size_t{3});
    QCOMPARE(run.totalSteps(), std::uint64_t{2000});
    QCOMPARE(run.landscape(), nullptr);
    const std::vector<std::uint64_t> gradients_a_step{1, 1, 2};  // heavy ball, fSGLD, SAM
    for (std::size_t lane = 0; lane < run.laneCount(); ++lane) {
        const LaneHistory& history = run.lane(lane).history;
        QVERIFY(history.size() >= 2000);
        for (std::size_t row = 1; row < history.size(); ++row) {
            QCOMPARE(history.steps()[row], history.steps()[row - 1] + 1);  // none missing, none twice
        }
        QCOMPARE(run.lane(lane).status.step, std::uint64_t{2000});
        QCOMPARE(run.lane(lane).status.counts.gradients, 2000 * gradients_a_step[lane]);
    }
    // u = |x|^2 / 2 goes down with SGD to where the noise of the batches holds it.
    const LaneHistory& history = run.lane(0).history;
    QVERIFY(history.losses()[history.size() - 1] < 0.1 * history.losses()[0]);
}

void RunControllerTest::metrics_come_at_each_epoch()
{
    RunController run(nullptr, fake_parts());
    run.setPace(RunController::kUnlimited);
    run.openSpec(fake_spec(40), true);
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::finished, kPatience);
    QCOMPARE(run.metricKeys(), (std::vector<std::string>{"norm"}));
    QCOMPARE(run.stepsPerEpoch(), std::size_t{8});
    for (std::size_t lane = 0; lane < run.laneCount(); ++lane) {
        std::vector<std::uint64_t> steps;
        for (const MetricsRow& row : run.lane(lane).metrics) {
            steps.push_back(row.step);
        }
        for (const std::uint64_t epoch_end : {8, 16, 24, 32, 40}) {
            QCOMPARE(std::count(steps.begin(), steps.end(), epoch_end), 1);
        }
    }
}

void RunControllerTest::who_hears_of_the_end_finds_all_rows()
{
    // A run that is over before the first frame, several times: the end must not be told before its rows are there.
    for (int round = 0; round < 20; ++round) {
        RunController run(nullptr, fake_parts());
        run.setPace(RunController::kUnlimited);
        std::vector<std::uint64_t> at_end;
        connect(&run, &RunController::stateChanged, this, [&run, &at_end] {
            if (run.state() == State::finished) {
                at_end.push_back(run.step());
                at_end.push_back(static_cast<std::uint64_t>(run.lane(0).history.steps().back()));
            }
        });
        run.openSpec(fake_spec(5), false);
        QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::ready, kPatience);
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::finished, kPatience);
        QCOMPARE(at_end, (std::vector<std::uint64_t>{5, 5}));
    }
}

void RunControllerTest::single_steps_are_counted_one_by_one()
{
    RunController run(nullptr, fake_parts());
    run.openSpec(fake_spec(std::nullopt), false);
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::ready, kPatience);
    for (std::uint64_t step = 1; step <= 5; ++step) {
        run.singleStep();
        QTRY_VERIFY_WITH_TIMEOUT(run.state() == State::paused && run.step() == step, kPatience);
    }
    // Pressed three times at once, three steps are done.
    run.singleStep();
    run.singleStep();
    run.singleStep();
    QTRY_VERIFY_WITH_TIMEOUT(run.state() == State::paused && run.step() == 8, kPatience);
}

/// One step, then an evaluation that does not end: a hundred looks later it is still no run that stands still.
void RunControllerTest::a_slow_run_has_a_speed_between_its_steps()
{
    const auto metrics = std::make_shared<Gate>(false);
    metrics->admit(6);
    RunController run(nullptr, fake_parts(std::make_shared<Gate>(true), metrics));
    run.setPace(RunController::kUnlimited);
    ExperimentSpec spec = fake_spec(std::nullopt);
    spec.metrics_every = 1;
    run.openSpec(spec, true);
    QTRY_VERIFY_WITH_TIMEOUT(metrics->holds(), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(run.stepsPerSecond() > 0, kPatience);
    QSignalSpy looks(&run, &RunController::polled);
    QTRY_VERIFY_WITH_TIMEOUT(looks.count() > 100, kPatience);
    QVERIFY(run.stepsPerSecond() > 0);
    run.pause();
}

void RunControllerTest::a_change_is_reported_whenever_it_acts()
{
    // At full speed the run is many steps ahead of what the window knows; each change must still be heard of.
    RunController run(nullptr, fake_parts());
    run.setPace(RunController::kUnlimited);
    run.openSpec(fake_spec(std::nullopt), true);
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > 0, kPatience);
    double value = 0.001;
    for (std::size_t change = 1; change <= 10; ++change, value += 0.001) {
        run.setLaneParam(change % 3, "step_size", value);
        QTRY_VERIFY_WITH_TIMEOUT(run.changes().size() == change, kPatience);
        QCOMPARE(std::get<double>(run.changes().back().value), value);
        QCOMPARE(run.changes().back().lane, change % 3);
    }
    run.pause();
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
    run.setLaneParam(0, "step_size", 0.5);  // acts at the next step, and is then reported
    run.singleStep();
    QTRY_COMPARE_WITH_TIMEOUT(run.changes().size(), std::size_t{11}, kPatience);
    QVERIFY(run.replaySpec().changes == run.changes());
}

void RunControllerTest::a_new_run_begins_with_empty_histories()
{
    RunController run(nullptr, fake_parts());
    run.setPace(RunController::kUnlimited);
    run.openSpec(fake_spec(std::nullopt), true);
    QTRY_VERIFY_WITH_TIMEOUT(run.lane(0).history.size() > 100, kPatience);
    const std::uint64_t generation = run.lane(0).history.generation();
    run.reset();
    QCOMPARE(run.state(), State::loading);
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::ready, kPatience);
    QVERIFY(run.lane(0).history.generation() != generation);
    QVERIFY(run.lane(0).history.size() <= 1);  // the loss at the start
    QVERIFY(run.lane(0).metrics.size() <= 1);
    QVERIFY(run.changes().empty() && run.reports().empty());
}

void RunControllerTest::commands_in_any_order_do_no_harm()
{
    RunController run(nullptr, fake_parts());
    // Before there is an experiment at all.
    run.pause();
    run.singleStep();
    run.undo();
    run.openSpec(fake_spec(std::nullopt), false);
    const std::vector<void (RunController::*)()> commands{&RunController::start, &RunController::pause,
                                                          &RunController::singleStep, &RunController::reset,
                                                          &RunController::toggle};
    for (const auto first : commands) {
        for (const auto second : commands) {
            for (const auto third : commands) {
                (run.*first)();
                (run.*second)();
                (run.*third)();
            }
        }
        QSignalSpy polled(&run, &RunController::polled);
        QVERIFY(polled.wait(kPatience));
    }
    run.reset();
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::ready, kPatience);
    run.start();
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > 0, kPatience);
}

QTEST_MAIN(RunControllerTest)
#include "run_controller_test.moc"
