// Curvature of objectives as runs ask for it: its sample, its agreement with training's own loss and gradient, and that
// a run does not notice it.
#include <QTest>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>
#include <thread>

#include "core/network/data/data_set.h"
#include "core/network/data/permutation.h"
#include "core/probe/probe.h"
#include "tests/core/network/golden.h"
#include "tests/core/network/matrices.h"

using namespace basin;
using Eigen::VectorXd;
using golden::entry;
using idx_files::refusal;
using matrices::product;

namespace {

/// One thread: a curvature is measured beside the steps below, and two callers with two threads each would fight.
constexpr int kThreads = 1;

class Training {
public:
    Training(const char* network, const Params& params, std::uint64_t seed)
        : seed_(seed), objective_(make_network_objective(entry(network), params, *backend_, seed))
    {
        theta_.resize(objective_->dim());
        gradient_.resize(theta_.size());
        momentum_.resize(theta_.size());
        objective_->start(theta_, {}, 1, {}, seed_);
    }

    double evaluate(std::uint64_t step, Want want)
    {
        float loss = std::numeric_limits<float>::quiet_NaN();
        EvaluationArrays arrays;
        arrays.theta = theta_.data();
        arrays.losses = &loss;
        arrays.gradient = gradient_.data();
        objective_->evaluate(arrays, {seed_, step, 0, 0}, want);
        return static_cast<double>(loss);
    }
    void sgd_step(std::uint64_t step)
    {
        evaluate(step, {});
        Descent descent;
        descent.step_size = 0.01F;
        descent.momentum = 0.9F;
        descent.first = step == 0;
        backend_->descend(theta_.data(), momentum_.data(), gradient_.data(), theta_.size(), descent);
    }
    std::unique_ptr<Curvature> curvature(const CurvatureRequest& request)
    {
        return objective_->curvature(theta_, {}, request);
    }
    std::unique_ptr<Objective> clone() const { return objective_->clone(*backend_); }
    const std::vector<float>& theta() const { return theta_; }
    const std::vector<float>& gradient() const { return gradient_; }

private:
    std::unique_ptr<Backend> backend_ = make_cpu_backend(kThreads);
    std::uint64_t seed_;
    std::unique_ptr<Objective> objective_;
    std::vector<float> theta_;
    std::vector<float> gradient_;
    std::vector<float> momentum_;
};

VectorXd direction(std::size_t size)
{
    return matrices::made(static_cast<Eigen::Index>(size), [](double k) { return std::cos(k); });
}

double nearest(const VectorXd& values, double x)
{
    Eigen::Index place = 0;
    (values.array() - x).abs().minCoeff(&place);
    return values(place);
}

std::size_t threads_of_this_process()
{
    return std::size_t(std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
}

/// Everything that a curvature can be asked for.
void ask(Curvature& curvature)
{
    const VectorXd v = direction(curvature.dim());
    for (const auto matrix :
         {CurvatureMatrix::hessian, CurvatureMatrix::gauss_newton, CurvatureMatrix::empirical_fisher})
        product(curvature, matrix, v);
    curvature.gradient();
    curvature.evaluate({v.data(), curvature.dim()}, {});
}

}  // namespace

class NetworkCurvatureTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    golden::Network golden_;

    Training training(const char* network, const char* loss = "cross_entropy") const
    {
        Params params = golden_.params(folder_, "mnist", network);
        params.set("loss", std::string(loss));
        if (params.has("widths"))
            params.set("widths", std::vector<double>{16, 8});
        return Training(network, params, golden_.seed());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(networks_available());
        golden_.write_files(folder_);
    }

