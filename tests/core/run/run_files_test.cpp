// Equal spec, equal bytes: of every file but the clock's, whatever the threads, the instruction set, the pace, who
// watches, and how a change came.
#include <QtTest/QTest>
#include <array>
#include <cstdlib>
#include <set>
#include <thread>

#include "core/run/replay.h"
#include "fake_run.h"

using namespace basin;

namespace {

using Files = std::map<std::string, QByteArray>;

/// Names of files that are missing or differ.
QByteArray difference(const Files& a, const Files& b)
{
    QByteArray names;
    Files all = a;
    all.insert(b.begin(), b.end());
    for (const auto& [name, content] : all) {
        if (!a.contains(name) || !b.contains(name) || a.at(name) != b.at(name)) {
            names += QByteArray::fromStdString(name) + ' ';
        }
    }
    return names;
}

ExperimentSpec full_spec(ExperimentSpec spec)
{
    spec.probes = {{"sum", {}, 60}, {"broken", {}, 100}};
    spec.changes = {{0, 1, "step_size", 0.04}, {77, 0, "momentum", 0.5}, {77, 1, "beta", 90.0}};
    spec.lanes.push_back(lane("wild", "sgd", {{"step_size", 40.0}}));  // fails on the way
    return spec;
}

template <class Done>
void until(Done done)
{
    while (!done()) {
        std::this_thread::yield();
    }
}

}  // namespace

class RunFilesTest : public QObject {
    Q_OBJECT

    QTemporaryDir scratch_;
    int folders_ = 0;
    std::filesystem::path fresh() { return scratch_.filePath(QString::number(folders_++)).toStdString(); }

private Q_SLOTS:
    void equal_specs_give_equal_bytes_data()
    {
        QTest::addColumn<bool>("wells");
        QTest::newRow("fused landscape") << true;
        QTest::newRow("objective of four numbers") << false;
    }
    void equal_specs_give_equal_bytes()
    {
        QFETCH(bool, wells);
        const ExperimentSpec spec = full_spec(wells ? wells_spec(300, 700) : fake_spec(300));
        const Files first = run_to_end(spec, fresh());
        const std::set<std::string> expected{"changes.csv",
                                             "metrics.csv",
                                             "spec.json",
                                             "summary.json",
                                             "theta_0.npy",
                                             "theta_1.npy",
                                             "theta_2.npy",
                                             "theta_3.npy",
                                             "probes/0_sum.csv",
                                             "probes/0_sum_arrays.csv",
                                             "probes/0_sum_notes.csv",
                                             "probes/1_broken.csv",
                                             "probes/1_broken_arrays.csv",
                                             "probes/1_broken_notes.csv"};
        std::set<std::string> names;
        for (const auto& [name, content] : first) {
            names.insert(name);
        }
        QCOMPARE(names, expected);

        QCOMPARE(difference(first, run_to_end(spec, fresh())), QByteArray());
        QCOMPARE(difference(first, run_to_end(spec, fresh(), 2)), QByteArray());
        for (const char* isa : {"baseline", "avx2", "avx512"}) {
            qputenv("BASIN_ISA", isa);
            try {
                choose_isa();
            } catch (const std::invalid_argument&) {
                continue;  // this processor lacks it
            }
            QVERIFY2(difference(first, run_to_end(spec, fresh())).isEmpty(), isa);
        }
        qunsetenv("BASIN_ISA");
    }

    void a_watched_paced_interrupted_run_has_the_bytes_of_a_headless_one()
    {
        const ExperimentSpec spec = full_spec(wells_spec(300, 300));
        const Files headless = run_to_end(spec, fresh());
        RunOptions options;
        options.folder = fresh();
        options.observed = true;
        options.paused = true;
        Runner runner(spec, options, fake_parts());
        runner.start();
        runner.single_step();
        runner.single_step();
        until([&] { return runner.state() == RunState::paused; });
        runner.set_pace(2000);
        runner.resume();
        std::array<RecordRow, 64> rows;
        until([&] {
            runner.request_snapshots();
            for (std::size_t i = 0; i < runner.lane_count(); ++i) {
                runner.snapshot(i).take();
                runner.records(i).pop(rows);
            }
            if (runner.lane_status(0).step % 50 == 0) {
                runner.measure_now("sum", {});
                runner.pause();
                runner.resume();
            }
            return runner.state() == RunState::finished;
        });
        QCOMPARE(difference(headless, files_of(options.folder)), QByteArray());
    }

    void what_was_changed_by_hand_can_be_replayed()
    {
        RunOptions options;
        options.folder = fresh();
        ExperimentSpec spec = full_spec(fake_spec(4000));
        Runner runner(spec, options, fake_parts());
        runner.set_pace(4000);
        runner.start();
        for (int i = 1; i <= 12; ++i) {
            until([&] { return runner.lane_status(0).step >= static_cast<std::uint64_t>(100 * i); });
            runner.change(i % 2 == 0 ? 0 : 2, "step_size", 0.01 + 0.002 * i);
            until([&] { return runner.changes().size() == 3U + static_cast<std::size_t>(i); });  // two at once are one
        }
        runner.set_pace(0);
        runner.wait();
        const Files by_hand = files_of(options.folder);
        QCOMPARE(runner.changes().size(), std::size_t{15});

        spec.changes = runner.changes();
        const Files replay = run_to_end(spec, fresh());
        QCOMPARE(difference(by_hand, replay), QByteArray("spec.json summary.json "));  // they name the changes
        QVERIFY(replay.at("changes.csv").count('\n') == 16);
    }

