// What a network on a card computes, beside the CPU. Where there is no card, or LibTorch's CUDA libraries are not here,
// every test says so and is skipped.
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/network/network.h"
#include "core/network/torch_cuda.h"
#include "core/optim/stepper.h"
#include "tests/core/network/golden.h"
#include "tests/core/network/resnet_data.h"
#include "tests/cuda/card_networks.h"

using namespace basin;
using namespace basin::testing;

namespace {

/// Arrays for evaluations on one backend.
class Evaluation {
public:
    Evaluation(Backend& backend, std::size_t dim)
        : backend_(backend), theta_(backend.allocate(dim)), gradient_(backend.allocate(dim)), loss_(backend.allocate(1))
    {
    }

    /// The gradient, and the loss behind it.
    std::vector<float> at(Objective& objective, const std::vector<float>& theta, const BatchKey& key)
    {
        backend_.upload(theta_.data(), theta);
        objective.evaluate({.theta = theta_.data(), .losses = loss_.data(), .gradient = gradient_.data()}, key,
                           {.losses = true});
        std::vector<float> numbers(theta.size() + 1);
        backend_.download(std::span(numbers).first(theta.size()), gradient_.data());
        backend_.download(std::span(numbers).last(1), loss_.data());
        backend_.scale(gradient_.data(), 0, theta.size());
        return numbers;
    }

private:
    Backend& backend_;
    Buffer theta_;
    Buffer gradient_;
    Buffer loss_;
};

/// |actual - expected| / |expected|, of `size` numbers from `first` on.
template <typename T>
double relative_error(const std::vector<T>& actual, const std::vector<T>& expected, std::size_t first, std::size_t size)
{
    double difference = 0;
    double length = 0;
    for (std::size_t i = first; i < first + size; ++i) {
        difference += std::pow(static_cast<double>(actual[i]) - static_cast<double>(expected[i]), 2);
        length += std::pow(static_cast<double>(expected[i]), 2);
    }
    return std::sqrt(difference / length);
}

}  // namespace

class CudaNetworkTest : public CardTest {
    Q_OBJECT

private Q_SLOTS:
    void fifty_losses_are_the_cpus_data()
    {
        QTest::addColumn<QString>("augmentation");
        for (const char* augmentation : {"none", "crop_flip"}) {
            QTest::newRow(augmentation) << augmentation;
        }
    }
    /// Both add in float32 in orders of their own, which shows in a loss's last bits until a sum within rounding of a
    /// ReLU's kink, or of a pool's second maximum, falls to the other side: from then on gradients differ by what one
    /// unit does on one image. At a step of 0.005 on the CPU alone starts that differ by 1e-7 to 1.2e-6 leave up to
    /// 1.5e-3 so in fifty losses, which fall by 0.12; at most seven times that. (At 0.02 they leave 2e-2 there.)
    void fifty_losses_are_the_cpus()
    {
        QFETCH(QString, augmentation);
        ExperimentSpec spec = lenet_spec(*place_, 50, "float32", augmentation.toStdString());
        for (LaneSpec& lane : spec.lanes) {
            lane.params.set("step_size", 0.005);
        }
        run_on(spec, Device::cpu, at("cpu"));
        run_on(spec, Device::cuda, at("gpu"));
        for (int lane = 0; lane < 3; ++lane) {
            const std::vector<double> expected = losses(at("cpu"), lane);
            const std::vector<double> actual = losses(at("gpu"), lane);
            QCOMPARE(actual.size(), std::size_t{51});
            for (std::size_t i = 0; i < actual.size(); ++i) {
                QVERIFY2(std::abs(actual[i] - expected[i]) < (i < 10 ? 1e-4 : 1e-2),
                         qPrintable(QStringLiteral("lane %1, step %2: %3 and %4")
                                        .arg(lane)
                                        .arg(i)
                                        .arg(actual[i], 0, 'g', 9)
                                        .arg(expected[i], 0, 'g', 9)));
            }
        }
    }

