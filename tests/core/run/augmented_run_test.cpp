// Runs on augmented images: what lanes share, what SAM sees twice, and what a resumed run goes on with.
#include <QtTest>

#include <cmath>
#include <cstring>
#include <thread>

#include "core/network/network.h"
#include "fake_run.h"
#include "tests/core/network/golden.h"

using namespace basin;
namespace fs = std::filesystem;

namespace {

constexpr double kStepSize = 0.1;
constexpr double kRadius = 0.5;

/// The numbers of a theta file: after NumPy's header, whose length stands at byte 8.
std::vector<float> theta_of(const std::map<std::string, QByteArray>& files, int lane)
{
    const QByteArray bytes = files.at("theta_" + std::to_string(lane) + ".npy");
    const QByteArray data =
        bytes.mid(10 + static_cast<unsigned char>(bytes[8]) + 256 * static_cast<unsigned char>(bytes[9]));
    std::vector<float> theta(static_cast<std::size_t>(data.size()) / sizeof(float));
    std::memcpy(theta.data(), data.data(), theta.size() * sizeof(float));
    return theta;
}

double distance(const std::vector<float>& a, const std::vector<float>& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    }
    return std::sqrt(sum);
}

}  // namespace

class AugmentedRunTest : public QObject {
    Q_OBJECT

    QTemporaryDir scratch_;
    golden::Network golden_;
    int folders_ = 0;

    fs::path fresh() { return scratch_.filePath(QString::number(folders_++)).toStdString(); }

    /// Three steps an epoch, the last of them with fewer images.
    ExperimentSpec spec(std::vector<LaneSpec> lanes, std::uint64_t steps, bool augmented = true) const
    {
        ExperimentSpec spec;
        spec.seed = golden_.seed();
        spec.steps = steps;
        spec.record_every = 1;
        spec.objective = {"network", "mlp", golden_.params(scratch_, "mnist", "mlp")};
        spec.objective.params.set("widths", std::vector<double>{8});
        if (augmented) {
            spec.objective.params.set("augmentation.kind", std::string("crop_flip"));
        }
        spec.lanes = std::move(lanes);
        return spec;
    }
    auto run(const ExperimentSpec& spec) { return run_to_end(spec, fresh(), 1, RunParts::from_catalogs()); }

private Q_SLOTS:
    void initTestCase()
    {
        if (!networks_available()) {
            QSKIP("needs LibTorch");
        }
        golden_.write_files(scratch_);
    }

    void lanes_share_their_images_unless_they_have_noise_of_their_own()
    {
        ExperimentSpec both =
            spec({lane("A", "sgd", {{"step_size", kStepSize}}), lane("B", "sgd", {{"step_size", kStepSize}})}, 10);
        auto files = run(both);
        const std::vector<float> shared = theta_of(files, 0);
        QVERIFY(shared == theta_of(files, 1));
        both.share_noise = false;
        files = run(both);
        QVERIFY(distance(theta_of(files, 0), theta_of(files, 1)) > 0.01);
        QVERIFY(distance(shared, theta_of(run(spec({both.lanes[0]}, 10, false)), 0)) > 0.01);  // it does something
    }

    /// SAM's step written out with both gradients on one batch, and with the second on images of another draw.
    void sam_s_two_gradients_see_the_same_images()
    {
        const ExperimentSpec what = spec({lane("SAM", "sam", {{"step_size", kStepSize}, {"rho", kRadius}})}, 4);
        const std::vector<float> expected = theta_of(run(what), 0);

        const auto backend = make_cpu_backend(1);
        const auto objective = make_network_objective(golden::entry("mlp"), what.objective.params, *backend, what.seed);
        const auto walked = [&](std::uint32_t second_draw) {
            std::vector<float> theta(objective->dim());
            std::vector<float> higher(theta.size());
            std::vector<float> gradient(theta.size());
            objective->start(theta, {}, 1, {}, what.seed);
            for (std::uint64_t step = 0; step < 4; ++step) {
                const auto gradient_at = [&](const std::vector<float>& at, std::uint32_t draw) {
                    objective->evaluate({.theta = at.data(), .gradient = gradient.data()},
                                        {.seed = what.seed, .step = step, .draw = draw}, {});
                };
                gradient_at(theta, 0);
                const double norm = distance(gradient, std::vector<float>(theta.size()));
                for (std::size_t i = 0; i < theta.size(); ++i) {
                    higher[i] = static_cast<float>(theta[i] + kRadius / norm * gradient[i]);
                }
                gradient_at(higher, second_draw);
                for (std::size_t i = 0; i < theta.size(); ++i) {
                    theta[i] = static_cast<float>(theta[i] - kStepSize * gradient[i]);
                }
            }
            return theta;
        };
        // 6,000 floats below 1 move four times by sums that are rounded in another order: some 1e-7 each, 1e-5 in all.
        QVERIFY2(distance(walked(0), expected) < 5e-5, qPrintable(QString::number(distance(walked(0), expected))));
        QVERIFY(distance(walked(1), expected) > 0.01);
    }

    /// Stopped twice in the middle of an epoch.
    void a_stopped_run_goes_on_to_the_same_bytes()
    {
        const ExperimentSpec what = spec({lane("SGD", "sgd", {{"step_size", kStepSize}, {"momentum", 0.9}}),
                                          lane("fSGLD", "fsgld", {{"step_size", 0.02}, {"beta", 1e6}})},
                                         20);
        RunOptions options;
        options.folder = fresh();
        options.threads = 1;
        options.paused = true;
        for (int part = 0; part < 2; ++part) {
            Runner runner(what, options);
            runner.start();
            for (int i = 0; i < 7; ++i) {
                runner.single_step();
            }
            while (runner.state() != RunState::paused) {
                std::this_thread::yield();
            }
            QCOMPARE(runner.lane_status(0).step, static_cast<std::uint64_t>(7 * (part + 1)));
            runner.stop();
            runner.wait();
            options.resume = true;
        }
        options.paused = false;
        Runner runner(what, options);
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        const auto resumed = files_of(options.folder);
        const auto straight = run(what);
        QCOMPARE(resumed.size(), straight.size());
        for (const auto& [name, bytes] : straight) {
            QVERIFY2(resumed.contains(name) && resumed.at(name) == bytes, name.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(AugmentedRunTest)
#include "augmented_run_test.moc"