    void files_say_what_they_should()
    {
        ExperimentSpec spec = fake_spec(20);
        spec.record_every = 7;
        spec.lanes.pop_back();
        spec.probes = {{"sum", {}, 15}, {"broken", {}, 16}};
        spec.changes = {{3, 1, "step_size", 0.5}, {5, 0, "step_size", Schedule{Schedule::Kind::cosine, 0.25, 0.125}}};
        const Files files = run_to_end(spec, fresh());
        // Steps 0, 7, 14 are recorded, epochs end at 8 and 16, and the end is measured.
        QByteArrayList places;
        for (const QByteArray& line : files.at("metrics.csv").split('\n')) {
            const QByteArrayList fields = line.split(',');
            if (fields.size() == 6) {
                places.append(fields[0] + '@' + fields[1] + '/' + fields[2] + (fields[3].isEmpty() ? "-" : "+") +
                              (fields[5].isEmpty() ? "-" : "+"));
            }
        }
        QCOMPARE(places.join(' '),
                 QByteArray("lane@step/gradients++ 0@0/0++ 1@0/0++ 0@7/7+- 1@7/7+- 0@8/8-+ 1@8/8-+ 0@14/14+- 1@14/14+- "
                            "0@16/16-+ 1@16/16-+ 0@20/20-+ 1@20/20-+"));
        QCOMPARE(files.at("changes.csv").split('\n')[1], QByteArray("3,1,step_size,0.5"));
        QVERIFY(files.at("changes.csv").split('\n')[2].startsWith("5,0,step_size,\"{"));
        const QByteArrayList sums = files.at("probes/0_sum.csv").split('\n');
        QCOMPARE(sums[0], QByteArray("lane,step,key,value,error"));
        QVERIFY(sums[1].startsWith("0,0,sum,") && sums[1].endsWith(",NaN"));
        QCOMPARE(sums[2], QByteArray("0,0,beta,0,0.5"));
        QVERIFY(sums[5].startsWith("0,15,sum,"));
        QCOMPARE(sums.size(), 10);
        QCOMPARE(files.at("probes/0_sum_notes.csv").split('\n')[1], QByteArray("0,0,note,\"step 0, \"\"quoted\"\"\""));
        QCOMPARE(files.at("probes/1_broken_notes.csv").split('\n')[3], QByteArray("0,16,error,out of order"));
        QCOMPARE(files.at("probes/0_sum_arrays.csv").split('\n')[0], QByteArray("lane,step,array,values"));
        // NumPy's format, version 1.0: magic, header of a multiple of 64 bytes, 1 x 4 float32.
        const QByteArray& npy = files.at("theta_1.npy");
        QVERIFY(npy.startsWith(QByteArray("\x93NUMPY\x01\x00\x76\x00", 10)));
        QVERIFY(npy.contains("'descr': '<f4'") && npy.contains("'shape': (1, 4)"));
        QCOMPARE(npy.size(), 128 + 16);
    }

    void a_full_queue_of_probes_makes_the_lanes_wait_and_none_is_skipped()
    {
        const auto gate = std::make_shared<Gate>(false);
        ExperimentSpec spec = fake_spec(100);
        spec.probes = {{"sum", {}, 10}};
        RunOptions options;
        options.folder = fresh();
        options.observed = true;
        Runner runner(spec, options, fake_parts(gate));
        runner.start();
        // Measured: lane 0 at step 0. Waiting: at most two states of a lane, so that none comes beyond step 30.
        until([&] { return runner.lane_status(2).phase == LanePhase::waiting_for_probe; });
        QVERIFY(runner.lane_status(0).step <= 30);
        QCOMPARE(runner.take_reports().size(), std::size_t{0});
        gate->open();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        QCOMPARE(runner.lane_status(2).phase, LanePhase::stepping);
        const std::vector<ProbeReport> reports = runner.take_reports();
        QCOMPARE(reports.size(), std::size_t{33});
        for (std::size_t i = 0; i < reports.size(); ++i) {
            QCOMPARE(reports[i].step, std::uint64_t{10 * (i / 3)});
            QCOMPARE(reports[i].lane, i % 3);
            QVERIFY(!reports[i].live);
        }
    }

    void a_live_measurement_is_of_the_newest_state_also_after_the_end()
    {
        Runner runner(fake_spec(30), {}, fake_parts());
        runner.start();
        runner.wait();
        runner.measure_now("sum", {});
        runner.measure_now("broken", {});
        std::vector<ProbeReport> reports;
        until([&] {
            for (ProbeReport& report : runner.take_reports()) {
                reports.push_back(std::move(report));
            }
            return reports.size() == 6;
        });
        for (const ProbeReport& report : reports) {
            QCOMPARE(report.step, std::uint64_t{30});
            QVERIFY(report.live);
            QCOMPARE(report.error, report.key == "broken" ? std::string("out of order") : std::string());
        }
        QVERIFY_EXCEPTION_THROWN(runner.measure_now("summ", {}), std::invalid_argument);
    }
};

QTEST_APPLESS_MAIN(RunFilesTest)
#include "run_files_test.moc"