    void all_of_the_data_has_training_s_loss_and_gradient_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("loss");
        for (const char* loss : {"cross_entropy", "squared_error"})
            for (const char* network : {"logistic_regression", "mlp", "lenet"})
                QTest::addRow("%s %s", network, loss) << network << loss;
    }
    void all_of_the_data_has_training_s_loss_and_gradient()
    {
        QFETCH(QString, network);
        QFETCH(QString, loss);
        Training t = training(qPrintable(network), qPrintable(loss));
        const double expected = t.evaluate(0, {.losses = true, .gradient = true, .full_data = true});
        const auto c = t.curvature({.sample = 0});
        QVERIFY(std::abs(c->loss() - expected) < 2e-6);  // floats of order 1, batches of another size
        const VectorXd gradient = matrices::vector(c->gradient());
        VectorXd trained(gradient.size());
        for (Eigen::Index i = 0; i < trained.size(); ++i)
            trained[i] = static_cast<double>(t.gradient()[static_cast<std::size_t>(i)]);
        QVERIFY((gradient - trained).norm() < 1e-5 * trained.norm());
        for (std::size_t i = 0; i < c->dim(); ++i)
            QCOMPARE(c->theta()[i], static_cast<double>(t.theta()[i]));
    }

    // Forward differences of the gradient would be wrong here; x.Hy = y.Hx is not.
    void a_lenet_s_products_are_symmetric()
    {
        Training t = training("lenet");
        const auto c = t.curvature({.sample = 0});
        const VectorXd x = direction(c->dim());
        const VectorXd y = matrices::made(x.size(), [](double k) { return std::sin(k * k); });
        for (const auto matrix :
             {CurvatureMatrix::hessian, CurvatureMatrix::gauss_newton, CurvatureMatrix::empirical_fisher}) {
            const VectorXd hx = product(*c, matrix, x);
            QVERIFY(hx.norm() > 0);
            QVERIFY(std::abs(y.dot(hx) - x.dot(product(*c, matrix, y))) < 1e-6 * y.norm() * hx.norm());
        }
    }

    // The sample is subset({seed, Stream::probe, draw 4095}): the loss of logistic regression over it, written out.
    void a_sample_is_a_seeded_subset()
    {
        Params params = golden_.params(folder_, "mnist", "logistic_regression");
        Training t("logistic_regression", params, golden_.seed());
        const DataSet data = make_data_set(params, golden_.seed());
        const std::size_t pixels = data.train.inputs.size() / data.train.size();
        for (const std::uint64_t seed : {1U, 2U, 9U}) {
            double expected = 0;
            for (const std::uint32_t n : subset({seed, Stream::probe, 0, 4095, 0}, data.train.size(), 12)) {
                VectorXd z(10);
                for (std::size_t k = 0; k < 10; ++k) {
                    double sum = static_cast<double>(t.theta()[10 * pixels + k]);
                    for (std::size_t i = 0; i < pixels; ++i)
                        sum += static_cast<double>(t.theta()[k * pixels + i]) *
                               static_cast<double>(data.train.inputs[n * pixels + i]);
                    z[static_cast<Eigen::Index>(k)] = sum;
                }
                const double log_sum = std::log(z.array().exp().sum());
                expected += (log_sum - z[static_cast<Eigen::Index>(data.train.labels[n])]) / 12;
            }
            QVERIFY(std::abs(t.curvature({.sample = 12, .seed = seed})->loss() - expected) < 2e-6);
        }
    }
    void equal_requests_get_equal_bytes()
    {
        Training t = training("lenet");
        const auto first = t.curvature({.sample = 20, .seed = 5});
        const auto clone = t.clone();
        const auto second = clone->curvature(t.theta(), {}, {.sample = 20, .seed = 5});
        const VectorXd v = direction(first->dim());
        const VectorXd expected = product(*first, CurvatureMatrix::hessian, v);
        QVERIFY(expected == product(*second, CurvatureMatrix::hessian, v));
        VectorXd there;
        std::thread([&] { there = product(*second, CurvatureMatrix::hessian, v); }).join();
        QVERIFY(there == expected);
        QVERIFY(product(*t.curvature({.sample = 20, .seed = 6}), CurvatureMatrix::hessian, v) != expected);
    }
    void a_curvature_outlives_its_objective()
    {
        std::unique_ptr<Curvature> left;
        VectorXd expected;
        {
            Training t = training("mlp");
            left = t.curvature({.sample = 0});  // views on the objective's data
            expected = product(*t.curvature({.sample = 0}), CurvatureMatrix::hessian, direction(left->dim()));
        }
        QVERIFY(product(*left, CurvatureMatrix::hessian, direction(left->dim())) == expected);
    }
    void what_is_kept_stays_in_the_budget()
    {
        Training t = training("lenet");
        for (const std::size_t budget : {std::size_t{0}, std::size_t{1} << 16, std::size_t{1} << 30}) {
            const auto c = t.curvature({.sample = 32, .kept_bytes = budget});
            product(*c, CurvatureMatrix::hessian, direction(c->dim()));
            QVERIFY(c->kept_bytes() <= budget);
            // A LeNet's maps alone are 31 kB an image.
            QCOMPARE(c->kept_bytes() > 32 * 31000, budget == std::size_t{1} << 30);
        }
    }

    // What is said before against what is counted while it is made; slopes of the loss and padding are left out.
    void what_will_be_kept_is_known_before_data()
    {
        QTest::addColumn<QString>("network");
        QTest::newRow("mlp") << "mlp";
        QTest::newRow("lenet") << "lenet";
    }
    void what_will_be_kept_is_known_before()
    {
        QFETCH(QString, network);
        Training t = training(qPrintable(network));
        const std::unique_ptr<Objective> objective = t.clone();
        const CurvatureRequest all{.sample = 32};
        const CurvatureCost cost = objective->curvature_cost(all, CurvatureMatrix::hessian).value();
        const auto c = t.curvature(all);
        product(*c, CurvatureMatrix::hessian, direction(c->dim()));
        const double ratio = static_cast<double>(c->kept_bytes()) / static_cast<double>(cost.kept_bytes);
        QVERIFY2(std::abs(ratio - 1) < 0.1, qPrintable(QString::number(ratio)));
        QCOMPARE(cost.examples, 32.0);
        // Where nothing is kept everything is made anew.
        const CurvatureCost anew =
            objective->curvature_cost({.sample = 0, .kept_bytes = 0}, CurvatureMatrix::hessian).value();
        QCOMPARE(anew.kept_bytes, std::size_t{0});
        QCOMPARE(anew.examples, 32.0);
        QVERIFY(anew.product > 1.5 * cost.product);
        QVERIFY(objective->curvature_cost(all, CurvatureMatrix::gauss_newton)->product < cost.product);
    }

    // A ReLU network's probe against the eigenvalues of each small block, from its columns. Products of floats are off
    // by 1e-6 of the matrix, the columns too.
    void a_layer_s_eigenvalues_are_those_of_its_block()
    {
        Training t = training("mlp");
        const std::unique_ptr<Objective> objective = t.clone();
        const ProbeEntry& entry = find_probe("hessian_spectrum");
        Params params(entry.schema);
        params.set("sample", std::int64_t{32});
        params.set("layers", std::string("each"));
        params.set("probes", std::int64_t{0});
        params.set("tolerance", 1e-4);
        ProbeInput input;
        input.theta = t.theta();
        input.seed = golden_.seed();
        const ProbeResult result = entry.make(params, *objective)->measure(input, {}, [](double) {});
        const auto c = t.curvature({.sample = 32, .seed = input.seed});
        const auto n = static_cast<Eigen::Index>(c->dim());
        int compared = 0;
        for (const LayoutBlock& block : objective->layout().blocks) {
            if (block.size() > 200)
                continue;
            const auto offset = static_cast<Eigen::Index>(block.offset);
            const auto size = static_cast<Eigen::Index>(block.size());
            Eigen::MatrixXd dense(size, size);
            for (Eigen::Index k = 0; k < size; ++k)
                dense.col(k) =
                    product(*c, CurvatureMatrix::hessian, VectorXd::Unit(n, offset + k)).segment(offset, size);
            const VectorXd descending = matrices::eigenvalues(0.5 * (dense + dense.transpose())).reverse();
            const double scale = descending.cwiseAbs().maxCoeff();
            const std::vector<double>& found = result.arrays.at("eigenvalues_" + block.name);
            const std::vector<double>& residuals = result.arrays.at("residuals_" + block.name);
            const Eigen::Index bottom = std::min<Eigen::Index>(5, size - 5);
            QCOMPARE(static_cast<Eigen::Index>(found.size()), 5 + bottom);
            for (Eigen::Index i = 0; i < 5 + bottom; ++i) {
                const auto at = static_cast<std::size_t>(i);
                // In its place, but for the smallest: a multiple eigenvalue (0 here) is found once.
                const double expected = i < 5                 ? descending(i)
                                        : i == 5 + bottom - 1 ? descending(size - 1)
                                                              : nearest(descending, found[at]);
                QVERIFY2(std::abs(found[at] - expected) <= residuals[at] + 2e-6 * scale, block.name.c_str());
                QVERIFY(residuals[at] < 1e-4 * scale);
            }
            ++compared;
        }
        QCOMPARE(compared, 5);  // three biases, weights of 8 x 16 and 10 x 8
    }

    void a_sample_beyond_the_data_is_refused()
    {
        Training t = training("mlp");
        QCOMPARE(refusal([&] { t.curvature({.sample = 33}); }),
                 QString("sample: 33 examples are wanted, but there are 32 for training; give at most that, or 0 for "
                         "all"));
        QVERIFY(t.curvature({.sample = 32})->loss() > 0);
    }

    // The sample is taken by one thread too: a second one that slept ever after would make OpenMP count more threads
    // than cores, and then the training team sleeps, too, where it waits.
    void a_measurement_on_one_thread_begins_no_other()
    {
        Params params(network_schema(entry("mlp")));
        params.set("dataset", std::string("two_moons"));
        params.set("moons.count", std::int64_t{60000});
        const auto two = make_cpu_backend(2);
        const auto trained = make_network_objective(entry("mlp"), params, *two, 1);
        std::vector<float> theta(trained->dim());
        std::vector<float> gradient(trained->dim());
        trained->start(theta, {}, 1, {}, 1);
        EvaluationArrays arrays;
        arrays.theta = theta.data();
        arrays.gradient = gradient.data();
        const auto one = make_cpu_backend(1);
        const auto measured = trained->clone(*one);
        // What was asked for last is what a new thread begins with.
        trained->evaluate(arrays, {1, 0, 0, 0}, {.gradient = true, .full_data = true});
        std::thread([&] {
            const std::size_t before = threads_of_this_process();
            ask(*measured->curvature(theta, {}, {.sample = 30000}));
            QCOMPARE(threads_of_this_process(), before);
        }).join();
    }

    // Curvature at every 100th step on the training's own thread, and at some steps on another thread meanwhile.
    void training_does_not_notice()
    {
        constexpr std::uint64_t kSteps = 2000;
        Training alone = training("lenet");
        for (std::uint64_t step = 0; step < kSteps; ++step)
            alone.sgd_step(step);
        Training watched = training("lenet");
        std::thread meanwhile;
        for (std::uint64_t step = 0; step < kSteps; ++step) {
            if (step % 100 == 0)
                ask(*watched.curvature({.sample = 16, .seed = step}));
            if (step % 500 == 0) {
                if (meanwhile.joinable())
                    meanwhile.join();
                meanwhile = std::thread([objective = watched.clone(), theta = watched.theta()] {
                    const auto c = objective->curvature(theta, {}, {.sample = 0});
                    for (int i = 0; i < 20; ++i)
                        ask(*c);
                });
            }
            watched.sgd_step(step);
        }
        meanwhile.join();
        QVERIFY(std::isfinite(alone.evaluate(0, {.losses = true})));
        QVERIFY(watched.theta() == alone.theta());
    }
};

QTEST_APPLESS_MAIN(NetworkCurvatureTest)
#include "network_curvature_test.moc"
