// kill -9 at ten moments, three of them inside a checkpoint's write; then resume: the bytes of the run never killed.
// The run lives in a child process, which is this program with an argument. Moments are counts of file events, not
// times.
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QtTest/QTest>
#include <array>
#include <cstring>
#include <iostream>

#include "core/network/network.h"
#include "core/run/checkpoint.h"
#include "fake_run.h"
#include "tests/core/network/resnet_data.h"

using namespace basin;
namespace fs = std::filesystem;

namespace {

/// Real optimizers and the probe "sum" on a real network where the kind asks for one.
RunParts parts_of(const std::string& kind)
{
    RunParts parts = fake_parts();
    if (kind == "network" || kind == "resnet") {
        parts.objective = RunParts::from_catalogs().objective;
    }
    return parts;
}

/// With running statistics beside theta; its images lie beside its folder. Few steps, each of which takes long.
ExperimentSpec resnet_spec(const fs::path& folder)
{
    ExperimentSpec spec;
    spec.seed = 3;
    spec.steps = 800;
    spec.record_every = 1;
    spec.metrics_every = 50;
    spec.objective = {"network", "resnet", resnet_data::params_of(folder.parent_path().string(), "resnet20", 4)};
    spec.lanes = {lane("fSGLD", "fsgld", {{"step_size", 0.02}, {"momentum", 0.9}, {"beta", 1e6}})};
    spec.probes = {{"sum", {}, 100}};
    return spec;
}

ExperimentSpec spec_of(const std::string& kind, const fs::path& folder)
{
    if (kind == "resnet") {
        return resnet_spec(folder);
    }
    ExperimentSpec spec = kind == "wells" ? wells_spec(6000, 2000) : fake_spec(kind == "network" ? 6000 : 20000);
    if (kind == "network") {
        const NetworkEntry& mlp = find_network("mlp");
        spec.objective = {"network", "mlp", Params(network_schema(mlp))};
        spec.objective.params.set("dataset", std::string("two_moons"));
        spec.objective.params.set("moons.count", std::int64_t{256});
        spec.objective.params.set("batch_size", std::int64_t{32});
        spec.objective.params.set("widths", std::vector<double>{16, 8});
    }
    spec.probes = {{"sum", {}, 500}};
    spec.changes = {{1234, 0, "step_size", 0.03}};
    spec.lanes.push_back(lane("wild", "sgd", {{"step_size", 40.0}}));
    if (kind == "wells") {  // methods with other states
        spec.lanes.push_back(lane("AdamW", "adamw", {{"step_size", 0.01}, {"amsgrad", true}}));
        spec.lanes.push_back(lane("SAM, AdamW", "sam", {{"step_size", 0.01}, {"base", std::string("adamw")}}));
        spec.lanes.push_back(lane("RWP", "rwp", {{"momentum", 0.5}, {"sigma", 0.1}}));
    }
    return spec;
}

/// The child's life: begins or resumes the run in `folder` and ends it if nobody ends the child.
int run_child(const std::string& kind, const std::string& folder)
{
    RunOptions options;
    options.folder = folder;
    options.resume = fs::exists(options.folder);
    options.threads = 1;
    options.checkpoint_seconds = 0;
    try {
        Runner runner(spec_of(kind, options.folder), options, parts_of(kind));
        runner.set_pace(kind == "fake" ? 40000 : 12000);  // many short rounds, each with a checkpoint
        runner.start();
        runner.wait();
        if (runner.state() == RunState::finished) {
            return 0;
        }
        std::cerr << runner.message() << '\n';
    } catch (const std::invalid_argument& error) {
        std::cerr << error.what() << '\n';
    }
    return 1;
}

bool has_ended(pid_t child)
{
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child;
}

/// What a child's folder did since the last call.
struct Events {
    int checkpoints_begun = 0;
    int rows_written = 0;
};

class Watch {
public:
    explicit Watch(const fs::path& folder) : descriptor_(::inotify_init1(IN_CLOEXEC))
    {
        ::inotify_add_watch(descriptor_, folder.c_str(), IN_MODIFY);
        ::inotify_add_watch(descriptor_, (folder / "checkpoint").c_str(), IN_CREATE);
    }
    ~Watch() { ::close(descriptor_); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Waits for the next events; none when the child ended without any.
    Events next(pid_t child, bool& ended)
    {
        Events events;
        pollfd waiting{descriptor_, POLLIN, 0};
        while (::poll(&waiting, 1, 50) == 0) {
            if (has_ended(child)) {
                ended = true;
                return events;
            }
        }
        alignas(inotify_event) std::array<char, 4096> buffer{};
        const ssize_t size = ::read(descriptor_, buffer.data(), buffer.size());
        for (ssize_t i = 0; i < size;) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + i, sizeof event);
            const std::string name(buffer.data() + i + sizeof event);
            events.checkpoints_begun += name == "state.bin.tmp" ? 1 : 0;
            events.rows_written += name == "metrics.csv" ? 1 : 0;
            i += static_cast<ssize_t>(sizeof event + event.len);
        }
        return events;
    }

private:
    int descriptor_;
};

