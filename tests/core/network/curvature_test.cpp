// Exact products in double against figures of golden/make_curvature.py (NumPy, complex steps of gradients written by
// hand) and closed forms. Matrices hold sums of some hundred doubles of order 1, so 1e-12 is what rounding needs with
// room to spare; the script's own figures hold to 1e-15.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "tests/core/network/matrices.h"
#include "tests/core/network/small_networks.h"

using namespace basin;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using matrices::product;
using matrices::whole;
using small_networks::curvature;
using small_networks::SmallNetwork;

namespace {

constexpr double kRounding = 1e-12;
constexpr std::pair<const char*, CurvatureMatrix> kMatrices[] = {{"hessian", CurvatureMatrix::hessian},
                                                                 {"gauss_newton", CurvatureMatrix::gauss_newton},
                                                                 {"fisher", CurvatureMatrix::empirical_fisher}};

VectorXd numbers(const QJsonValue& array)
{
    VectorXd values(array.toArray().size());
    for (Eigen::Index i = 0; i < values.size(); ++i)
        values[i] = array.toArray()[i].toDouble();
    return values;
}

std::vector<double> list(const VectorXd& values)
{
    return {values.begin(), values.end()};
}

/// Test 5d: four points, half mean square.
SmallNetwork tiny()
{
    SmallNetwork network{.widths = {2, 3, 1}};
    for (int i = 1; i <= 4; ++i) {
        network.inputs.insert(network.inputs.end(), {std::sin(i), std::cos(2 * i)});
        network.values.push_back(std::sin(3 * i));
    }
    network.theta = list(matrices::made(13, [](double k) { return 0.5 * std::sin(k); }));
    return network;
}

SmallNetwork three_classes(const char* activation, const char* loss)
{
    SmallNetwork network{.widths = {4, 6, 5, 3}, .activation = activation, .loss = loss};
    for (int i = 1; i <= 20; ++i) {
        for (int j = 1; j <= 4; ++j)
            network.inputs.push_back(std::sin(i * j) + 0.3 * std::cos(i + j));
        network.classes.push_back(i % 3);
    }
    network.theta = list(matrices::made(83, [](double k) { return 0.7 * std::sin(k); }));
    return network;
}

/// Six images of 14 x 14, three classes.
SmallNetwork small_lenet(const char* loss)
{
    SmallNetwork network{.widths = {14, 3}, .network = "lenet", .loss = loss};
    for (int i = 1; i <= 6; ++i) {
        for (int pixel = 1; pixel <= 14 * 14; ++pixel)
            network.inputs.push_back(std::sin(i * pixel) + std::cos(pixel * pixel));
        network.classes.push_back(i % 3);
    }
    // 150 + 6 + 2400 + 16 + 1920 + 120 + 10080 + 84 + 252 + 3
    network.theta = list(matrices::made(15031, [](double k) { return 0.2 * std::sin(k * k); }));
    return network;
}

void add_ways()
{
    QTest::addColumn<bool>("by_graph");
    QTest::newRow("layers") << false;
    QTest::newRow("graph") << true;
}

double distance(const VectorXd& a, const VectorXd& b)
{
    return (a - b).cwiseAbs().maxCoeff();
}

double evaluate(Curvature& curvature, const VectorXd& theta)
{
    return curvature.evaluate({theta.data(), static_cast<std::size_t>(theta.size())}, {});
}

}  // namespace

class CurvatureTest : public QObject {
    Q_OBJECT

    QJsonObject golden_;

