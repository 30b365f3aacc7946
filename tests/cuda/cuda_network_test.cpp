// Networks on a card: beside the CPU, beside themselves, killed and gone on with, and without enough memory. Where
// there is no card, or LibTorch's CUDA libraries are not here, every test says so and is skipped.
#include <QtTest>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>

#include "core/compute/device.h"
#include "core/network/network.h"
#include "core/network/torch_cuda.h"
#include "core/run/checkpoint.h"
#include "tests/core/network/golden.h"
#include "tests/core/network/resnet_data.h"
#include "tests/core/run/fake_run.h"

using namespace basin;
namespace fs = std::filesystem;

namespace {

/// Empty when networks run on the GPU here.
std::string why_not()
{
    try {
        const auto backend = make_backend(Device::cuda);
        Params params(network_schema(golden::entry("mlp")));
        params.set("dataset", std::string("two_moons"));
        make_network_objective(golden::entry("mlp"), params, *backend, 1);
        return {};
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

ExperimentSpec lenet_spec(const QTemporaryDir& data, std::uint64_t steps, const std::string& precision = "float32",
                          const std::string& augmentation = "none")
{
    const golden::Network golden;
    golden.write_files(data);
    ExperimentSpec spec;
    spec.seed = golden.seed();
    spec.steps = steps;
    spec.record_every = 1;
    spec.objective = {"network", "lenet", golden.params(data, "mnist")};
    spec.objective.params.set("precision", precision);
    spec.objective.params.set("augmentation.kind", augmentation);
    for (const char* optimizer : {"sgd", "fsgld", "sam"}) {
        spec.lanes.push_back(lane(optimizer, optimizer, {{"step_size", 0.02}, {"momentum", 0.9}}));
    }
    spec.lanes[1].params.set("beta", 1e6);
    return spec;
}

/// Running statistics are written by recorded steps.
ExperimentSpec resnet_spec(const QTemporaryDir& data, std::uint64_t steps, const std::string& precision = "float32")
{
    ExperimentSpec spec = lenet_spec(data, steps, precision);
    spec.objective = {"network", "resnet", resnet_data::params(data, "resnet20", 28, 40, 16)};
    spec.objective.params.set("precision", precision);
    spec.metrics_every = 5;
    return spec;
}

void run_on(const ExperimentSpec& spec, Device device, const fs::path& folder, bool resume = false)
{
    RunOptions options;
    options.device = device;
    options.threads = 1;
    options.folder = folder;
    options.resume = resume;
    options.checkpoint_seconds = 0.2;
    Runner runner(spec, options);
    runner.start();
    runner.wait();
    QVERIFY2(runner.state() == RunState::finished, runner.message().c_str());
}

/// A column of one lane, `loss` unless told; rows without it are left out.
std::vector<double> losses(const fs::path& folder, int lane, int column = 3)
{
    QFile file(QString::fromStdString((folder / "metrics.csv").string()));
    std::vector<double> values;
    if (file.open(QIODevice::ReadOnly)) {
        file.readLine();
        while (!file.atEnd()) {
            const QList<QByteArray> cells = file.readLine().split(',');
            if (cells[0].toInt() == lane && !cells[column].trimmed().isEmpty()) {
                values.push_back(cells[column].toDouble());
            }
        }
    }
    return values;
}

constexpr std::uint64_t kLongRun = 3000;

}  // namespace

class CudaNetworkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        if (!reason_) {
            reason_ = why_not();
        }
        if (!reason_->empty()) {
            QSKIP(("no card to run on: " + *reason_).c_str());
        }
        place_ = std::make_unique<QTemporaryDir>();
    }

    void fifty_losses_are_the_cpus_data()
    {
        QTest::addColumn<QString>("augmentation");
        for (const char* augmentation : {"none", "crop_flip"}) {
            QTest::newRow(augmentation) << augmentation;
        }
    }
    /// Both add in float32 in orders of their own, which shows in a loss's last bits until a sum within rounding of a
    /// ReLU's kink, or of a pool's second maximum, falls to the other side. On the CPU alone starts that differ by 3e-8
    /// to 2.4e-7 leave at most 1e-6 in the first twenty losses and 1.2e-2 in fifty: ten times that, and 2.5 times.
    void fifty_losses_are_the_cpus()
    {
        QFETCH(QString, augmentation);
        const ExperimentSpec spec = lenet_spec(*place_, 50, "float32", augmentation.toStdString());
        run_on(spec, Device::cpu, at("cpu"));
        run_on(spec, Device::cuda, at("gpu"));
        for (int lane = 0; lane < 3; ++lane) {
            const std::vector<double> expected = losses(at("cpu"), lane);
            const std::vector<double> actual = losses(at("gpu"), lane);
            QCOMPARE(actual.size(), std::size_t{51});
            for (std::size_t i = 0; i < actual.size(); ++i) {
                QVERIFY2(std::abs(actual[i] - expected[i]) < (i < 20 ? 1e-5 : 3e-2),
                         qPrintable(QStringLiteral("lane %1, step %2: %3 and %4")
                                        .arg(lane)
                                        .arg(i)
                                        .arg(actual[i], 0, 'g', 9)
                                        .arg(expected[i], 0, 'g', 9)));
            }
        }
    }