pid_t start_child(const std::string& kind, const fs::path& folder)
{
    const std::string program = QCoreApplication::applicationFilePath().toStdString();
    const std::string place = folder.string();
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl(program.c_str(), program.c_str(), "--child", kind.c_str(), place.c_str(), nullptr);
        ::_exit(127);
    }
    return child;
}

}  // namespace

class ResumeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_killed_run_goes_on_to_the_same_bytes_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::newRow("landscape") << QByteArray("wells");
        QTest::newRow("momentum, epochs and metrics") << QByteArray("fake");
        if (networks_available()) {
            QTest::newRow("network with momentum") << QByteArray("network");
            QTest::newRow("network with running statistics") << QByteArray("resnet");
        }
    }
    void a_killed_run_goes_on_to_the_same_bytes()
    {
        QFETCH(QByteArray, kind);
        QTemporaryDir scratch;
        const fs::path folder = scratch.filePath("killed").toStdString();
        if (kind == "resnet") {
            resnet_data::write_files(scratch, 8, 24);
        }
        int kills = 0;
        int inside = 0;
        // Moments: so many writes of rows, then anywhere. Then, until three times a half-written checkpoint is left
        // behind, at the first sign of its temporary file. Each child goes on where the last one was killed.
        const std::array<int, 7> moments{1, 5, 2, 1, 9, 3, 2};
        while (kills < 7 || inside < 3) {
            const bool in_write = kills >= 7;
            const pid_t child = start_child(kind.toStdString(), folder);
            bool ended = false;
            while (!ended && !fs::exists(folder / "spec.json")) {  // the last thing that a new folder gets
                ended = has_ended(child);
            }
            Watch watch(folder);
            for (int seen = 0, wanted = in_write ? 1 : moments[static_cast<std::size_t>(kills)];
                 !ended && seen < wanted;) {
                const Events events = watch.next(child, ended);
                seen += in_write ? events.checkpoints_begun : events.rows_written;
            }
            QVERIFY2(!ended, "the run was over before its moment came: give it more steps");
            ::kill(child, SIGKILL);
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
            ++kills;
            inside += in_write && fs::exists(folder / "checkpoint" / "state.bin.tmp") ? 1 : 0;
        }
        QVERIFY(kills >= 10);

        {
            RunOptions options;
            options.folder = folder;
            options.resume = true;
            Runner last(spec_of(kind.toStdString(), folder), options, parts_of(kind.toStdString()));
            last.start();
            last.wait();
            QCOMPARE(last.state(), RunState::finished);
        }
        const auto resumed = files_of(folder);
        const auto straight = run_to_end(spec_of(kind.toStdString(), folder),
                                         scratch.filePath("straight").toStdString(), 1, parts_of(kind.toStdString()));
        QCOMPARE(resumed.size(), straight.size());
        for (const auto& [name, bytes] : straight) {
            QVERIFY2(resumed.contains(name) && resumed.at(name) == bytes, name.c_str());
        }
        QVERIFY(!fs::exists(folder / "lock") && !fs::exists(folder / "checkpoint" / "state.bin.tmp"));
    }
};

int main(int argc, char** argv)
{
    if (argc == 4 && std::string(argv[1]) == "--child") {
        return run_child(argv[2], argv[3]);
    }
    QCoreApplication application(argc, argv);  // knows where this program lies
    ResumeTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "resume_test.moc"
