// Runs of a residual network: running statistics are part of a lane's state, so that equal runs end at equal bytes, and
// so does a run that was stopped and went on from its checkpoint.
#include <QtTest>

#include <algorithm>
#include <thread>

#include "core/run/checkpoint.h"
#include "fake_run.h"
#include "tests/core/network/resnet_data.h"

using namespace basin;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSteps = 24;

RunParts parts()
{
    RunParts parts = fake_parts();
    parts.objective = RunParts::from_catalogs().objective;
    return parts;
}

ExperimentSpec spec(const QTemporaryDir& data)
{
    ExperimentSpec spec;
    spec.seed = 3;
    spec.steps = kSteps;
    spec.record_every = 1;
    spec.metrics_every = 6;
    spec.objective = {"network", "resnet", resnet_data::params(data)};
    for (const char* optimizer : {"fsgld", "sam"})
        spec.lanes.push_back(lane(optimizer, optimizer, {{"step_size", 0.05}, {"momentum", 0.9}}));
    spec.lanes[0].params.set("beta", 1e6);
    spec.probes = {{"sum", {}, 10}};
    return spec;
}

std::vector<float> buffers(const fs::path& folder, std::size_t lane)
{
    const Checkpoint checkpoint = read_checkpoint(folder);
    for (const auto& [name, numbers] : checkpoint.lanes.at(lane).arrays)
        if (name == "buffers")
            return numbers;
    return {};
}

}  // namespace

class ResnetRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equal_runs_end_at_equal_bytes_and_stopped_ones_too()
    {
        if (!networks_available())
            QSKIP("needs LibTorch");
        const QTemporaryDir scratch;
        const auto at = [&](const char* name) { return fs::path(scratch.filePath(name).toStdString()); };
        const auto straight = run_to_end(spec(scratch), at("straight"), 1, parts());
        QVERIFY(run_to_end(spec(scratch), at("again"), 1, parts()) == straight);

        RunOptions options;
        options.folder = at("stopped");
        options.threads = 1;
        options.paused = true;
        for (int part = 0; part < 2; ++part) {
            Runner runner(spec(scratch), options, parts());
            runner.start();
            for (int i = 0; i < 5; ++i)
                runner.single_step();
            while (runner.state() != RunState::paused)
                std::this_thread::yield();
            runner.stop();
            runner.wait();
            QCOMPARE(runner.state(), RunState::stopped);
            options.resume = true;
        }
        options.paused = false;
        Runner runner(spec(scratch), options, parts());
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        auto resumed = files_of(options.folder);
        QCOMPARE(resumed.size(), straight.size());
        for (const auto& [name, bytes] : straight)
            QVERIFY2(resumed[name] == bytes, name.c_str());
        for (std::size_t lane = 0; lane < 2; ++lane) {
            const std::vector<float> end = buffers(at("straight"), lane);
            QCOMPARE(end.size(), 2U * 16 + 12U * (16 + 32 + 64));
            QVERIFY(buffers(at("stopped"), lane) == end);
            // They have left their start, 0 and 1.
            QVERIFY(std::none_of(end.begin(), end.end(), [](float x) { return x == 0 || x == 1; }));
        }
        QVERIFY(buffers(at("straight"), 0) != buffers(at("straight"), 1));
    }
};

QTEST_GUILESS_MAIN(ResnetRunTest)
#include "resnet_run_test.moc"
