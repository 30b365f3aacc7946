// Whole runs on the GPU: their files are those of the CPU's run, replayed, killed and resumed alike; memory that is
// short.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>

#include "fake_run.h"
#include "machines.h"

using namespace basin;
using namespace basin::testing;

namespace {

/// The catalogs, with backends of that machine; "cpu" is one, too. Probes get such a backend as well, so that whatever
/// looks at theta where it must not is seen.
RunParts parts_of(const QString& machine)
{
    RunParts parts = RunParts::from_catalogs();
    if (machine != "cpu") {
        parts.backend = [machine](auto...) { return backend_of(machine); };
    }
    return parts;
}

ExperimentSpec wells(std::uint64_t steps, std::size_t chains)
{
    ExperimentSpec spec = wells_spec(steps, chains);
    spec.objective.params = Params(find_objective("landscape", "gaussian_wells").schema);  // gradient noise among them
    return spec;
}

/// Fused lanes, lanes by verbs, lanes with states, a lane of which all escape, a change and a probe.
ExperimentSpec spec_of(std::uint64_t steps = 300, std::size_t chains = 700)
{
    ExperimentSpec spec = wells(steps, chains);
    spec.lanes.push_back(lane("AdamW", "adamw", {{"step_size", 0.01}, {"amsgrad", true}}));
    spec.lanes.push_back(lane("RWP", "rwp", {{"momentum", 0.5}, {"sigma", 0.1}}));
    spec.lanes.push_back(lane("wild", "sgd", {{"step_size", 40.0}}));
    spec.changes = {{123, 0, "step_size", 0.03}};
    spec.probes = {{"gibbs_distance", Params(find_probe("gibbs_distance").schema), steps / 2}};
    return spec;
}

using Files = std::map<std::string, QByteArray>;

void compare(const Files& actual, const Files& expected)
{
    QCOMPARE(actual.size(), expected.size());
    for (const auto& [name, bytes] : expected) {
        QVERIFY2(actual.contains(name) && actual.at(name) == bytes, name.c_str());
    }
}

/// A run in `folder` that kills itself between two steps; 1 when it came to its end.
int run_and_die(const QString& machine, const QString& folder)
{
    RunOptions options;
    options.folder = folder.toStdString();
    options.threads = 1;
    options.checkpoint_seconds = 0;
    Runner runner(spec_of(1500), options, parts_of(machine));
    runner.set_pace(20000);  // rounds of some steps each, and a checkpoint after each
    runner.start();
    while (runner.lane_status(0).step < 500) {
        runner.wait_for(std::chrono::milliseconds(1));
    }
    ::kill(::getpid(), SIGKILL);
    return 1;
}

std::string refusal(const ExperimentSpec& spec, const RunParts& parts)
{
    try {
        const Runner runner(spec, {}, parts);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

}  // namespace

class CudaRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("BASIN_EMULATED_MIB"); }

    void leaves_the_cpus_files_and_replays_data() { add_machines(); }
    void leaves_the_cpus_files_and_replays()
    {
        BASIN_MACHINE(machine);
        const QTemporaryDir scratch;
        const auto folder = [&](const char* name) {
            return std::filesystem::path(scratch.filePath(name).toStdString());
        };
        const Files expected = run_to_end(spec_of(), folder("cpu"), 1, parts_of("cpu"));
        const Files first = run_to_end(spec_of(), folder("first"), 1, parts_of(machine));
        const Files second = run_to_end(spec_of(), folder("second"), 1, parts_of(machine));
        QVERIFY(expected.contains("theta_4.npy"));
        compare(first, expected);
        compare(second, first);
    }

