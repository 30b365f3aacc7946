// Networks against PyTorch: golden/make_network.py computes losses, gradients, a run of SGD with momentum and metrics
// in double precision; this is single precision. PyTorch's own single precision leaves its doubles by 3.5e-7 over the
// run.
#include <QTest>
#include <cmath>
#include <limits>
#include <memory>
#include <thread>

#include "core/compute/philox.h"
#include "tests/core/network/golden.h"

using namespace basin;
using golden::entry;
using idx_files::refusal;

namespace {

constexpr double kLossTolerance = 5e-6;      // ten times what rounding does in PyTorch
constexpr double kGradientTolerance = 1e-5;  // of the gradient's norm; each component sums some thousand floats
constexpr int kThreads = 2;

struct Case {
    const char* name;
    const char* network;
    const char* activation;
    const char* loss;
};
constexpr Case kCases[] = {{"logistic_regression", "logistic_regression", "", "cross_entropy"},
                           {"mlp_relu", "mlp", "relu", "cross_entropy"},
                           {"mlp_tanh", "mlp", "tanh", "cross_entropy"},
                           {"lenet", "lenet", "", "cross_entropy"},
                           {"mlp_squared_error", "mlp", "tanh", "squared_error"},
                           {"lenet_squared_error", "lenet", "", "squared_error"}};

double norm(std::span<const float> values)
{
    double sum = 0;
    for (const float x : values)
        sum += static_cast<double>(x) * static_cast<double>(x);
    return std::sqrt(sum);
}

/// An objective with arrays of its own around it.
struct Bench {
    std::unique_ptr<Backend> backend = make_cpu_backend(kThreads);
    std::unique_ptr<Objective> objective;
    std::vector<float> theta;
    std::vector<float> gradient;
    std::vector<float> momentum;
    std::uint64_t seed = 0;

    Bench(const NetworkEntry& network, const Params& params, std::uint64_t with_seed)
        : objective(make_network_objective(network, params, *backend, with_seed)),
          theta(objective->dim()),
          gradient(objective->dim(), std::numeric_limits<float>::quiet_NaN()),  // whatever was there must not matter
          momentum(objective->dim()),
          seed(with_seed)
    {
        objective->start(theta, {}, 1, {}, seed);
    }

    double evaluate(std::uint64_t step, Want want, Objective* with = nullptr)
    {
        float loss = std::numeric_limits<float>::quiet_NaN();
        EvaluationArrays arrays;
        arrays.theta = theta.data();
        arrays.losses = &loss;
        arrays.gradient = gradient.data();
        (with != nullptr ? with : objective.get())->evaluate(arrays, {seed, step, 0, 0}, want);
        return static_cast<double>(loss);
    }
    double sgd_step(std::uint64_t step)
    {
        const double loss = evaluate(step, {.losses = true});
        Descent descent;
        descent.step_size = 0.02F;
        descent.momentum = 0.9F;
        descent.first = step == 0;
        backend->descend(theta.data(), momentum.data(), gradient.data(), theta.size(), descent);
        return loss;
    }
};

}  // namespace

class NetworkTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    golden::Network golden_;

    Bench bench(const Case& which) const
    {
        Params params = golden_.params(folder_, "mnist", which.network);
        params.set("loss", std::string(which.loss));
        if (params.has("widths")) {
            params.set("widths", std::vector<double>{16, 8});
            params.set("activation", std::string(which.activation));
        }
        return Bench(entry(which.network), params, golden_.seed());
    }
    static void add_cases()
    {
        QTest::addColumn<int>("which");
        for (int i = 0; i < static_cast<int>(std::size(kCases)); ++i)
            QTest::newRow(kCases[i].name) << i;
    }
    QJsonObject expected(const Case& which) const
    {
        return golden_.root["models"].toObject()[QLatin1String(which.name)].toObject();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(networks_available());
        golden_.write_files(folder_);
    }

    void start_loss_and_gradient_are_pytorch_s_data() { add_cases(); }
    void start_loss_and_gradient_are_pytorch_s()
    {
        QFETCH(int, which);
        Bench b = bench(kCases[which]);
        const QJsonObject golden = expected(kCases[which]);
        QCOMPARE(static_cast<double>(b.objective->dim()), golden["parameters"].toDouble());
        const double loss = b.evaluate(0, {.losses = true, .gradient = true, .full_data = true});
        QVERIFY2(std::abs(loss - golden["loss"].toDouble()) < kLossTolerance,
                 qPrintable(QString::number(loss, 'g', 9)));

        const std::vector<double> theta = golden::numbers(golden["theta"]);
        const std::vector<double> gradient = golden::numbers(golden["gradient"]);
        const auto stride = static_cast<std::size_t>(golden["stride"].toInt());
        const double length = golden["gradient_norm"].toDouble();
        QVERIFY(gradient.size() > 90);
        for (std::size_t i = 0; i < gradient.size(); ++i) {
            QVERIFY(std::abs(static_cast<double>(b.theta[i * stride]) - theta[i]) < 1e-7);  // a float below 0.2
            const double difference = std::abs(static_cast<double>(b.gradient[i * stride]) - gradient[i]);
            QVERIFY2(difference < kGradientTolerance * length, qPrintable(QString::number(difference)));
        }
        const std::vector<double> blocks = golden::numbers(golden["blocks"]);
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const LayoutBlock& block = b.objective->layout().blocks[i];
            const double part = norm(std::span(b.gradient).subspan(block.offset, block.size()));
            QVERIFY2(std::abs(part - blocks[i]) < kGradientTolerance * length, block.name.c_str());
        }
    }

    void a_run_of_sgd_with_momentum_is_pytorch_s_data() { add_cases(); }
    void a_run_of_sgd_with_momentum_is_pytorch_s()
    {
        QFETCH(int, which);
        Bench b = bench(kCases[which]);
        const QJsonObject golden = expected(kCases[which]);
        const std::vector<double> losses = golden::numbers(golden["losses"]);
        for (std::size_t step = 0; step < losses.size(); ++step) {
            const double loss = b.sgd_step(step);
            QVERIFY2(std::abs(loss - losses[step]) < kLossTolerance,
                     qPrintable(QString("step %1: %2 for %3").arg(step).arg(loss).arg(losses[step])));
        }
        const std::vector<double> metrics = b.objective->metrics(b.theta, {});
        const std::vector<std::string> keys = b.objective->metric_keys();
        QCOMPARE(keys, (std::vector<std::string>{"train_loss", "test_loss", "test_accuracy", "clean_accuracy",
                                                 "flipped_fitted", "flipped_corrected"}));
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const double value = golden["metrics"].toObject()[QLatin1String(keys[i].c_str())].toDouble();
            QVERIFY2(std::abs(metrics[i] - value) < 2 * kLossTolerance, keys[i].c_str());
        }
    }

    void equal_questions_get_equal_bytes_data() { add_cases(); }
    void equal_questions_get_equal_bytes()
    {
        QFETCH(int, which);
        Bench b = bench(kCases[which]);
        for (const bool full : {false, true}) {
            const double first_loss = b.evaluate(1, {.losses = true, .gradient = true, .full_data = full});
            const std::vector<float> first = b.gradient;
            b.evaluate(2, {});  // another batch in between
            const auto other = make_cpu_backend(kThreads);
            const auto clone = b.objective->clone(*other);
            for (Objective* with : {b.objective.get(), clone.get()}) {
                const double loss = b.evaluate(1, {.losses = true, .gradient = true, .full_data = full}, with);
                QCOMPARE(loss, first_loss);
                QVERIFY(b.gradient == first);
                // Without a gradient the loss is the same and the array is left alone.
                b.gradient[0] = 77;
                QCOMPARE(b.evaluate(1, {.losses = true, .gradient = false, .full_data = full}, with), first_loss);
                QCOMPARE(b.gradient[0], 77.0F);
            }
        }
    }

    void another_thread_gets_equal_bytes()
    {
        Bench b = bench(kCases[3]);
        const double loss = b.evaluate(3, {.losses = true});
        const std::vector<float> gradient = b.gradient;
        double there = 0;
        std::thread([&] { there = b.evaluate(3, {.losses = true}); }).join();
        QCOMPARE(there, loss);
        QVERIFY(b.gradient == gradient);
    }

    // The mean of the batches of an epoch, weighted by their sizes, is the loss of the whole: floats of 1e-7.
    void an_epoch_s_batches_make_the_whole()
    {
        Bench b = bench(kCases[3]);
        const double whole = b.evaluate(0, {.losses = true, .gradient = true, .full_data = true});
        const std::vector<float> gradient = b.gradient;
        std::vector<float> sum(b.theta.size());
        double loss = 0;
        double seen = 0;
        QCOMPARE(b.objective->steps_per_epoch(), 3U);
        for (std::uint64_t step = 0; step < 3; ++step) {
            const auto examples = static_cast<double>(b.objective->examples({b.seed, step, 0, 0}, {}));
            QCOMPARE(examples, step < 2 ? 12.0 : 8.0);
            loss += examples / 32 * b.evaluate(step, {.losses = true});
            for (std::size_t i = 0; i < sum.size(); ++i)
                sum[i] += static_cast<float>(examples / 32) * b.gradient[i];
            seen += examples;
        }
        QCOMPARE(seen, static_cast<double>(b.objective->examples({}, {.full_data = true})));
        QVERIFY(std::abs(loss - whole) < 1e-6);
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] -= gradient[i];
        QVERIFY(norm(sum) < 1e-6 * norm(gradient) + 1e-7);
    }

    // Central differences D(h) of the float loss (rounded to 2.4e-7) along a unit direction at h = 0.02 and 2h:
    // rounding leaves 2e-5 in (4 D(h) - D(2h)) / 3, which has no error of order h^2. Smooth networks only: on ReLU
    // differences are wrong.
    void a_tanh_network_s_gradient_is_the_slope_of_its_loss()
    {
        Bench b = bench(kCases[2]);
        b.evaluate(0, {.gradient = true, .full_data = true});
        const std::vector<float> gradient = b.gradient;
        const std::vector<float> theta = b.theta;
        for (std::uint32_t draw = 0; draw < 4; ++draw) {
            std::vector<float> direction(theta.size());
            for (std::size_t i = 0; i < direction.size(); ++i)  // gradient and noise, so that the slope is not small
                direction[i] = gradient[i] / static_cast<float>(norm(gradient)) +
                               0.01F * philox::normal_at({1, Stream::probe, 0, draw, 0}, i);
            const double length = norm(direction);
            double slope = 0;
            for (std::size_t i = 0; i < direction.size(); ++i)
                slope += static_cast<double>(gradient[i]) * static_cast<double>(direction[i]) / length;
            const auto loss_at = [&](double distance) {
                for (std::size_t i = 0; i < theta.size(); ++i)
                    b.theta[i] = theta[i] + static_cast<float>(distance / length) * direction[i];
                return b.evaluate(0, {.losses = true, .gradient = false, .full_data = true});
            };
            const auto central = [&](double h) { return (loss_at(h) - loss_at(-h)) / (2 * h); };
            const double difference = (4 * central(0.02) - central(0.04)) / 3;
            QVERIFY2(std::abs(difference - slope) < 1e-4, qPrintable(QString("%1 for %2").arg(difference).arg(slope)));
        }
    }

    /// Training images cropped and mirrored by NumPy; the metrics are of the images as they are.
    void a_run_on_augmented_images_is_pytorch_s()
    {
        Params params = golden_.params(folder_, "mnist");
        params.set("augmentation.kind", std::string("crop_flip"));
        Bench b(entry("lenet"), params, golden_.seed());
        const QJsonObject golden = golden_.root["augmentation"].toObject();
        const std::vector<double> losses = golden::numbers(golden["losses"]);
        QCOMPARE(losses.size(), 12U);
        for (std::size_t step = 0; step < losses.size(); ++step) {
            const double loss = b.sgd_step(step);
            QVERIFY2(std::abs(loss - losses[step]) < kLossTolerance,
                     qPrintable(QString("step %1: %2 for %3").arg(step).arg(loss).arg(losses[step])));
        }
        const std::vector<double> metrics = b.objective->metrics(b.theta, {});
        const std::vector<std::string> keys = b.objective->metric_keys();
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const double value = golden["metrics"].toObject()[QLatin1String(keys[i].c_str())].toDouble();
            QVERIFY2(std::abs(metrics[i] - value) < 2 * kLossTolerance, keys[i].c_str());
        }
    }

    /// Losses and gradients over all data, metrics, curvature and points of a slice: equal bytes with and without.
    void whole_data_are_not_augmented()
    {
        Params params = golden_.params(folder_, "mnist");
        Bench plain(entry("lenet"), params, golden_.seed());
        params.set("augmentation.kind", std::string("crop_flip"));
        Bench augmented(entry("lenet"), params, golden_.seed());
        QVERIFY(plain.evaluate(0, {.losses = true}) != augmented.evaluate(0, {.losses = true}));
        QVERIFY(plain.gradient != augmented.gradient);
        const Want all{.losses = true, .gradient = true, .full_data = true};
        QCOMPARE(plain.evaluate(0, all), augmented.evaluate(0, all));
        QVERIFY(plain.gradient == augmented.gradient);
        QCOMPARE(plain.objective->metrics(plain.theta, {}), augmented.objective->metrics(plain.theta, {}));
        const std::vector<double> theta(plain.theta.begin(), plain.theta.end());
        const auto curvature = [&](Bench& b) {
            std::vector<double> product(theta.size());
            b.objective->curvature(b.theta, {}, {.sample = 0})->product(CurvatureMatrix::hessian, theta, product);
            return product;
        };
        QVERIFY(curvature(plain) == curvature(augmented));
        const auto values = [&](Bench& b) {
            const std::vector<std::string> keys = b.objective->point_value_keys();
            std::vector<double> at(keys.size());
            b.objective->point_values({}, {.values = keys, .train_sample = 0, .test_sample = 0})->at(theta, at);
            return at;
        };
        QCOMPARE(values(plain), values(augmented));
    }

    void two_moons_are_learned_by_a_small_mlp()
    {
        Params params(network_schema(entry("mlp")));
        params.set("dataset", std::string("two_moons"));
        params.set("moons.count", std::int64_t{400});
        params.set("widths", std::vector<double>{32});
        params.set("batch_size", std::int64_t{40});
        Bench b(entry("mlp"), params, 3);
        QCOMPARE(b.objective->metric_keys().size(), 4U);  // no label is flipped
        QVERIFY(b.objective->file_hashes().empty());
        for (std::uint64_t step = 0; step < 1500; ++step)
            b.sgd_step(step);
        const std::vector<double> metrics = b.objective->metrics(b.theta, {});
        // Noise 0.15 leaves the moons apart but for a handful of points: a line gets 0.88, the right curve 0.99 and
        // more.
        QVERIFY2(metrics[2] > 0.97, qPrintable(QString::number(metrics[2])));
    }

    /// 120 training examples and 40 test examples in pieces of 30: four and two.
    void metrics_tell_how_far_they_are_and_stop_between_pieces()
    {
        Params params(network_schema(entry("mlp")));
        params.set("dataset", std::string("two_moons"));
        params.set("moons.count", std::int64_t{120});
        params.set("batch_size", std::int64_t{40});
        params.set("evaluation_batch", std::int64_t{30});
        Bench b(entry("mlp"), params, 3);
        QCOMPARE(b.objective->examples({}, {.full_data = true}), 120U);
        std::vector<double> shares;
        const auto listen = [&shares](double share) { shares.push_back(share); };
        QCOMPARE(b.objective->metrics(b.theta, {}, {}, listen), b.objective->metrics(b.theta, {}));
        QVERIFY(shares.size() > 4 && shares.front() == 0 && shares.back() < 1);
        QVERIFY(std::is_sorted(shares.begin(), shares.end()));
        const double piece = shares[1];  // 30 of all examples
        for (std::size_t at = 0; at < shares.size(); ++at) {
            QVERIFY(std::abs(shares[at] - static_cast<double>(at) * piece) < 1e-12);
            std::stop_source source;
            std::size_t pieces = 0;
            const auto metrics = b.objective->metrics(b.theta, {}, source.get_token(), [&](double share) {
                ++pieces;
                if (share == shares[at])
                    source.request_stop();
            });
            QVERIFY(!metrics);
            QCOMPARE(pieces, at + 1);
        }
    }

    void what_a_network_cannot_do_is_said()
    {
        Bench b = bench(kCases[0]);
        QVERIFY(
            refusal([&] { b.objective->start(b.theta, {}, 2, {}, 1); }).startsWith("chains: a network runs 1 chain"));
        StartSpec spec;
        spec.points = {{0, 0}};
        QVERIFY(refusal([&] { b.objective->start(b.theta, {}, 1, spec, 1); }).startsWith("start.points: "));
    }

    void a_spread_start_lies_around_the_start()
    {
        Bench b = bench(kCases[0]);
        std::vector<float> spread(b.theta.size());
        StartSpec spec;
        spec.spread = 0.5;
        b.objective->start(spread, {}, 1, spec, b.seed);
        for (std::size_t i = 0; i < spread.size(); ++i)
            spread[i] -= b.theta[i];
        // 7,850 normals: the deviation's standard error is 0.5 / sqrt(15,700) = 0.004; 4.5 of them, fixed seed.
        QVERIFY(std::abs(norm(spread) / std::sqrt(7850.0) - 0.5) < 0.018);
    }
};

QTEST_APPLESS_MAIN(NetworkTest)
#include "network_test.moc"
