// The state machine: start, pause, resume, step and stop in every order, and what each promises.
#include <QtTest/QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <thread>

#include "fake_run.h"

using namespace basin;

namespace {

constexpr std::array<const char*, 5> kCommands{"start", "pause", "resume", "step", "stop"};

void give(Runner& runner, std::size_t command)
{
    switch (command) {
        case 0:
            runner.start();
            break;
        case 1:
            runner.pause();
            break;
        case 2:
            runner.resume();
            break;
        case 3:
            runner.single_step();
            break;
        default:
            runner.stop();
            break;
    }
}

bool ended(RunState state)
{
    return state == RunState::finished || state == RunState::stopped || state == RunState::failed;
}

/// Lets the run go on until `done`, without a sleep.
template <class Done>
void until(Done done)
{
    while (!done()) {
        std::this_thread::yield();
    }
}

}  // namespace

class RunnerStatesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Five commands in all 3,905 sequences of one to five, thrown at an endless run as fast as they go; then it must
    /// still stop, all lanes at one step. That nothing hangs or races is the point; thread sanitizer looks as well.
    void commands_in_every_order_data()
    {
        QTest::addColumn<int>("length");
        for (int length = 1; length <= 5; ++length) {
            QTest::addRow("sequences of %d", length) << length;
        }
    }
    void commands_in_every_order()
    {
        QFETCH(int, length);
        const RunParts parts = fake_parts();
        const ExperimentSpec spec = fake_spec(std::nullopt);
        std::size_t sequences = 1;
        for (int i = 0; i < length; ++i) {
            sequences *= kCommands.size();
        }
#ifdef BASIN_SANITIZED
        const std::size_t stride = length < 5 ? 1 : 7;  // ten times slower there: every seventh of the longest
#else
        const std::size_t stride = 1;
#endif
        for (std::size_t sequence = 0; sequence < sequences; sequence += stride) {
            RunOptions options;
            options.threads = 1;
            Runner runner(spec, options, parts);
            QByteArray said;
            bool started = false;
            bool stopped = false;
            for (std::size_t rest = sequence, i = 0; i < static_cast<std::size_t>(length);
                 ++i, rest /= kCommands.size()) {
                const std::size_t command = rest % kCommands.size();
                said += QByteArray(kCommands[command]) + ' ';
                give(runner, command);
                started = started || command == 0;
                stopped = stopped || command == 4;
                const RunState state = runner.state();
                const bool allowed = stopped   ? (state != RunState::idle && state != RunState::failed)
                                     : started ? (state == RunState::running || state == RunState::paused)
                                               : state == RunState::idle;
                said += "-> state " + QByteArray::number(static_cast<int>(state)) + " ";
                QVERIFY2(allowed, said);
            }
            runner.stop();
            runner.wait();
            QCOMPARE(runner.state(), RunState::stopped);
            for (std::size_t lane = 1; lane < runner.lane_count(); ++lane) {
                QVERIFY2(runner.lane_status(lane).step == runner.lane_status(0).step, said);
            }
        }
    }

    void commands_in_every_order_to_a_run_that_ends_by_itself()
    {
        const RunParts parts = fake_parts();
        const ExperimentSpec spec = fake_spec(20);
        for (std::size_t sequence = 0; sequence < 625; ++sequence) {
            RunOptions options;
            options.threads = 1;
            Runner runner(spec, options, parts);
            runner.start();
            bool stopped = false;
            for (std::size_t rest = sequence, i = 0; i < 4; ++i, rest /= kCommands.size()) {
                give(runner, rest % kCommands.size());
                stopped = stopped || rest % kCommands.size() == 4;
            }
            runner.resume();
            runner.wait();
            QVERIFY(runner.state() == RunState::finished || (stopped && runner.state() == RunState::stopped));
            if (!stopped) {
                QCOMPARE(runner.lane_status(0).step, std::uint64_t{20});
                QCOMPARE(runner.lane_status(0).state, LaneState::finished);
            }
        }
    }

    void a_destroyed_runner_ends_its_run()
    {
        for (const bool paused : {false, true}) {
            RunOptions options;
            options.paused = paused;
            options.observed = true;  // and nobody pops: the lanes stand still at a full ring
            Runner runner(fake_spec(std::nullopt), options, fake_parts());
            runner.start();
        }
        Runner never_started(fake_spec(std::nullopt), {}, fake_parts());
        never_started.wait();
        QCOMPARE(never_started.state(), RunState::idle);
    }

    void a_single_step_is_exactly_one()
    {
        RunOptions options;
        options.paused = true;
        Runner runner(fake_spec(std::nullopt), options, fake_parts());
        runner.start();
        QCOMPARE(runner.state(), RunState::paused);
        for (std::uint64_t step = 1; step <= 20; ++step) {
            runner.single_step();
            until([&] { return runner.state() == RunState::paused; });
            for (std::size_t lane = 0; lane < 3; ++lane) {
                QCOMPARE(runner.lane_status(lane).step, step);
            }
        }
        for (int i = 0; i < 7; ++i) {
            runner.single_step();
        }
        until([&] { return runner.state() == RunState::paused; });
        QCOMPARE(runner.lane_status(0).step, std::uint64_t{27});
    }

    void a_pause_holds_and_a_resume_goes_on()
    {
        Runner runner(fake_spec(std::nullopt), {}, fake_parts());
        runner.start();
        until([&] { return runner.lane_status(0).step > 10; });
        runner.pause();
        until([&] { return runner.state() == RunState::paused; });
        const std::uint64_t step = runner.lane_status(0).step;
        for (std::size_t lane = 0; lane < 3; ++lane) {
            QCOMPARE(runner.lane_status(lane).step, step);
        }
        runner.single_step();
        until([&] { return runner.state() == RunState::paused; });
        QCOMPARE(runner.lane_status(2).step, step + 1);
        runner.resume();
        until([&] { return runner.lane_status(0).step > step + 10; });
    }

    void a_paced_run_answers_at_once()
    {
        Runner runner(fake_spec(std::nullopt), {}, fake_parts());
        runner.set_pace(1e-6);  // the next step is due in eleven days
        runner.start();
        runner.pause();
        until([&] { return runner.state() == RunState::paused; });
        runner.single_step();
        until([&] { return runner.state() == RunState::paused; });
        QCOMPARE(runner.lane_status(0).step, std::uint64_t{1});
        runner.resume();
        runner.set_pace(0);
        until([&] { return runner.lane_status(0).step > 100; });
    }

    void a_full_ring_makes_the_lanes_wait_and_loses_nothing()
    {
        RunOptions options;
        options.observed = true;
        const std::uint64_t steps = 100000;
        Runner runner(fake_spec(steps), options, fake_parts());
        runner.start();
        // Nobody pops: the lanes come to a stand before the ring of 65,536 rows is full.
        until([&] { return runner.lane_status(0).step > 40000; });
        runner.pause();
        until([&] { return runner.state() == RunState::paused; });
        QVERIFY(runner.lane_status(0).step < 65536);
        runner.resume();
        std::array<std::uint64_t, 3> next{};
        std::array<RecordRow, 1000> rows;
        while (!ended(runner.state()) || next != std::array<std::uint64_t, 3>{steps + 1, steps + 1, steps + 1}) {
            runner.wait_for(std::chrono::milliseconds(1));  // the lanes need a core, too
            for (std::size_t lane = 0; lane < 3; ++lane) {
                const std::size_t count = runner.records(lane).pop(rows);
                for (std::size_t i = 0; i < count; ++i) {
                    QVERIFY(rows[i].step == next[lane]++);
                }
            }
        }
        QCOMPARE(runner.state(), RunState::finished);
    }

    void snapshots_come_when_asked_for_also_after_the_end()
    {
        RunOptions options;
        options.observed = true;
        Runner runner(fake_spec(50), options, fake_parts());
        QVERIFY(!runner.snapshot(0).take());
        runner.start();
        until([&] { return ended(runner.state()); });
        QVERIFY(!runner.snapshot(0).take());
        runner.request_snapshots();
        until([&] { return runner.snapshot(0).take(); });
        QCOMPARE(runner.snapshot(0).front().step, std::uint64_t{50});
        QCOMPARE(runner.snapshot(0).front().dim, std::size_t{4});
        QCOMPARE(runner.snapshot(0).front().theta.size(), std::size_t{4});
    }

    void a_large_ensemble_is_thinned_for_drawing()
    {
        RunOptions options;
        options.observed = true;
        options.paused = true;
        ExperimentSpec spec = wells_spec(std::nullopt, 2 * Snapshot::kMaximumParticles + 10);
        spec.start.spread = 0;  // the first half at (-1.8, 0), the second at (1.8, 0)
        Runner runner(spec, options, fake_parts());
        runner.start();
        runner.request_snapshots();
        until([&] { return runner.snapshot(1).take(); });
        const std::vector<float>& theta = runner.snapshot(1).front().theta;
        QCOMPARE(theta.size(), 2 * Snapshot::kMaximumParticles);
        QCOMPARE(theta[0], -1.8F);
        QCOMPARE(theta[theta.size() - 2], 1.8F);
        QCOMPARE(theta[Snapshot::kMaximumParticles - 4], -1.8F);
        QCOMPARE(theta[Snapshot::kMaximumParticles + 4], 1.8F);
    }

    void a_lane_that_diverges_ends_alone()
    {
        ExperimentSpec spec = fake_spec(400);
        spec.lanes.push_back(lane("wild", "sgd", {{"step_size", 5.0}}));  // x grows fourfold a step: inf before 128
        Runner runner(spec, {}, fake_parts());
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        const LaneStatus wild = runner.lane_status(3);
        QCOMPARE(wild.state, LaneState::failed);
        QVERIFY2(wild.message.starts_with("lane \"wild\": step "), wild.message.c_str());
        QVERIFY(wild.step < 128);
        QCOMPARE(runner.lane_status(0).state, LaneState::finished);
        QCOMPARE(runner.lane_status(0).step, std::uint64_t{400});
    }

    void a_lane_whose_particles_all_escape_ends_alone()
    {
        ExperimentSpec spec = wells_spec(300, 50);
        spec.lanes.push_back(lane("wild", "sgd", {{"step_size", 50.0}}));
        Runner runner(spec, {}, fake_parts());
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        QCOMPARE(runner.lane_status(3).state, LaneState::failed);
        QCOMPARE(runner.lane_status(3).escaped, std::uint64_t{50});
        QCOMPARE(runner.lane_status(1).escaped, std::uint64_t{0});
        QCOMPARE(runner.lane_status(1).step, std::uint64_t{300});
    }

    void when_every_lane_fails_the_run_is_over()
    {
        ExperimentSpec spec = fake_spec(std::nullopt);
        spec.lanes = {lane("wild", "sgd", {{"step_size", 5.0}})};
        Runner runner(spec, {}, fake_parts());
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
    }

    void changes_act_and_are_known()
    {
        RunOptions options;
        options.paused = true;
        Runner runner(fake_spec(std::nullopt), options, fake_parts());
        runner.start();
        runner.change(0, "step_size", 0.5);
        runner.change(0, "step_size", 0.25);
        runner.single_step();
        until([&] { return runner.state() == RunState::paused; });
        runner.change(2, "rho", 0.2);
        runner.single_step();
        until([&] { return runner.state() == RunState::paused; });
        const std::vector<ChangeSpec> expected{{0, 0, "step_size", 0.25}, {1, 2, "rho", 0.2}};
        QCOMPARE(runner.changes(), expected);

        QVERIFY_EXCEPTION_THROWN(runner.change(0, "step_size", -1.0), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(runner.change(0, "stepsize", 0.1), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(runner.change(7, "step_size", 0.1), std::invalid_argument);
    }

    void bad_specs_are_one_sentence()
    {
        const auto sentence = [](const ExperimentSpec& spec, const RunOptions& options = {}) -> QByteArray {
            try {
                Runner runner(spec, options, fake_parts());
            } catch (const std::invalid_argument& error) {
                return error.what();
            }
            return "nothing was thrown";
        };
        ExperimentSpec spec = fake_spec(0);
        QCOMPARE(sentence(spec), QByteArray("steps: must be at least 1; leave it out to run until stopped"));
        spec = wells_spec(std::nullopt, 10);
        spec.epochs = 3;
        QCOMPARE(sentence(spec), QByteArray("epochs: this objective has no data and so no epochs; give steps instead"));
        spec = wells_spec(10, 2'000'000'000'000);
        QVERIFY2(sentence(spec).startsWith("chains: 2e+12 chains of 2 numbers in 3 lanes need "), sentence(spec));
        spec = fake_spec(10);
        spec.changes = {{5, 9, "step_size", 0.1}};
        QCOMPARE(sentence(spec), QByteArray("changes[0].lane: 9 is none of the 3 lanes"));
        spec.changes = {{5, 0, "step_size", -0.1}};
        QVERIFY2(sentence(spec).startsWith("changes[0].step_size"), sentence(spec));
        spec = fake_spec(10);
        spec.probes = {{"summ", {}, 5}};
        QVERIFY2(sentence(spec).startsWith("probe: "), sentence(spec));
        RunOptions options;
        options.device = Device::cuda;
        QCOMPARE(sentence(fake_spec(10), options),
                 QByteArray("device: cuda cannot be used: no NVIDIA driver: no driver here was not found"));
    }
};

QTEST_APPLESS_MAIN(RunnerStatesTest)
#include "runner_states_test.moc"
