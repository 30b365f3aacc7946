// Whole runs of networks on a card: beside themselves, killed and gone on with, measured, and without enough memory.
// Where there is no card, or LibTorch's CUDA libraries are not here, every test says so and is skipped.
#include <QtTest>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "core/network/network.h"
#include "core/run/checkpoint.h"
#include "core/run/runner.h"
#include "tests/core/network/golden.h"
#include "tests/core/run/fake_run.h"
#include "tests/cuda/card_networks.h"

using namespace basin;
using namespace basin::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kLongRun = 3000;

}  // namespace

class CudaNetworkRunTest : public CardTest {
    Q_OBJECT

private Q_SLOTS:
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

    void probes_measure_there()
    {
        ExperimentSpec spec = lenet_spec(*place_, 20);
        Params spectrum(find_probe("hessian_spectrum").schema);
        for (const auto& [key, value] : std::map<std::string, std::int64_t>{
                 {"sample", 16}, {"top", 2}, {"bottom", 0}, {"probes", 1}, {"steps", 10}}) {
            spectrum.set(key, value);
        }
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
    CudaNetworkRunTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "cuda_network_run_test.moc"
