// Paths of lanes: which steps they have, and that neither they nor slices change a byte of the run.
#include <QFile>
#include <QTest>
#include <array>
#include <chrono>
#include <cstring>

#include "core/run/path_keeper.h"
#include "core/run/slice_worker.h"
#include "fake_run.h"

using namespace basin;

namespace {

std::filesystem::path inside(const QTemporaryDir& folder, const char* name)
{
    return std::filesystem::path(folder.path().toStdString()) / name;
}

std::vector<std::uint64_t> multiples(std::uint64_t every, std::uint64_t last)
{
    std::vector<std::uint64_t> steps;
    for (std::uint64_t step = 0; step <= last; step += every) {
        steps.push_back(step);
    }
    return steps;
}

}  // namespace

class PathsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_interval_doubles_when_a_path_is_full()
    {
        PathKeeper paths({"a", "b"}, 3);
        QCOMPARE(paths.frames(), std::size_t{64});
        QCOMPARE(paths.most_bytes(), std::size_t{2 * 64 * 3 * 4});
        std::uint64_t version = paths.version(0);
        std::uint64_t every = 8;
        for (std::uint64_t step = 0; step <= 5000; ++step) {
            for (std::size_t lane = 0; lane < 2; ++lane) {
                if (lane == 0 || step <= 700) {  // the second one fails
                    paths.keep(lane, step, std::vector<float>(3, static_cast<float>(step)));
                }
            }
            every = step / every >= 64 ? 2 * every : every;
            QCOMPARE(paths.path(0).steps, multiples(every, step));
            QCOMPARE(paths.next(step), (step / every + 1) * every);
            QCOMPARE(paths.version(0) != version, step % every == 0);
            version = paths.version(0);
        }
        QCOMPARE(paths.path(0).label, std::string("a"));
        QCOMPARE(paths.path(1).steps, multiples(every, 700));
        for (std::size_t i = 0; i < paths.path(0).steps.size(); ++i) {
            QCOMPARE(paths.path(0).thetas[i]->at(2), static_cast<float>(paths.path(0).steps[i]));
        }
    }

    void a_path_that_begins_later_keeps_its_beginning()
    {
        PathKeeper paths({"resumed"}, 1);
        for (std::uint64_t step = 13; step < 2000; ++step) {
            paths.keep(0, step, {1.0F});
        }
        const std::vector<std::uint64_t> steps = paths.path(0).steps;
        QCOMPARE(steps[0], std::uint64_t{13});
        QCOMPARE(steps[1], std::uint64_t{32});
        QVERIFY(steps.size() <= 64);
    }

    void large_networks_have_fewer_frames()
    {
        QCOMPARE(PathKeeper({"a"}, 61706).most_bytes() >> 20U, std::size_t{15});
        const PathKeeper large({"a"}, 10'000'000);
        QCOMPARE(large.frames(), std::size_t{8});
        QCOMPARE(large.most_bytes() >> 20U, std::size_t{305});
    }

    void an_observed_lane_has_a_path_and_its_thetas_are_the_runs()
    {
        QTemporaryDir folder;
        RunOptions options;
        options.observed = true;
        Runner runner(fake_spec(600), options, fake_parts());
        QCOMPARE(runner.path_version(0), std::uint64_t{0});
        QCOMPARE(runner.path_bytes(), std::size_t{3 * 64 * 4 * 4});
        runner.start();
        runner.wait();
        for (std::size_t lane = 0; lane < 3; ++lane) {
            QCOMPARE(runner.path(lane).label, runner.spec().lanes[lane].label);
            QCOMPARE(runner.path(lane).steps, multiples(16, 600));
            QVERIFY(runner.path_version(lane) > 0);
        }
        run_to_end(fake_spec(592), inside(folder, "until"));  // nobody watches
        for (std::size_t lane = 0; lane < 3; ++lane) {
            QFile file(folder.filePath("until/theta_" + QString::number(lane) + ".npy"));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray there = file.readAll().last(16);
            QVERIFY(std::memcmp(there.data(), runner.path(lane).thetas.back()->data(), 16) == 0);
        }
    }

    void a_slice_of_a_running_run_and_paths_change_no_byte()
    {
        QTemporaryDir folder;
        const ExperimentSpec spec = fake_spec(20000);
        const auto alone = run_to_end(spec, inside(folder, "alone"));
        RunOptions options;
        options.folder = inside(folder, "sliced");
        options.threads = 1;
        options.observed = true;
        std::unique_ptr<SliceWorker> worker;
        {
            Runner runner(spec, options, fake_parts());
            worker = runner.make_slice_worker();
            runner.start();
            std::array<RecordRow, 4096> rows;
            while (runner.wait_for(std::chrono::milliseconds(1)) == RunState::running) {
                for (std::size_t lane = 0; lane < 3; ++lane) {
                    runner.records(lane).pop(rows);
                }
                SliceJob job;
                job.objective = sliced_objective(runner.spec());
                job.plane.kind = PlaneKind::principal;
                job.plane.lanes = {runner.path(0), runner.path(1), runner.path(2)};
                job.points.values = {"loss"};
                worker->post(job);
            }
            QCOMPARE(runner.state(), RunState::finished);
            SliceJob job;
            job.plane.lanes = {runner.path(0), runner.path(1), runner.path(2)};
            job.plane.kind = PlaneKind::principal;
            job.points.values = {"loss"};
            worker->post(job);
        }
        // The worker outlives the run.
        QTRY_VERIFY((worker->reports().take(), worker->reports().front().stage == SliceStage::finished));
        QCOMPARE(worker->reports().front().spec->plane.kind, std::string("principal"));
        QCOMPARE(files_of(inside(folder, "sliced")), alone);
    }

    void landscapes_and_runs_that_nobody_watches_have_none()
    {
        RunOptions options;
        options.observed = true;
        Runner landscape(wells_spec(50, 4), options, fake_parts());
        landscape.start();
        landscape.wait();
        QVERIFY(landscape.path(0).steps.empty());
        QCOMPARE(landscape.path_bytes(), std::size_t{0});
        Runner alone(fake_spec(50), {}, fake_parts());
        alone.start();
        alone.wait();
        QVERIFY(alone.path(0).steps.empty());
        QCOMPARE(alone.path_version(0), std::uint64_t{0});
    }
};

QTEST_APPLESS_MAIN(PathsTest)
#include "paths_test.moc"
