// What the spectrum's probe says of the 2-3-1 network of the figures: whole and by layer.
#include <Eigen/Eigenvalues>
#include <QTest>

#include "tests/core/probe/curved_objective.h"

using namespace basin;

namespace {

/// Column by column.
Eigen::MatrixXd dense(const CurvedBench& bench)
{
    const auto curvature = bench.objective->curvature(bench.input().theta, {}, {});
    const auto n = static_cast<Eigen::Index>(curvature->dim());
    Eigen::MatrixXd matrix(n, n);
    for (Eigen::Index k = 0; k < n; ++k) {
        const Eigen::VectorXd v = Eigen::VectorXd::Unit(n, k);
        curvature->product(CurvatureMatrix::hessian, {v.data(), curvature->dim()},
                           {matrix.col(k).data(), curvature->dim()});
    }
    return matrix;
}

}  // namespace

class HessianSpectrumTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Test 5d, printed to 12 digits.
    void spectrum_of_the_tiny_network()
    {
        const CurvedBench bench = CurvedBench::tiny();
        const ProbeResult result =
            bench.measure("hessian_spectrum", {{"tolerance", 1e-9}, {"layers", std::string("each")}});
        const auto check = [&](const char* key, double expected) {
            const ProbeValue value = value_of(result, key);
            QVERIFY2(std::abs(value.value - expected) < 1e-11, key);
        };
        const std::vector<double> expected{1.658938368448,  0.284778708938,  0.188043333756,  0.146380144861,
                                           0.110092375390,  -0.017653132813, -0.036744885478, -0.101074878896,
                                           -0.148284287226, -0.161377251036};
        const std::vector<double>& found = result.arrays.at("eigenvalues");
        QCOMPARE(found.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QVERIFY(std::abs(found[i] - expected[i]) < 1e-11);
            QVERIFY(result.arrays.at("residuals")[i] < 1e-9 * 1.66);
        }
        check("top_0", expected[0]);
        check("top_4", expected[4]);
        check("bottom_0", expected[9]);
        check("bottom_4", expected[5]);
        check("top_W1", 0.136990485176);
        check("top_b1", 0.244552729413);
        check("top_W2", 0.389814272204);
        check("top_b2", 1);
        check("trace_b2", 1);
        check("loss", 0.059266654741);
        check("gradient_norm", 0.180520220529);
        for (const auto& [key, trace] :
             {std::pair{"trace", 1.983172486867}, std::pair{"trace_W1", 0.198928084199},
              std::pair{"trace_b1", 0.236032007514}, std::pair{"trace_W2", 0.548212395155}}) {
            const ProbeValue value = value_of(result, key);
            QVERIFY2(std::abs(value.value - trace) < 4 * value.error, key);
        }
        QCOMPARE(value_of(result, "products").value, bench.asked->products);
        QVERIFY(result.note.empty());
        for (const char* name : {"", "_W1", "_b1", "_W2", "_b2"}) {
            const std::vector<double>& at = result.arrays.at(std::string("density_at") + name);
            const std::vector<double>& density = result.arrays.at(std::string("density") + name);
            QCOMPARE(result.arrays.at(std::string("density_error") + name).size(), at.size());
            double mass = 0;
            for (const double x : density) {
                mass += x * (at[1] - at[0]);
            }
            QVERIFY(std::abs(mass - 1) < 1e-6);
        }
    }

    /// Against the block's own eigenvalues, from all of its columns. Double: 1e-11 is rounding of the products.
    void every_layer_has_eigenvalues_with_true_residuals_data()
    {
        QTest::addColumn<int>("top");
        QTest::addColumn<int>("bottom");
        QTest::newRow("5 and 5") << 5 << 5;  // more than most blocks have
        QTest::newRow("1 and 2") << 1 << 2;
        QTest::newRow("none and 1") << 0 << 1;
        QTest::newRow("none") << 0 << 0;
    }
    void every_layer_has_eigenvalues_with_true_residuals()
    {
        QFETCH(int, top);
        QFETCH(int, bottom);
        const CurvedBench bench = CurvedBench::tiny();
        const Eigen::MatrixXd whole = dense(bench);
        const ProbeResult result = bench.measure("hessian_spectrum", {{"tolerance", 1e-9},
                                                                      {"layers", std::string("each")},
                                                                      {"probes", std::int64_t{0}},
                                                                      {"top", std::int64_t{top}},
                                                                      {"bottom", std::int64_t{bottom}}});
        for (const LayoutBlock& block : bench.objective->layout().blocks) {
            const auto offset = static_cast<Eigen::Index>(block.offset);
            const auto size = static_cast<Eigen::Index>(block.size());
            const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(whole.block(offset, offset, size, size));
            const Eigen::VectorXd descending = solver.eigenvalues().reverse();
            const Eigen::Index most = std::min<Eigen::Index>(top, size);
            const Eigen::Index least = std::min<Eigen::Index>(bottom, size - most);
            const std::string suffix = "_" + block.name;
            QCOMPARE(result.arrays.count("eigenvalues" + suffix), static_cast<std::size_t>(top + bottom > 0));
            if (top + bottom == 0) {
                continue;
            }
            const std::vector<double>& found = result.arrays.at("eigenvalues" + suffix);
            const std::vector<double>& residuals = result.arrays.at("residuals" + suffix);
            QCOMPARE(static_cast<Eigen::Index>(found.size()), most + least);
            QCOMPARE(residuals.size(), found.size());
            for (Eigen::Index i = 0; i < most + least; ++i) {
                const Eigen::Index place = i < most ? i : size - most - least + i;
                const auto at = static_cast<std::size_t>(i);
                QVERIFY2(std::abs(found[at] - descending(place)) < 1e-11, block.name.c_str());
                QVERIFY(residuals[at] >= 0 && residuals[at] <= 1e-9 * descending.cwiseAbs().maxCoeff());
            }
            if (most > 0) {
                QCOMPARE(value_of(result, "top" + suffix).value, found.front());
            }
            if (least > 0) {
                QCOMPARE(value_of(result, "bottom" + suffix).value, found.back());
                QCOMPARE(value_of(result, "bottom" + suffix).error, residuals.back());
            }
        }
        QVERIFY(result.note.empty());
    }

    /// Rows are float, so each is off by 6e-8 of its length.
    void eigenvectors_are_handed_over_when_they_are_asked_for()
    {
        const CurvedBench bench = CurvedBench::tiny();
        std::map<std::string, ParamValue> values{{"tolerance", 1e-9}, {"layers", std::string("each")}};
        QVERIFY(bench.measure("hessian_spectrum", values).matrices.empty());
        const std::uint64_t without = bench.probe("hessian_spectrum", values)->cost(bench.input()).bytes;
        values["eigenvectors"] = true;
        // 10 of 13 numbers in double, and twice in float: whole and blocks.
        QCOMPARE(bench.probe("hessian_spectrum", values)->cost(bench.input()).bytes - without,
                 std::uint64_t{10 * 13 * (8 + 4 + 4)});
        const ProbeResult result = bench.measure("hessian_spectrum", values);
        QCOMPARE(result.matrices.size(), std::size_t{5});
        const ProbeMatrix& whole = result.matrices.at("eigenvectors");
        QCOMPARE(whole.rows, std::size_t{10});
        QCOMPARE(whole.columns, std::size_t{13});
        const Eigen::MatrixXd x =
            Eigen::Map<const Eigen::Matrix<float, 10, 13, Eigen::RowMajor>>(whole.numbers->data()).cast<double>();
        QVERIFY((x * x.transpose() - Eigen::MatrixXd::Identity(10, 10)).norm() < 1e-6);
        const std::vector<double>& lambda = result.arrays.at("eigenvalues");
        const Eigen::VectorXd found = (x * dense(bench) * x.transpose()).diagonal();
        for (std::size_t i = 0; i < lambda.size(); ++i) {
            QVERIFY(std::abs(found(static_cast<Eigen::Index>(i)) - lambda[i]) < 1e-6 * lambda[0]);
        }
        QCOMPARE(result.matrices.at("eigenvectors_W1").rows, std::size_t{6});
        QCOMPARE(result.matrices.at("eigenvectors_b2").numbers->size(), std::size_t{1});
    }

    void keys_stand_in_their_order()
    {
        const std::vector<std::string> expected{
            "top_0",    "top_1",  "bottom_0",  "trace",    "loss",   "gradient_norm", "products", "top_W1", "bottom_W1",
            "trace_W1", "top_b1", "bottom_b1", "trace_b1", "top_W2", "bottom_W2",     "trace_W2", "top_b2", "trace_b2"};
        const std::map<std::string, ParamValue> values{
            {"top", std::int64_t{2}}, {"bottom", std::int64_t{1}}, {"layers", std::string("each")}};
        QVERIFY(keys_of(CurvedBench::tiny().measure("hessian_spectrum", values)) == expected);
        auto without = values;
        without["probes"] = std::int64_t{0};
        const ProbeResult bare = CurvedBench::tiny().measure("hessian_spectrum", without);
        QVERIFY(keys_of(bare) == expected);
        QVERIFY(bare.arrays.count("density") == 0 && bare.arrays.count("density_W1") == 0);
        QVERIFY(std::abs(value_of(bare, "trace").value - 1.983172486867) < 4 * value_of(bare, "trace").error);
    }
};

QTEST_APPLESS_MAIN(HessianSpectrumTest)
#include "hessian_spectrum_test.moc"
