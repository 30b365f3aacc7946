// Mixed precision on the CPU against float32: how far apart they may be, and that float32 is what it was.
#include <QTest>
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "tests/core/network/golden.h"

using namespace basin;
using golden::entry;

namespace {

/// How far float32's gradient moves when theta alone is rounded to bfloat16 says what rounding does to this network.
/// Mixed precision rounds three things of a like size, in the forward pass and in the backward pass: weights,
/// activations and the slopes that come back. Their effects add up to sqrt(3) times that if they are independent, to 3
/// at worst.
constexpr double kRoundings = 3;
/// And a gradient is a product of two rounded factors, each off by at most 2^-9, whatever theta makes of them: of the
/// convex network, where theta is small, that is the most of it.
constexpr double kFactors = 2.0 / 512;
/// A loss is a mean over the batch of the logits' errors: each logit is of size 1 and off by some 2^-8.
constexpr double kLossTolerance = 0.01;

struct Side {
    Side(const QTemporaryDir& folder, const golden::Network& golden, const std::string& network,
         const std::string& precision)
        : backend(make_cpu_backend(1)), seed(golden.seed())
    {
        Params params = golden.params(folder, "mnist", network);
        params.set("precision", precision);
        objective = make_network_objective(entry(network), params, *backend, seed);
        theta.resize(objective->dim());
        gradient.resize(objective->dim());
        momentum.resize(objective->dim());
        objective->start(theta, {}, 1, {}, seed);
    }
    double evaluate(std::uint64_t step, Want want)
    {
        float loss = std::numeric_limits<float>::quiet_NaN();
        objective->evaluate({.theta = theta.data(), .losses = &loss, .gradient = gradient.data()}, {seed, step, 0, 0},
                            want);
        return static_cast<double>(loss);
    }
    double step(std::uint64_t number)
    {
        const double loss = evaluate(number, {.losses = true});
        const Descent descent{.step_size = 0.02F, .momentum = 0.9F, .first = number == 0};
        backend->descend(theta.data(), momentum.data(), gradient.data(), theta.size(), descent);
        return loss;
    }

    std::unique_ptr<Backend> backend;
    std::uint64_t seed;
    std::unique_ptr<Objective> objective;
    std::vector<float> theta;
    std::vector<float> gradient;
    std::vector<float> momentum;
};

/// To bfloat16's 8 bits, halves to even.
float rounded(float value)
{
    auto bits = std::bit_cast<std::uint32_t>(value);
    bits += 0x7fffU + (bits >> 16U & 1U);
    return std::bit_cast<float>(bits & 0xffff0000U);
}

double distance(const std::vector<float>& a, const std::vector<float>& b)
{
    double sum = 0;
    double norm = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto x = static_cast<double>(a[i]);
        sum += (x - static_cast<double>(b[i])) * (x - static_cast<double>(b[i]));
        norm += x * x;
    }
    return std::sqrt(sum / norm);
}

}  // namespace

class PrecisionTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    golden::Network golden_;

private Q_SLOTS:
    void initTestCase() { golden_.write_files(folder_); }

    void bf16_gradients_are_near_data()
    {
        QTest::addColumn<QString>("network");
        for (const char* network : {"logistic_regression", "mlp", "lenet"}) {
            QTest::newRow(network) << network;
        }
    }

    void bf16_gradients_are_near()
    {
        QFETCH(QString, network);
        Side exact(folder_, golden_, network.toStdString(), "float32");
        Side mixed(folder_, golden_, network.toStdString(), "bf16");
        QCOMPARE(mixed.theta, exact.theta);
        const double loss = exact.evaluate(0, {.losses = true});
        const double other = mixed.evaluate(0, {.losses = true});
        QVERIFY2(std::abs(loss - other) < kLossTolerance, qPrintable(QString::number(loss - other)));
        const std::vector<float> gradient = exact.gradient;
        std::transform(exact.theta.begin(), exact.theta.end(), exact.theta.begin(), rounded);
        exact.evaluate(0, {.losses = true});
        const double of_theta = distance(gradient, exact.gradient);
        const double apart = distance(gradient, mixed.gradient);
        QVERIFY2(apart < kRoundings * of_theta + kFactors,
                 qPrintable(QStringLiteral("%1, %2").arg(apart).arg(of_theta)));
        QVERIFY2(apart > 0.1 * of_theta, "and they are not float32's");
    }

    void bf16_learns_as_float32_does()
    {
        Side exact(folder_, golden_, "lenet", "float32");
        Side mixed(folder_, golden_, "lenet", "bf16");
        double first = 0;
        for (std::uint64_t step = 0; step < 20; ++step) {
            const double loss = exact.step(step);
            first = step == 0 ? loss : first;
            QVERIFY2(std::abs(loss - mixed.step(step)) < 10 * kLossTolerance, qPrintable(QString::number(step)));
        }
        QVERIFY(mixed.evaluate(20, {.losses = true}) < first);
    }

    void bf16_repeats_itself()
    {
        Side one(folder_, golden_, "lenet", "bf16");
        Side two(folder_, golden_, "lenet", "bf16");
        for (std::uint64_t step = 0; step < 5; ++step) {
            QCOMPARE(one.step(step), two.step(step));
        }
        QCOMPARE(one.theta, two.theta);
    }

    /// Losses over all data, metrics and what looks at a point are of theta itself.
    void what_is_measured_is_float32()
    {
        Side exact(folder_, golden_, "lenet", "float32");
        Side mixed(folder_, golden_, "lenet", "bf16");
        QCOMPARE(mixed.objective->metrics(mixed.theta, {}), exact.objective->metrics(exact.theta, {}));
        const Want all{.losses = true, .full_data = true};
        QCOMPARE(mixed.evaluate(0, all), exact.evaluate(0, all));
        QCOMPARE(mixed.gradient, exact.gradient);
    }

    void tf32_needs_a_gpu()
    {
        const auto backend = make_cpu_backend(1);
        Params params = golden_.params(folder_, "mnist");
        params.set("precision", std::string("tf32"));
        QCOMPARE(idx_files::refusal([&] { std::ignore = make_network_objective(entry("lenet"), params, *backend, 1); }),
                 QStringLiteral("precision: tf32 is a mode of NVIDIA GPUs, and this run is on the CPU; choose the "
                                "device cuda, or float32 or bf16"));
    }
};

QTEST_APPLESS_MAIN(PrecisionTest)
#include "precision_test.moc"