    void compare(Curvature& curvature, const QJsonObject& golden)
    {
        QVERIFY(std::abs(curvature.loss() - golden["loss"].toDouble()) < kRounding);
        QVERIFY(distance(matrices::vector(curvature.gradient()), numbers(golden["gradient"])) < kRounding);
        for (const auto& [name, which] : kMatrices) {
            const QJsonObject figures = golden[QLatin1String(name)].toObject();
            const MatrixXd matrix = whole(curvature, which);
            QVERIFY2((matrix - matrix.transpose()).cwiseAbs().maxCoeff() < kRounding, name);
            QVERIFY2(std::abs(matrix.trace() - figures["trace"].toDouble()) < kRounding, name);
            QVERIFY2(distance(matrix.diagonal(), numbers(figures["diagonal"])) < kRounding, name);
            QVERIFY2(distance(matrices::eigenvalues(matrix), numbers(figures["eigenvalues"])) < kRounding, name);
            const VectorXd v = matrices::made(matrix.rows(), [](double k) { return std::cos(k); });
            QVERIFY2(distance(product(curvature, which, v), numbers(figures["product"])) < kRounding, name);
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(BASIN_SOURCE_DIR "/tests/golden/curvature.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        golden_ = QJsonDocument::fromJson(file.readAll()).object();
    }

    void a_tiny_tanh_network_s_matrices_are_known_data() { add_ways(); }
    void a_tiny_tanh_network_s_matrices_are_known()
    {
        QFETCH(bool, by_graph);
        const auto c = curvature(tiny(), {.by_graph = by_graph});
        QCOMPARE(c->dim(), 13U);
        compare(*c, golden_["tiny"].toObject());
        // The same by hand, twelve digits: two scripts of two authors.
        const MatrixXd h = whole(*c, CurvatureMatrix::hessian);
        QVERIFY(std::abs(c->loss() - 0.059266654741) < 1e-12);
        QVERIFY(std::abs(h.trace() - 1.983172486867) < 2e-12);
        QVERIFY(std::abs(h.norm() - 1.721674273216) < 2e-12);
        QVERIFY(std::abs(h.diagonal().squaredNorm() - 1.154593195512) < 2e-12);
        QVERIFY(std::abs(matrices::eigenvalues(h)[12] - 1.658938368448) < 2e-12);
        QVERIFY(std::abs(matrices::eigenvalues(h)[0] + 0.161377251036) < 2e-12);
    }
    void a_tiny_tanh_network_s_blocks_are_known()
    {
        const auto c = curvature(tiny());
        const MatrixXd h = whole(*c, CurvatureMatrix::hessian);
        const double traces[] = {0.198928084199, 0.236032007514, 0.548212395155, 1};
        const double tops[] = {0.136990485176, 0.244552729413, 0.389814272204, 1};
        for (std::size_t b = 0; b < 4; ++b) {
            const LayoutBlock& block = c->layout().blocks[b];
            const auto first = static_cast<Eigen::Index>(block.offset);
            const auto size = static_cast<Eigen::Index>(block.size());
            const MatrixXd part = h.block(first, first, size, size);
            QVERIFY2(std::abs(part.trace() - traces[b]) < kRounding, block.name.c_str());
            QVERIFY2(std::abs(matrices::eigenvalues(part)[size - 1] - tops[b]) < kRounding, block.name.c_str());
        }
        // Four examples with one output each: Gauss-Newton has four eigenvalues that are not zero.
        const VectorXd gauss_newton = matrices::eigenvalues(whole(*c, CurvatureMatrix::gauss_newton));
        QVERIFY(gauss_newton.head(9).cwiseAbs().maxCoeff() < 1e-15 * 10);
        QVERIFY(std::abs(gauss_newton[9] - 3.611e-4) < 1e-7);
        QVERIFY(std::abs(gauss_newton[12] - 1.630533125426) < 2e-12);
        const MatrixXd fisher = whole(*c, CurvatureMatrix::empirical_fisher);
        QVERIFY(std::abs(fisher.trace() - 0.2408517385) < 1e-10);
        QVERIFY(std::abs(matrices::eigenvalues(fisher)[12] - 0.1910173646) < 1e-10);
    }
    void losses_elsewhere_are_known()
    {
        const QJsonObject golden = golden_["tiny"].toObject();
        const auto c = curvature(tiny());
        const VectorXd theta = matrices::vector(c->theta());
        const VectorXd direction = numbers(golden["direction"]);  // filter-normalised cos 2k
        QVERIFY(std::abs(direction.norm() - 1.0850136826) < 1e-9);
        const VectorXd slice = numbers(golden["slice"]);
        const double at[] = {-1, -0.5, 0, 0.5, 1};
        const double by_hand[] = {0.1199773914, 0.0766013498, 0.0592666547, 0.0705481436, 0.1343046685};
        for (Eigen::Index i = 0; i < 5; ++i) {
            const double loss = evaluate(*c, theta + at[i] * direction);
            QVERIFY(std::abs(loss - slice[i]) < kRounding);
            QVERIFY(std::abs(loss - by_hand[i]) < 1e-10);
        }
        const VectorXd other = matrices::made(13, [](double k) { return 0.5 * std::cos(k); });
        const VectorXd line = numbers(golden["interpolation"]);
        for (Eigen::Index i = 0; i < 5; ++i) {
            const double t = static_cast<double>(i) / 4;
            QVERIFY(std::abs(evaluate(*c, (1 - t) * theta + t * other) - line[i]) < kRounding);
        }
        // Asking elsewhere moves nothing.
        QCOMPARE(evaluate(*c, theta), c->loss());
    }

    void a_relu_network_s_matrices_are_known_data()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<bool>("by_graph");
        for (const char* loss : {"cross_entropy", "squared_error"})
            for (const bool by_graph : {false, true})
                QTest::addRow("%s %s", loss, by_graph ? "graph" : "layers") << loss << by_graph;
    }
    void a_relu_network_s_matrices_are_known()
    {
        QFETCH(QString, loss);
        QFETCH(bool, by_graph);
        const auto c = curvature(three_classes("relu", qPrintable(loss)), {.by_graph = by_graph});
        compare(*c, golden_["relu"].toObject()[loss].toObject());
    }

    // Layers' tangents and double backward have nothing in common but the forward pass.
    void a_lenet_s_layers_and_its_graph_agree()
    {
        for (const char* loss : {"cross_entropy", "squared_error"}) {
            const SmallNetwork network = small_lenet(loss);
            const auto by_layers = curvature(network, {.chunk = 4});
            const auto by_graph = curvature(network, {.chunk = 4, .by_graph = true});
            const VectorXd v =
                matrices::made(static_cast<Eigen::Index>(by_graph->dim()), [](double k) { return std::cos(k); });
            for (const auto& [name, which] : kMatrices) {
                const VectorXd expected = product(*by_graph, which, v);
                QVERIFY2(expected.norm() > 1e-3, name);
                QVERIFY2((product(*by_layers, which, v) - expected).norm() < kRounding * expected.norm(), name);
            }
        }
    }

    // H = (1/n) sum (diag(p) - p p') x (x, 1)(x, 1)', and Gauss-Newton is the same: the model is linear.
    void logistic_regression_s_hessian_is_the_closed_form()
    {
        SmallNetwork network = three_classes("tanh", "cross_entropy");
        network.widths = {4, 3};
        network.theta = list(matrices::made(15, [](double k) { return std::sin(2 * k); }));
        const auto c = curvature(network);
        using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
        const Eigen::Map<const RowMajor> inputs(network.inputs.data(), 20, 4);
        const Eigen::Map<const RowMajor> weight(network.theta.data(), 3, 4);
        const Eigen::Map<const VectorXd> bias(network.theta.data() + 12, 3);
        MatrixXd expected = MatrixXd::Zero(15, 15);
        double loss = 0;
        for (Eigen::Index n = 0; n < 20; ++n) {
            const VectorXd x = inputs.row(n).transpose();
            VectorXd p = (weight * x + bias).array().exp();
            p /= p.sum();
            loss -= std::log(p[network.classes[static_cast<std::size_t>(n)]]) / 20;
            const MatrixXd outer = MatrixXd(p.asDiagonal()) - p * p.transpose();
            MatrixXd slopes = MatrixXd::Zero(3, 15);  // dz/dtheta
            for (Eigen::Index k = 0; k < 3; ++k) {
                slopes.block(k, 4 * k, 1, 4) = x.transpose();
                slopes(k, 12 + k) = 1;
            }
            expected += slopes.transpose() * outer * slopes / 20;
        }
        QVERIFY(std::abs(c->loss() - loss) < kRounding);
        QVERIFY((whole(*c, CurvatureMatrix::hessian) - expected).cwiseAbs().maxCoeff() < kRounding);
        QVERIFY((whole(*c, CurvatureMatrix::gauss_newton) - expected).cwiseAbs().maxCoeff() < kRounding);
    }

    // Central differences of the gradient at 1e-5: on this network their own error is 2e-10 of the product.
    void a_smooth_network_s_products_are_slopes_of_its_gradient()
    {
        for (const SmallNetwork& network : {tiny(), three_classes("tanh", "cross_entropy")}) {
            const auto c = curvature(network);
            const VectorXd theta = matrices::vector(c->theta());
            const VectorXd v = matrices::made(theta.size(), [](double k) { return std::cos(k); });
            const auto gradient = [&](const VectorXd& there) {
                VectorXd g(there.size());
                c->evaluate(list(there), {g.data(), c->dim()});
                return g;
            };
            const VectorXd slope = (gradient(theta + 1e-5 * v) - gradient(theta - 1e-5 * v)) / 2e-5;
            const VectorXd exact = product(*c, CurvatureMatrix::hessian, v);
            QVERIFY((slope - exact).norm() < 2e-9 * exact.norm());
        }
    }

    void matrices_are_symmetric_data()
    {
        QTest::addColumn<bool>("in_double");
        QTest::addColumn<bool>("by_graph");
        for (const bool in_double : {true, false})
            for (const bool by_graph : {false, true})
                QTest::addRow("%s %s", in_double ? "double" : "float", by_graph ? "graph" : "layers")
                    << in_double << by_graph;
    }
    void matrices_are_symmetric()
    {
        QFETCH(bool, in_double);
        QFETCH(bool, by_graph);
        for (const char* activation : {"tanh", "relu"}) {
            const auto c =
                curvature(three_classes(activation, "cross_entropy"), {.in_double = in_double, .by_graph = by_graph});
            const VectorXd x = matrices::made(83, [](double k) { return std::cos(k); });
            const VectorXd y = matrices::made(83, [](double k) { return std::sin(k * k); });
            for (const auto& [name, which] : kMatrices) {
                const VectorXd hx = product(*c, which, x);
                const double gap = std::abs(y.dot(hx) - x.dot(product(*c, which, y)));
                // Rounding of one number, times ten for the sums.
                QVERIFY2(gap < (in_double ? 2.2e-15 : 1.2e-6) * y.norm() * hx.norm(), name);
            }
        }
    }

    void keeping_and_chunks_change_nothing_but_rounding_data() { add_ways(); }
    void keeping_and_chunks_change_nothing_but_rounding()
    {
        QFETCH(bool, by_graph);
        const SmallNetwork network = three_classes("relu", "cross_entropy");
        const auto all = curvature(network);
        const VectorXd v = matrices::made(83, [](double k) { return std::cos(k); });
        QCOMPARE(all->kept_bytes(), 0U);  // nothing is built before it is wanted
        const VectorXd expected = product(*all, CurvatureMatrix::hessian, v);
        QVERIFY(all->kept_bytes() > 0);
        for (const std::size_t chunk : {1U, 3U, 7U, 20U}) {
            const auto kept = curvature(network, {.chunk = chunk, .by_graph = by_graph});
            product(*kept, CurvatureMatrix::hessian, v);
            const std::size_t half = kept->kept_bytes() / 2;
            for (const std::size_t budget : {std::size_t{0}, half, std::size_t{1} << 30}) {
                const auto c = curvature(network, {.chunk = chunk, .kept_bytes = budget, .by_graph = by_graph});
                QVERIFY(std::abs(c->loss() - all->loss()) < kRounding);
                for (const auto& [name, which] : kMatrices) {
                    const VectorXd first = product(*c, which, v);
                    QVERIFY2((first - product(*all, which, v)).norm() < kRounding, name);
                    QVERIFY2(first == product(*c, which, v), name);  // the graph is as it was
                }
                QVERIFY(c->kept_bytes() <= budget);
                QCOMPARE(c->kept_bytes() > 0, budget > 0 && (chunk < 20 || budget > half));
            }
        }
    }

    void a_loss_that_is_not_finite_is_said_so()
    {
        SmallNetwork network = tiny();
        network.theta[3] = std::numeric_limits<double>::quiet_NaN();
        const auto c = curvature(network);
        QVERIFY(!std::isfinite(c->loss()));
        QVERIFY(!product(*c, CurvatureMatrix::hessian, VectorXd::Ones(13)).allFinite());
    }
};

QTEST_APPLESS_MAIN(CurvatureTest)
#include "curvature_test.moc"