    /// The first three evaluations of a kind run as they are, the others are one recording's.
    void a_recording_gives_the_bytes_of_what_it_recorded()
    {
        QVERIFY2(make_step_graph(nullptr) != nullptr, "libbasin_torch_cuda.so is not in this build's lib");
        const auto backend = make_backend(Device::cuda);
        const golden::Network golden;
        golden.write_files(*place_);
        const auto objective =
            make_network_objective(golden::entry("lenet"), golden.params(*place_, "mnist"), *backend, golden.seed());
        std::vector<float> start(objective->dim());
        objective->start(start, {}, 1, {}, golden.seed());
        Buffer theta = backend->allocate(start.size());
        Buffer gradient = backend->allocate(start.size());
        Buffer loss = backend->allocate(1);
        backend->upload(theta.data(), start);
        const EvaluationArrays arrays{.theta = theta.data(), .losses = loss.data(), .gradient = gradient.data()};
        std::vector<float> first;
        for (int i = 0; i < 6; ++i) {
            objective->evaluate(arrays, {.seed = golden.seed(), .step = 1}, {.losses = true});
            std::vector<float> now(start.size() + 1);
            backend->download(std::span(now).first(start.size()), gradient.data());
            backend->download(std::span(now).last(1), loss.data());
            backend->scale(gradient.data(), 0, start.size());
            if (i == 0) {
                first = now;
            }
            QVERIFY2(now == first, qPrintable(QString::number(i)));
        }
        QVERIFY(std::any_of(first.begin(), first.end(), [](float x) { return x != 0; }));
    }

    /// Two threads on the CPU, which add in another order than one, leave up to 1e-4 here (SAM; SGD 3e-5, metrics
    /// 7e-6): ten times that. Few and short steps, of which the last are recorded ones; metrics have the running
    /// statistics.
    void a_residual_network_s_losses_are_the_cpus()
    {
        ExperimentSpec spec = resnet_spec(*place_, 10);
        for (LaneSpec& lane : spec.lanes) {
            lane.params.set("step_size", 0.001);
        }
        run_on(spec, Device::cpu, at("cpu"));
        run_on(spec, Device::cuda, at("gpu"));
        for (int lane = 0; lane < 3; ++lane) {
            for (const int column : {3, 5, 6}) {  // loss, train_loss, test_loss
                const std::vector<double> expected = losses(at("cpu"), lane, column);
                const std::vector<double> actual = losses(at("gpu"), lane, column);
                QCOMPARE(actual.size(), expected.size());
                QVERIFY(actual.size() >= 3);
                for (std::size_t i = 0; i < actual.size(); ++i) {
                    QVERIFY2(std::abs(actual[i] - expected[i]) < 1e-3 * std::max(1.0, expected[i]),
                             qPrintable(QStringLiteral("lane %1, column %2, row %3: %4 and %5")
                                            .arg(lane)
                                            .arg(column)
                                            .arg(i)
                                            .arg(actual[i], 0, 'g', 9)
                                            .arg(expected[i], 0, 'g', 9)));
                }
            }
        }
    }

    void a_residual_network_repeats_its_bytes_data() { a_spec_repeats_its_bytes_data(); }
    void a_residual_network_repeats_its_bytes()
    {
        QFETCH(QString, precision);
        const ExperimentSpec spec = resnet_spec(*place_, 40, precision.toStdString());
        run_on(spec, Device::cuda, at("one"));
        run_on(spec, Device::cuda, at("two"));
        const auto one = files_of(at("one"));
        QVERIFY(one == files_of(at("two")));
        QVERIFY(one.size() > 4);
    }

    void a_spec_repeats_its_bytes_data()
    {
        QTest::addColumn<QString>("precision");
        QTest::addColumn<QString>("augmentation");
        for (const char* precision : {"float32", "tf32", "bf16"}) {
            QTest::newRow(precision) << precision << "none";
        }
        QTest::newRow("augmented") << "float32"
                                   << "crop_flip";
    }
    void a_spec_repeats_its_bytes()
    {
        QFETCH(QString, precision);
        QFETCH(QString, augmentation);
        const ExperimentSpec spec = lenet_spec(*place_, 200, precision.toStdString(), augmentation.toStdString());
        run_on(spec, Device::cuda, at("one"));
        run_on(spec, Device::cuda, at("two"));
        const auto one = files_of(at("one"));
        QVERIFY(one == files_of(at("two")));
        QVERIFY(one.size() > 4);
    }

