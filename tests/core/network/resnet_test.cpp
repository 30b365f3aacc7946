// A residual network as a run sees it: an objective on data with running statistics in its buffers. The other way to
// the same numbers is the model itself in double (residual_steps.h), whose own other way is PyTorch's modules.
#include <Eigen/Dense>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "core/network/data/batch_order.h"
#include "core/network/data/data_set.h"
#include "tests/core/network/matrices.h"
#include "tests/core/network/residual_steps.h"
#include "tests/core/network/resnet_data.h"

using namespace basin;
using golden::entry;
using idx_files::refusal;
using residual_steps::Answer;
using residual_steps::Images;
using residual_steps::Network;

namespace {

/// Floats of 6e-8 through 20 layers leave up to 2e-7 of losses and statistics and 1e-6 of gradients; ten times that.
constexpr double kTolerance = 2e-6;
constexpr double kGradientTolerance = 1e-5;
constexpr std::uint64_t kSeed = 3;

struct Bench {
    std::unique_ptr<Backend> backend = make_cpu_backend(1);
    std::unique_ptr<Objective> objective;
    std::vector<float> theta;
    std::vector<float> buffers;
    std::vector<float> gradient;
    std::vector<float> momentum;

    explicit Bench(const Params& params)
        : objective(make_network_objective(entry("resnet"), params, *backend, kSeed)),
          theta(objective->dim()),
          buffers(objective->buffer_layout().size()),
          gradient(theta.size(), std::numeric_limits<float>::quiet_NaN()),
          momentum(theta.size())
    {
        objective->start(theta, buffers, 1, {}, kSeed);
    }
    double evaluate(std::uint64_t step, Want want, Objective* with = nullptr)
    {
        float loss = std::numeric_limits<float>::quiet_NaN();
        const EvaluationArrays arrays{
            .theta = theta.data(), .buffers = buffers.data(), .losses = &loss, .gradient = gradient.data()};
        (with != nullptr ? with : objective.get())->evaluate(arrays, {kSeed, step, 0, 0}, want);
        return static_cast<double>(loss);
    }
    void sgd_steps(std::uint64_t first, std::uint64_t count)
    {
        for (std::uint64_t step = first; step < first + count; ++step) {
            evaluate(step, {.update_buffers = true});
            Descent descent;
            descent.step_size = 0.02F;
            descent.momentum = 0.9F;
            descent.first = step == 0;
            backend->descend(theta.data(), momentum.data(), gradient.data(), theta.size(), descent);
        }
    }
    double metric(const std::string& key)
    {
        const std::vector<std::string> keys = objective->metric_keys();
        const std::vector<double> values = objective->metrics(theta, buffers);
        return values[static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin())];
    }
};

/// Training examples in this order; all of them without one.
Images images_of(const DataSet& data, std::vector<std::uint32_t> which = {})
{
    Images images{.example_shape = data.example_shape};
    const std::size_t size = data.train.inputs.size() / data.train.size();
    if (which.empty()) {
        which.resize(data.train.size());
        std::iota(which.begin(), which.end(), 0U);
    }
    for (const std::uint32_t i : which) {
        for (std::size_t k = 0; k < size; ++k)
            images.inputs.push_back(static_cast<double>(data.train.inputs[i * size + k]));
        images.labels.push_back(static_cast<std::int64_t>(data.train.labels[i]));
    }
    return images;
}

/// ||a - b|| / ||b||.
double apart(const std::vector<float>& a, const std::vector<double>& b)
{
    double difference = 0;
    double whole = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        difference += std::pow(static_cast<double>(a[i]) - b[i], 2);
        whole += b[i] * b[i];
    }
    return a.size() == b.size() ? std::sqrt(difference / whole) : 1;
}

QByteArray text(double x)
{
    return QByteArray::number(x);
}

}  // namespace

class ResnetTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    /// The model in double where the objective stands.
    static Network same(const Bench& bench, const std::string& variant, const DataSet& data)
    {
        Network net(variant, data.example_shape, data.classes);
        net.theta.assign(bench.theta.begin(), bench.theta.end());
        net.buffers.assign(bench.buffers.begin(), bench.buffers.end());
        return net;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(networks_available()); }

    void a_step_is_the_model_s_data()
    {
        QTest::addColumn<QString>("variant");
        QTest::addColumn<int>("side");
        QTest::newRow("resnet20, 9 x 9") << "resnet20" << 9;  // 9, 5, 3
        QTest::newRow("resnet18, 8 x 8") << "resnet18" << 8;  // 8, 4, 2, 1
    }
    void a_step_is_the_model_s()
    {
        QFETCH(QString, variant);
        QFETCH(int, side);
        const Params params = resnet_data::params(folder_, variant.toStdString(), side);
        Bench bench(params);
        bench.sgd_steps(0, 2);
        const DataSet data = make_data_set(params, kSeed);
        Network net = same(bench, variant.toStdString(), data);
        BatchOrder order(data.train.size(), 8);
        const auto batch = order.batch({kSeed, 2, 0, 0});
        const Answer expected = net.evaluate(images_of(data, {batch.begin(), batch.end()}), true);
        const double loss = bench.evaluate(2, {.losses = true, .update_buffers = true});
        QVERIFY2(std::abs(loss - expected.loss) < kTolerance * std::max(1.0, expected.loss),
                 text(loss - expected.loss));
        const double slopes = apart(bench.gradient, expected.gradient);
        QVERIFY2(slopes < kGradientTolerance, text(slopes));
        const double running = apart(bench.buffers, net.buffers);
        QVERIFY2(running < kTolerance, text(running));
    }

    void statistics_move_only_where_they_may()
    {
        Bench bench(resnet_data::params(folder_));
        bench.sgd_steps(0, 2);
        const std::vector<float> before = bench.buffers;
        const double loss = bench.evaluate(2, {.losses = true});
        const std::vector<float> gradient = bench.gradient;
        QVERIFY(bench.buffers == before);
        QCOMPARE(bench.evaluate(2, {.losses = true, .gradient = false}), loss);
        QVERIFY(bench.buffers == before);
        QCOMPARE(bench.evaluate(2, {.losses = true, .update_buffers = true}), loss);  // the batch's statistics in both
        QVERIFY(bench.gradient == gradient);
        QVERIFY(bench.buffers != before);
        const std::vector<float> moved = bench.buffers;
        bench.evaluate(2, {.losses = true, .full_data = true, .update_buffers = true});
        bench.metric("test_loss");
        QVERIFY(bench.buffers == moved);
    }

    void equal_questions_get_equal_bytes()
    {
        Bench bench(resnet_data::params(folder_));
        const std::vector<float> before = bench.buffers;
        const double loss = bench.evaluate(1, {.losses = true, .update_buffers = true});
        const std::vector<float> gradient = bench.gradient;
        const std::vector<float> after = bench.buffers;
        const auto other = make_cpu_backend(1);
        const auto clone = bench.objective->clone(*other);
        for (Objective* with : {bench.objective.get(), clone.get()}) {
            bench.evaluate(2, {.update_buffers = true});
            bench.buffers = before;
            QCOMPARE(bench.evaluate(1, {.losses = true, .update_buffers = true}, with), loss);
            QVERIFY(bench.gradient == gradient);
            QVERIFY(bench.buffers == after);
        }
    }

    /// PyTorch's modules under autocast leave their own float32 by 0.2 % of the loss and 19 to 26 % of the gradient
    /// (six starts, eight images of 8 x 8): twice that. What is kept of statistics stays in float32.
    void mixed_precision_is_as_near_as_pytorch_s()
    {
        Params params = resnet_data::params(folder_);
        Bench whole(params);
        params.set("precision", std::string("bf16"));
        Bench mixed(params);
        const double expected = whole.evaluate(0, {.losses = true, .update_buffers = true});
        const double loss = mixed.evaluate(0, {.losses = true, .update_buffers = true});
        QVERIFY(loss != expected && std::abs(loss - expected) < 0.004 * expected);
        const double slopes = apart(mixed.gradient, {whole.gradient.begin(), whole.gradient.end()});
        QVERIFY2(slopes < 0.5, text(slopes));
        const double running = apart(mixed.buffers, {whole.buffers.begin(), whole.buffers.end()});
        QVERIFY2(running > 0 && running < 0.004, text(running));  // factors of 8 bits
    }

    /// Metrics, slices and curvature all look at the network in evaluation mode, with the run's statistics.
    void whole_data_sets_are_judged_by_running_statistics()
    {
        const Params params = resnet_data::params(folder_);
        Bench bench(params);
        bench.sgd_steps(0, 12);
        const DataSet data = make_data_set(params, kSeed);
        Network net = same(bench, "resnet20", data);
        const Answer expected = net.evaluate(images_of(data), false);
        const auto close = [&](double loss) { return std::abs(loss - expected.loss) < kTolerance * expected.loss; };
        QVERIFY(close(bench.evaluate(0, {.losses = true, .full_data = true})));
        const double slopes = apart(bench.gradient, expected.gradient);
        QVERIFY2(slopes < kGradientTolerance, text(slopes));
        QVERIFY(close(bench.metric("train_loss")));
        const auto curvature = bench.objective->curvature(bench.theta, bench.buffers, {.sample = 0});
        QVERIFY(close(curvature->loss()));
        std::vector<double> values(2);
        bench.objective
            ->point_values(bench.buffers, {.values = {"train_loss", "test_loss"}, .train_sample = 0, .test_sample = 0})
            ->at(std::vector<double>(bench.theta.begin(), bench.theta.end()), values);
        QVERIFY(close(values[0]));
        QVERIFY(std::abs(values[1] - bench.metric("test_loss")) < kTolerance * values[1]);
        // A copy's statistics: they stay what they were.
        std::fill(bench.buffers.begin(), bench.buffers.end(), 1.0F);
        bench.objective->curvature(bench.theta, bench.buffers, {.sample = 0});
        QVERIFY(close(curvature->loss()));
        QVERIFY(!close(bench.metric("train_loss")));
    }

    /// What is said before against what is counted while it is made, chunk by chunk (256 images): narrow and projected.
    void what_a_curvature_will_keep_is_known_before_data()
    {
        QTest::addColumn<QString>("variant");
        QTest::addColumn<int>("images");
        QTest::addColumn<int>("kept_chunks");
        QTest::newRow("resnet20") << "resnet20" << 40 << 1;
        QTest::newRow("resnet20, two chunks of three") << "resnet20" << 600 << 2;
        QTest::newRow("resnet18") << "resnet18" << 40 << 1;
        QTest::newRow("nothing") << "resnet20" << 40 << 0;
    }
    void what_a_curvature_will_keep_is_known_before()
    {
        QFETCH(QString, variant);
        QFETCH(int, images);
        QFETCH(int, kept_chunks);
        Bench bench(resnet_data::params(folder_, variant.toStdString(), 8, images, 8));
        CurvatureRequest request{.sample = 0};
        const auto whole = bench.objective->curvature_cost(request, CurvatureMatrix::hessian).value();
        request.kept_bytes = kept_chunks == 2 ? whole.kept_bytes * 95 / 100 : kept_chunks * (std::size_t{1} << 30);
        const auto cost = bench.objective->curvature_cost(request, CurvatureMatrix::hessian).value();
        QCOMPARE(cost.examples, static_cast<double>(images));
        const auto curvature = bench.objective->curvature(bench.theta, bench.buffers, request);
        std::vector<double> v = residual_steps::made(bench.theta.size(), 5);
        std::vector<double> out(v.size());
        curvature->product(CurvatureMatrix::hessian, v, out);
        const auto counted = static_cast<double>(curvature->kept_bytes());
        QVERIFY2(std::abs(counted - static_cast<double>(cost.kept_bytes)) <= 0.02 * counted,
                 text(counted / static_cast<double>(cost.kept_bytes)));
        QCOMPARE(counted > 0, kept_chunks > 0);
        QCOMPARE(cost.product > whole.product, images > 256 || kept_chunks == 0);
    }

    void a_batch_without_variance_is_refused()
    {
        Bench bench(resnet_data::params(folder_, "resnet18", 8, 9, 8));  // an epoch's second batch has one image
        bench.evaluate(0, {.update_buffers = true});
        QCOMPARE(refusal([&] { bench.evaluate(1, {.update_buffers = true}); }),
                 QString("batch_size: a batch of 1 example has 1 number a channel in the last stage, and batch "
                         "normalisation needs 2; choose batch_size and train_size so that an epoch's last batch has "
                         "more, or larger images"));
        QVERIFY(std::isfinite(bench.metric("test_loss")));
        Bench narrow(resnet_data::params(folder_, "resnet20", 8, 9, 8));  // 2 x 2 are left
        narrow.evaluate(1, {.update_buffers = true});
        QVERIFY(std::isfinite(narrow.metric("test_loss")));
    }

    /// Tangents and double backward have nothing in common but the forward pass. In double: 1e-16 of each sum, through
    /// 20 layers.
    void layers_and_their_graph_agree_data()
    {
        QTest::addColumn<QString>("variant");
        QTest::addColumn<int>("side");
        QTest::newRow("resnet20, 9 x 9") << "resnet20" << 9;
        QTest::newRow("resnet18, 8 x 8") << "resnet18" << 8;
    }
    void layers_and_their_graph_agree()
    {
        QFETCH(QString, variant);
        QFETCH(int, side);
        const Images images = residual_steps::made_images(5, 3, side);  // chunks of three and two
        const Network net(variant.toStdString(), images.example_shape, images.classes);
        const auto by_layers = net.curvature(images);
        const auto by_graph = net.curvature(images, true);
        const Eigen::VectorXd v = matrices::vector(residual_steps::made(by_layers->dim(), 5));
        using enum CurvatureMatrix;
        for (const CurvatureMatrix matrix : {hessian, gauss_newton, empirical_fisher}) {
            const Eigen::VectorXd expected = matrices::product(*by_graph, matrix, v);
            const Eigen::VectorXd actual = matrices::product(*by_layers, matrix, v);
            QVERIFY(expected.norm() > 0);
            for (const LayoutBlock& block : by_layers->layout().blocks) {
                const auto at = static_cast<Eigen::Index>(block.offset);
                const auto size = static_cast<Eigen::Index>(block.size());
                const double off = (actual - expected).segment(at, size).norm() / expected.segment(at, size).norm();
                QVERIFY2(off < 1e-12, (block.name + " " + text(off).toStdString()).c_str());
            }
        }
    }

    /// Central differences of the gradient in double along v: (g(theta + h v) - g(theta - h v)) / 2h. ReLU is kinked,
    /// but at h = 1e-7 of a unit v no sign changes here, and the gradient's rounding of 1e-15 leaves 1e-8.
    void hessian_products_are_differences_of_gradients()
    {
        const Images images = residual_steps::made_images(4, 1, 8);
        Network net("resnet20", images.example_shape, images.classes);
        for (int step = 0; step < 3; ++step)
            net.evaluate(images, true);  // running statistics of these images
        for (double& x : net.buffers)
            x = static_cast<double>(static_cast<float>(x));  // a curvature is given floats
        const auto curvature = net.curvature(images);
        const auto n = static_cast<Eigen::Index>(curvature->dim());
        const std::vector<double> u = residual_steps::made(curvature->dim(), 5);
        const Eigen::VectorXd v = matrices::vector(u).normalized();
        const Eigen::VectorXd hv = matrices::product(*curvature, CurvatureMatrix::hessian, v);
        const auto gradient_at = [&](double h) {
            const Eigen::VectorXd at = matrices::vector(net.theta) + h * v;
            Eigen::VectorXd slope(n);
            curvature->evaluate({at.data(), u.size()}, {slope.data(), u.size()});
            return slope;
        };
        constexpr double kStep = 1e-7;
        const Eigen::VectorXd difference = (gradient_at(kStep) - gradient_at(-kStep)) / (2 * kStep);
        const double off = (hv - difference).norm() / hv.norm();
        QVERIFY2(off < 1e-6, text(off));
        // And it is the gradient of the model's own evaluation mode.
        const Answer answer = net.evaluate(images, false);
        const Eigen::VectorXd gradient = matrices::vector(answer.gradient);
        QVERIFY((gradient_at(0) - gradient).norm() < 1e-12 * gradient.norm());
        QVERIFY((matrices::vector(curvature->gradient()) - gradient).norm() < 1e-12 * gradient.norm());
        QVERIFY(std::abs(curvature->loss() - answer.loss) < 1e-13);
    }
};

QTEST_APPLESS_MAIN(ResnetTest)
#include "resnet_test.moc"
