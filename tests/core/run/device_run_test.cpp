// Which device a run was on: recorded, kept when it goes on, and not left by accident.
#include <QtTest>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include "core/run/checkpoint.h"
#include "fake_run.h"

namespace {

using namespace basin;

/// A machine with a GPU of that name, on which a CPU computes; an empty name: it has none.
RunParts machine(const std::string& card)
{
    RunParts parts = fake_parts();
    parts.device = [card](Device device) {
        DeviceInfo info{.device = device, .usable = true, .name = "CPU"};
        if (device == Device::cuda) {
            info.usable = !card.empty();
            info.name = card;
            info.reason = card.empty() ? "no NVIDIA driver: libcuda.so.1 was not found" : "";
        }
        return info;
    };
    return parts;
}

/// Has no memory for the second lane from its 21st step on; says that it needs a lot.
class NarrowObjective : public FakeObjective {
public:
    explicit NarrowObjective(Backend& backend) : FakeObjective(backend, std::make_shared<Gate>(true)) {}
    void evaluate(const EvaluationArrays& arrays, BatchKey key, Want want) override
    {
        if (key.lane == 2 && key.step >= 20) {
            throw OutOfMemory("there is not enough memory on the GPU");
        }
        FakeObjective::evaluate(arrays, key, want);
    }
    MemoryNeed memory() const override { return {.data = 700'000'000, .evaluation = 400'000'000}; }
};

class DeviceRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        place_ = std::make_unique<QTemporaryDir>();
        folder_ = std::filesystem::path(place_->path().toStdString()) / "run";
    }

    void a_run_says_what_it_was_on()
    {
        begin(Device::cuda, machine("NVIDIA Pretend 1"));
        QCOMPARE(machine_member("device"), QStringLiteral("cuda"));
        QCOMPARE(machine_member("card"), QStringLiteral("NVIDIA Pretend 1"));
        QVERIFY(!machine_member("driver").isEmpty());
        QCOMPARE(read_checkpoint(folder_).card, std::string("NVIDIA Pretend 1"));
    }

    void a_run_on_the_cpu_names_no_card()
    {
        begin(std::nullopt, machine(""));
        QCOMPARE(machine_member("device"), QStringLiteral("cpu"));
        QVERIFY(machine_member("card").isEmpty());
    }

    void it_goes_on_where_it_was()
    {
        begin(Device::cuda, machine("NVIDIA Pretend 1"));
        QCOMPARE(refusal({}, machine("NVIDIA Pretend 1")), std::string());
        QCOMPARE(machine_member("device"), QStringLiteral("cuda"));
    }

    void another_device_has_to_be_asked_for()
    {
        begin(Device::cuda, machine("NVIDIA Pretend 1"));
        const std::string file = checkpoint_file(folder_).string();
        RunOptions options;
        options.device = Device::cpu;
        QCOMPARE(refusal(options, machine("NVIDIA Pretend 1")),
                 file +
                     ": the run used the GPU NVIDIA Pretend 1 and would not repeat its bytes on the CPU; resume with "
                     "--device cuda, or with --any-device");
        QCOMPARE(refusal({}, machine("NVIDIA Pretend 2")),
                 file +
                     ": the run used the GPU NVIDIA Pretend 1 and would not repeat its bytes on the GPU NVIDIA "
                     "Pretend 2; resume with --any-device");
        QCOMPARE(refusal({}, machine("")),
                 std::string("device: cuda cannot be used: no NVIDIA driver: libcuda.so.1 was not found; the run used "
                             "the GPU NVIDIA Pretend 1, and goes on with --device cpu --any-device, though not to the "
                             "same bytes"));
        options.any_device = true;
        QCOMPARE(refusal(options, machine("")), std::string());
        QCOMPARE(machine_member("device"), QStringLiteral("cpu"));
    }

    void a_run_of_the_cpu_does_not_move_to_a_gpu_by_itself()
    {
        begin(Device::cpu, machine("NVIDIA Pretend 1"));
        RunOptions options;
        options.device = Device::cuda;
        QVERIFY(refusal(options, machine("NVIDIA Pretend 1")).find("the run used the CPU") != std::string::npos);
    }

    void a_lane_without_memory_fails_alone()
    {
        RunParts parts = machine("");
        parts.objective = [](const ObjectiveSpec&, Backend& backend, std::uint64_t) {
            return std::make_unique<NarrowObjective>(backend);
        };
        ExperimentSpec spec = fake_spec(50);
        spec.share_noise = false;  // then an evaluation says whose it is
        RunOptions options;
        options.threads = 1;
        Runner runner(spec, options, parts);
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        QCOMPARE(runner.lane_status(1).state, LaneState::failed);
        QCOMPARE(runner.lane_status(1).message,
                 "lane \"" + spec.lanes[1].label + "\": step 21: there is not enough memory on the GPU");
        for (const std::size_t other : {0U, 2U}) {
            QCOMPARE(runner.lane_status(other).state, LaneState::finished);
            QCOMPARE(runner.lane_status(other).step, std::uint64_t{50});
        }
    }

    void a_run_that_does_not_fit_a_gpu_is_refused()
    {
        RunParts parts = machine("NVIDIA Pretend 1");
        parts.objective = [](const ObjectiveSpec&, Backend& backend, std::uint64_t) {
            return std::make_unique<NarrowObjective>(backend);
        };
        RunOptions options;
        options.device = Device::cuda;
        options.threads = 1;
        parts.memory = [](Device) { return DeviceMemory{.free_bytes = 1'100'000'000, .total_bytes = 8'000'000'000}; };
        const auto refusal = [&] {
            try {
                const Runner runner(fake_spec(50), options, parts);
                return std::string();
            } catch (const std::invalid_argument& error) {
                return std::string(error.what());
            }
        };
        QCOMPARE(
            refusal(),
            std::string("batch_size: this run needs 1.9 GB (1 MB for the lanes, 700 MB of data, 800 MB for a batch, "
                        "300 MB for the GPU's libraries) of the memory of NVIDIA Pretend 1, and 1.1 GB are free; "
                        "take a smaller batch_size or evaluation_batch, a smaller network, or fewer lanes"));
        // The data are there already when the rest is asked for: 800 MB and 300 MB, and a little.
        parts.memory = [](Device) { return DeviceMemory{.free_bytes = 1'101'000'000, .total_bytes = 8'000'000'000}; };
        QCOMPARE(refusal(), std::string());
        options.device = Device::cpu;
        parts.memory = [](Device) -> DeviceMemory { throw std::invalid_argument("nobody asks a CPU"); };
        QCOMPARE(refusal(), std::string());
    }

private:
    void begin(std::optional<Device> device, const RunParts& parts)
    {
        RunOptions options;
        options.device = device;
        options.threads = 1;
        options.folder = folder_;
        finish(options, parts);
    }

    void finish(const RunOptions& options, const RunParts& parts)
    {
        Runner runner(fake_spec(50), options, parts);
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
    }

    /// What is said when the run is to go on; empty when it does.
    std::string refusal(RunOptions options, const RunParts& parts)
    {
        options.folder = folder_;
        options.resume = true;
        try {
            finish(options, parts);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return {};
    }

    QString machine_member(const char* key) const
    {
        QFile file(QString::fromStdString((folder_ / "summary.json").string()));
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll())["machine"][key].toString()
                                              : QString();
    }

    std::unique_ptr<QTemporaryDir> place_;
    std::filesystem::path folder_;
};

}  // namespace

QTEST_APPLESS_MAIN(DeviceRunTest)
#include "device_run_test.moc"