    void killed_and_resumed_it_leaves_the_same_files_data() { add_machines(); }
    void killed_and_resumed_it_leaves_the_same_files()
    {
        BASIN_MACHINE(machine);
        const QTemporaryDir scratch;
        const std::string program = QCoreApplication::applicationFilePath().toStdString();
        const std::string place = scratch.filePath("killed").toStdString();
        const std::string name = machine.toStdString();
        const pid_t child = ::fork();
        if (child == 0) {
            ::execl(program.c_str(), program.c_str(), "--child", name.c_str(), place.c_str(), nullptr);
            ::_exit(127);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        RunOptions options;
        options.folder = place;
        options.resume = true;
        options.threads = 1;
        {
            Runner runner(spec_of(1500), options, parts_of(machine));
            QVERIFY(runner.lane_status(0).step > 0 && runner.lane_status(0).step < 1500);
            runner.start();
            runner.wait();
            QCOMPARE(runner.state(), RunState::finished);
        }
        const std::string straight = scratch.filePath("straight").toStdString();
        compare(files_of(place), run_to_end(spec_of(1500), straight, 1, parts_of("cpu")));
    }

    void snapshots_are_copies_on_the_host_data() { add_machines(); }
    void snapshots_are_copies_on_the_host()
    {
        BASIN_MACHINE(machine);
        RunOptions options;
        options.observed = true;
        options.paused = true;
        Runner runner(spec_of(), options, parts_of(machine));
        runner.start();
        runner.request_snapshots();
        bool taken = false;
        QTRY_VERIFY((taken = taken || runner.snapshot(0).take()));
        const Snapshot& seen = runner.snapshot(0).front();
        QCOMPARE(seen.theta.size(), std::size_t{1400});
        QVERIFY(std::abs(seen.theta.front() + 1.8F) < 1.0F);
        runner.stop();
    }

    void a_run_that_does_not_fit_is_refused_in_words_data() { add_machines(); }
    void a_run_that_does_not_fit_is_refused_in_words()
    {
        BASIN_MACHINE(machine);
        const std::string words = refusal(spec_of(10, std::size_t{1} << 36U), parts_of(machine));
        QVERIFY2(words.starts_with("chains: 68719476736 chains of 2 numbers in 6 lanes need "), words.c_str());
        QVERIFY2(words.find("memory, and ") != std::string::npos, words.c_str());
    }

    void a_lane_without_memory_fails_and_the_others_go_on()
    {
        ExperimentSpec spec = wells(3, 400000);
        spec.lanes = {lane("fSGLD", "fsgld", {}), lane("AdamW", "adamw", {}), lane("SGLD", "sgld", {})};
        Runner runner(spec, {}, parts_of("emulated"));
        // Somebody else takes the rest but for 2 MiB: the sums of fused steps fit, AdamW's gradient (3.2 MB) does not.
        const DeviceMemory memory = device_memory(Device::cuda, search_of("emulated"));
        const std::uint64_t used = (memory.total_bytes - memory.free_bytes) >> 20U;
        qputenv("BASIN_EMULATED_MIB", QByteArray::number(static_cast<qulonglong>(used + 2)));
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        QCOMPARE(runner.lane_status(0).state, LaneState::finished);
        QCOMPARE(runner.lane_status(2).state, LaneState::finished);
        QCOMPARE(runner.lane_status(1).state, LaneState::failed);
        const QString why = QString::fromStdString(runner.lane_status(1).message);
        QVERIFY2(why.startsWith("lane \"AdamW\": step ") && why.contains(": an array of 800000 numbers") &&
                     why.contains("MiB are free"),
                 qPrintable(why));
    }

    void without_a_driver_the_runs_device_is_refused()
    {
        RunParts parts = RunParts::from_catalogs();
        parts.backend = [](auto...) { return make_backend(Device::cuda, 1, {"libcuda_of_nobody.so.1", ""}); };
        QCOMPARE(refusal(spec_of(), parts),
                 std::string("device: cuda cannot be used: no NVIDIA driver: libcuda_of_nobody.so.1 was not found"));
    }
};

int main(int argc, char** argv)
{
    if (argc == 4 && std::string(argv[1]) == "--child") {
        return run_and_die(argv[2], argv[3]);
    }
    QCoreApplication application(argc, argv);  // knows where this program lies
    CudaRunTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "cuda_run_test.moc"