    /// A loss has no jumps: 16 float32 logits' rounding, 1e-6, and five times that. Gradients lose more in cuDNN's
    /// transformed convolutions (the first card to run this: 4e-5 of their length, at most 9e-5), less than the
    /// factors' rounding in TF32 alone (4e-4); near a kink (see above) by all that one image does, less than a tenth.
    void at_fifty_thetas_losses_and_gradients_are_the_cpus()
    {
        const auto gpu = make_backend(Device::cuda);
        const auto cpu = make_backend(Device::cpu, 1);
        const golden::Network golden;
        golden.write_files(*place_);
        const Params params = golden.params(*place_, "mnist");
        const auto here = make_network_objective(golden::entry("lenet"), params, *cpu, golden.seed());
        const auto there = make_network_objective(golden::entry("lenet"), params, *gpu, golden.seed());
        Params sgd(find_optimizer("sgd").schema);
        sgd.set("step_size", 0.02);
        sgd.set("momentum", 0.9);
        Stepper stepper(*gpu, *there, find_optimizer("sgd"), sgd, {.chains = 1, .seed = golden.seed()});
        stepper.start({});
        Evaluation on_gpu(*gpu, there->dim());
        Evaluation on_cpu(*cpu, here->dim());
        double farthest = 0;
        std::vector<double> gradient_errors;
        std::map<std::string, double> block_errors;
        for (std::uint64_t step = 0; step < 50; ++step) {
            std::vector<float> theta(here->dim());
            gpu->download(theta, stepper.theta());
            const BatchKey key{.seed = golden.seed(), .step = step};
            const std::vector<float> actual = on_gpu.at(*there, theta, key);
            const std::vector<float> expected = on_cpu.at(*here, theta, key);
            farthest = std::max(farthest, static_cast<double>(std::abs(actual.back() - expected.back())));
            gradient_errors.push_back(relative_error(actual, expected, 0, theta.size()));
            for (const LayoutBlock& block : here->layout().blocks) {
                double& worst = block_errors[block.name];
                worst = std::max(worst, relative_error(actual, expected, block.offset, block.size()));
            }
            std::vector<StepRecord> records;
            stepper.advance(1, 1, records);
        }
        std::sort(gradient_errors.begin(), gradient_errors.end());
        QString found = QStringLiteral("losses within %1, gradients: 25th of 50 within %2, last %3; blocks at most")
                            .arg(farthest)
                            .arg(gradient_errors[24])
                            .arg(gradient_errors[49]);
        for (const auto& [name, error] : block_errors) {
            found += QStringLiteral(" %1 %2").arg(QString::fromStdString(name)).arg(error, 0, 'g', 2);
        }
        qInfo("%s", qPrintable(found));
        QVERIFY2(farthest < 5e-6 && gradient_errors[24] < 2e-4 && gradient_errors[49] < 0.1, qPrintable(found));
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
        std::vector<float> theta(objective->dim());
        objective->start(theta, {}, 1, {}, golden.seed());
        Evaluation evaluation(*backend, theta.size());
        const BatchKey key{.seed = golden.seed(), .step = 1};
        const std::vector<float> first = evaluation.at(*objective, theta, key);
        for (int i = 1; i < 6; ++i) {
            QVERIFY2(evaluation.at(*objective, theta, key) == first, qPrintable(QString::number(i)));
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

    /// At the start, 16 images in float32, all of the parameters. Gradients lose up to 9e-5 of their length on a card
    /// (see above), a product takes twice as many convolutions; three times that.
    void products_of_second_derivatives_are_the_cpus_data()
    {
        QTest::addColumn<QString>("network");
        QTest::newRow("LeNet") << "lenet";
        QTest::newRow("ResNet-20") << "resnet";
    }
    void products_of_second_derivatives_are_the_cpus()
    {
        QFETCH(QString, network);
        const golden::Network golden;
        golden.write_files(*place_);
        const Params params =
            network == "lenet" ? golden.params(*place_, "mnist") : resnet_data::params(*place_, "resnet20", 12, 16, 16);
        using enum CurvatureMatrix;
        std::map<CurvatureMatrix, std::vector<double>> expected;
        for (const Device device : {Device::cpu, Device::cuda}) {
            const auto backend = make_backend(device, 1);
            const auto objective =
                make_network_objective(golden::entry(qPrintable(network)), params, *backend, golden.seed());
            std::vector<float> theta(objective->dim());
            std::vector<float> buffers(objective->buffer_layout().size());
            objective->start(theta, buffers, 1, {}, golden.seed());
            const auto curvature = objective->curvature(theta, buffers, {.sample = 16, .seed = golden.seed()});
            std::vector<double> v(theta.size());
            for (std::size_t i = 0; i < v.size(); ++i) {
                v[i] = std::cos(static_cast<double>(i));
            }
            for (const CurvatureMatrix matrix : {hessian, gauss_newton, empirical_fisher}) {
                std::vector<double> product(v.size());
                curvature->product(matrix, v, product);
                if (device == Device::cpu) {
                    expected[matrix] = product;
                    continue;
                }
                const double error = relative_error(product, expected[matrix], 0, v.size());
                QVERIFY2(error < 6e-4, qPrintable(QString::number(error)));
            }
        }
    }

    /// As a slice asks: means over 16 images, some steps from the start. Accuracies may differ by an image.
    void values_at_points_are_the_cpus()
    {
        const golden::Network golden;
        golden.write_files(*place_);
        std::vector<std::vector<double>> all;
        for (const Device device : {Device::cpu, Device::cuda}) {
            const auto backend = make_backend(device, 1);
            const auto objective = make_network_objective(golden::entry("lenet"), golden.params(*place_, "mnist"),
                                                          *backend, golden.seed());
            std::vector<float> start(objective->dim());
            objective->start(start, {}, 1, {}, golden.seed());
            const std::vector<std::string> keys = objective->point_value_keys();
            const auto points = objective->point_values(
                {}, {.values = keys, .train_sample = 16, .test_sample = 16, .seed = golden.seed()});
            all.emplace_back();
            for (int point = 0; point < 5; ++point) {
                std::vector<double> theta(start.begin(), start.end());
                for (std::size_t i = 0; i < theta.size(); ++i) {
                    theta[i] += 0.01 * point * (i % 3 == 0 ? 1 : -1);
                }
                std::vector<double> values(keys.size());
                points->at(theta, values);
                all.back().insert(all.back().end(), values.begin(), values.end());
            }
        }
        for (std::size_t i = 0; i < all[0].size(); ++i) {
            const bool accuracy = i % 2 == 1;
            QVERIFY2(std::abs(all[0][i] - all[1][i]) < (accuracy ? 1.5 / 16 : 1e-5 * std::max(1.0, all[0][i])),
                     qPrintable(QStringLiteral("value %1: %2 and %3").arg(i).arg(all[0][i]).arg(all[1][i])));
        }
    }
};

QTEST_GUILESS_MAIN(CudaNetworkTest)
#include "cuda_network_test.moc"
