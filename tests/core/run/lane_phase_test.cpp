// While lanes are evaluated: what they say of it, and that a stop does not wait for it and loses nothing.
#include <QtTest/QTest>
#include <memory>
#include <thread>

#include "core/run/checkpoint.h"
#include "fake_run.h"

using namespace basin;
namespace fs = std::filesystem;

namespace {

template <class Done>
void until(Done done)
{
    while (!done()) {
        std::this_thread::yield();
    }
}

/// Three lanes are measured at steps 0, 8, 16 and 20; steps 0, 6, 12 and 18 leave rows where only every sixth does.
ExperimentSpec short_spec(std::uint64_t record_every)
{
    ExperimentSpec spec = fake_spec(20);
    spec.record_every = record_every;
    spec.probes = {{"sum", {}, 8}};
    return spec;
}

/// A run that was stopped in the evaluation that comes after so many.
std::unique_ptr<Runner> stopped_after(int evaluations, const ExperimentSpec& spec, const RunOptions& options)
{
    const auto metrics = std::make_shared<Gate>(false);
    metrics->admit(evaluations);
    auto runner = std::make_unique<Runner>(spec, options, fake_parts(std::make_shared<Gate>(true), metrics));
    runner->start();
    until([&] { return metrics->holds(); });
    runner->stop();
    runner->wait();
    return runner;
}

}  // namespace

class LanePhaseTest : public QObject {
    Q_OBJECT

    QTemporaryDir scratch_;
    int folders_ = 0;
    fs::path fresh() { return scratch_.filePath(QString::number(folders_++)).toStdString(); }

private Q_SLOTS:
    void a_lane_says_that_it_is_evaluated_and_how_far()
    {
        const auto open = std::make_shared<Gate>(true);
        const auto metrics = std::make_shared<Gate>(false);
        Runner runner(fake_spec(8), {}, fake_parts(open, metrics));
        QCOMPARE(runner.lane_status(0).phase, LanePhase::stepping);
        runner.start();
        for (std::size_t lane = 0; lane < 3; ++lane) {
            until([&] { return metrics->holds(); });
            for (std::size_t other = 0; other < 3; ++other) {
                const LaneStatus status = runner.lane_status(other);
                QCOMPARE(status.phase, other == lane ? LanePhase::evaluating : LanePhase::waiting);
                QCOMPARE(status.evaluated, other == lane ? 0.25 : 0.0);
                QVERIFY(status.evaluation_seconds > 0);
                QCOMPARE(status.state, LaneState::running);
                QVERIFY(status.loss > 0);  // of the start, which is known by then
            }
            metrics->admit(1);
        }
        // Step 8, the last: they are still at it when all steps are done.
        until([&] { return metrics->holds(); });
        QCOMPARE(runner.lane_status(0).phase, LanePhase::evaluating);
        metrics->open();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        for (std::size_t lane = 0; lane < 3; ++lane) {
            QCOMPARE(runner.lane_status(lane).phase, LanePhase::stepping);
            QCOMPARE(runner.lane_status(lane).evaluated, 0.0);
        }
    }

    void only_an_evaluation_that_can_be_read_is_worth_a_word()
    {
        LaneStatus lane;
        QCOMPARE(noticeable_phase(lane), LanePhase::stepping);
        for (const LanePhase phase : {LanePhase::evaluating, LanePhase::waiting}) {
            lane.phase = phase;
            lane.evaluation_seconds = 0.1;
            QCOMPARE(noticeable_phase(lane), LanePhase::stepping);
            lane.evaluation_seconds = 1;
            QCOMPARE(noticeable_phase(lane), phase);
        }
        lane = {};
        lane.phase = LanePhase::waiting_for_probe;
        QCOMPARE(noticeable_phase(lane), LanePhase::waiting_for_probe);
    }

    /// The gate stays shut: whoever waited for the measurement would wait for ever.
    void a_stop_does_not_wait_for_an_evaluation()
    {
        for (const bool destroyed : {false, true}) {
            const auto open = std::make_shared<Gate>(true);
            const auto metrics = std::make_shared<Gate>(false);
            Runner runner(fake_spec(std::nullopt), {}, fake_parts(open, metrics));
            runner.start();
            until([&] { return metrics->holds(); });
            if (!destroyed) {
                runner.stop();
                runner.wait();
                QCOMPARE(runner.state(), RunState::stopped);
                QVERIFY(runner.lane_status(0).metrics.empty());
                QCOMPARE(runner.lane_status(0).phase, LanePhase::stepping);
            }
        }
    }

    void a_run_stopped_in_any_evaluation_goes_on_to_the_same_bytes_data()
    {
        QTest::addColumn<int>("admitted");
        QTest::addColumn<quint64>("record_every");
        for (const quint64 record_every : {1, 6}) {
            for (int admitted = 0; admitted < 12; ++admitted) {
                QTest::addRow("rows every %d, after %d", static_cast<int>(record_every), admitted)
                    << admitted << record_every;
            }
        }
    }
    void a_run_stopped_in_any_evaluation_goes_on_to_the_same_bytes()
    {
        QFETCH(int, admitted);
        QFETCH(quint64, record_every);
        const ExperimentSpec spec = short_spec(record_every);
        RunOptions options;
        options.folder = fresh();
        options.threads = 1;
        {
            const auto runner = stopped_after(admitted, spec, options);
            QCOMPARE(runner->state(), RunState::stopped);
            QCOMPARE(runner->lane_status(2).step, static_cast<std::uint64_t>(std::min(8 * (admitted / 3), 20)));
        }
        const Checkpoint checkpoint = read_checkpoint(options.folder);
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(checkpoint.lanes[i].owes_metrics, i >= static_cast<std::size_t>(admitted % 3));
        }
        options.resume = true;
        Runner runner(spec, options, fake_parts());
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        const auto expected = run_to_end(spec, fresh());
        const auto files = files_of(options.folder);
        QCOMPARE(files.size(), expected.size());
        for (const auto& [name, content] : expected) {
            QVERIFY2(files.at(name) == content, (name + ":\n" + files.at(name).toStdString()).c_str());
        }
    }

    void it_can_be_stopped_twice_in_the_same_evaluation()
    {
        const ExperimentSpec spec = short_spec(1);
        RunOptions options;
        options.folder = fresh();
        options.threads = 1;
        for (const int admitted : {3, 1}) {  // the three of step 0; the first of step 8
            stopped_after(admitted, spec, options);
            options.resume = true;
        }
        Runner runner(spec, options, fake_parts());
        runner.start();
        runner.wait();
        QCOMPARE(files_of(options.folder)["metrics.csv"], run_to_end(spec, fresh())["metrics.csv"]);
    }
};

QTEST_APPLESS_MAIN(LanePhaseTest)
#include "lane_phase_test.moc"