    void a_killed_run_goes_on_to_the_same_bytes()
    {
        const ExperimentSpec spec = lenet_spec(*place_, kLongRun);
        const std::string program = QCoreApplication::applicationFilePath().toStdString();
        const std::string folder = at("killed").string();
        const std::string data = place_->path().toStdString();
        const pid_t child = ::fork();
        if (child == 0) {
            ::execl(program.c_str(), program.c_str(), "--child", data.c_str(), folder.c_str(), nullptr);
            ::_exit(127);
        }
        int status = 0;
        const auto begun = [&] {
            return fs::exists(checkpoint_file(folder)) || ::waitpid(child, &status, WNOHANG) == child;
        };
        QTRY_VERIFY_WITH_TIMEOUT(begun(), 60000);
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        QVERIFY2(fs::exists(checkpoint_file(folder)) && !fs::exists(at("killed") / "summary.json"),
                 "the run was over before it was killed");
        run_on(spec, Device::cuda, folder, true);
        run_on(spec, Device::cuda, at("straight"));
        QVERIFY(files_of(folder) == files_of(at("straight")));
    }

    void probes_and_slices_work_there()
    {
        ExperimentSpec spec = lenet_spec(*place_, 20);
        Params spectrum(find_probe("hessian_spectrum").schema);
        spectrum.set("sample", std::int64_t{16});
        spec.probes = {{"hessian_spectrum", spectrum, 10}};
        run_on(spec, Device::cuda, at("gpu"));
        run_on(spec, Device::cpu, at("cpu"));
        const auto first_eigenvalue = [this](const char* which) {
            QFile file(QString::fromStdString((at(which) / "probes" / "0_hessian_spectrum.csv").string()));
            if (!file.open(QIODevice::ReadOnly)) {
                return std::nan("");
            }
            file.readLine();
            return file.readLine().split(',').value(3).toDouble();
        };
        const double expected = first_eigenvalue("cpu");
        // At step 0 theta is the same to the bit; Lanczos in float32 products: 1e-4 of the largest.
        QVERIFY2(std::abs(first_eigenvalue("gpu") - expected) < 1e-3 * std::abs(expected),
                 qPrintable(QString::number(expected)));
    }

    void memory_that_others_have_is_a_lanes_failure()
    {
        const auto backend = make_backend(Device::cuda);
        const golden::Network golden;
        golden.write_files(*place_);
        Params params(network_schema(golden::entry("mlp")));
        params.set("dataset", std::string("two_moons"));
        params.set("moons.count", std::int64_t{100000});
        params.set("batch_size", std::int64_t{100000});
        params.set("widths", std::vector<double>{4096, 4096});
        const auto objective = make_network_objective(golden::entry("mlp"), params, *backend, 1);
        Buffer theta = backend->allocate(objective->dim());
        Buffer gradient = backend->allocate(objective->dim());
        Buffer loss = backend->allocate(1);
        const auto bytes = device_memory(Device::cuda).free_bytes;
        const Buffer hog = backend->allocate((bytes - (std::uint64_t{512} << 20U)) / sizeof(float));
        const EvaluationArrays arrays{.theta = theta.data(), .losses = loss.data(), .gradient = gradient.data()};
        QVERIFY_EXCEPTION_THROWN(objective->evaluate(arrays, {.seed = 1}, {.losses = true}), OutOfMemory);
    }

    void a_run_that_does_not_fit_is_refused()
    {
        ExperimentSpec spec = lenet_spec(*place_, 10);
        spec.objective.params.set("evaluation_batch", std::int64_t{1000000});
        spec.objective.params.set("batch_size", std::int64_t{50'000'000});
        RunOptions options;
        options.device = Device::cuda;
        try {
            const Runner runner(spec, options);
            QFAIL("it was made");
        } catch (const std::invalid_argument& error) {
            QVERIFY2(QByteArray(error.what()).contains("batch_size"), error.what());
        }
    }

private:
    fs::path at(const char* name) const { return fs::path(place_->path().toStdString()) / name; }

    std::unique_ptr<QTemporaryDir> place_;
    std::optional<std::string> reason_;
};

int main(int argc, char** argv)
{
    if (argc == 4 && std::string(argv[1]) == "--child") {
        const QTemporaryDir own;
        ExperimentSpec spec = lenet_spec(own, kLongRun);
        spec.objective.params.set("folder", std::string(argv[2]));  // the same files
        run_on(spec, Device::cuda, argv[3]);
        return 0;
    }
    QCoreApplication application(argc, argv);
    CudaNetworkTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "cuda_network_test.moc"
