// Traces whose value and error are known without drawing many numbers; what needs many is in spectrum_statistics_test.
#include "core/spectrum/trace.h"

#include <QTest>
#include <cstring>
#include <limits>

#include "tests/core/spectrum/matrices.h"

using namespace basin;

namespace {

using Estimator = TraceEstimate (*)(SymmetricOperator&, const TraceRequest&, std::stop_token, const Progress&);

}  // namespace
Q_DECLARE_METATYPE(Estimator)

class TraceTest : public QObject {
    Q_OBJECT
    static void both()
    {
        QTest::addColumn<Estimator>("estimate");
        QTest::newRow("hutchinson") << Estimator{&hutchinson};
        QTest::newRow("hutch++") << Estimator{&hutch_plus_plus};
    }
private Q_SLOTS:
    /// Tests 5a and 5b: the figures that these matrices are known by, so that what follows is about them.
    void the_matrices_are_those_of_the_figures()
    {
        const Eigen::MatrixXd a = householder_matrix();
        QVERIFY(std::abs(a.trace() - 4.499205338329) < 1e-11);
        QVERIFY(std::abs(a.squaredNorm() - 1.625132733622) < 1e-11);
        QVERIFY(std::abs(a.diagonal().squaredNorm() - 1.499729050176) < 1e-11);
        QVERIFY(std::abs(a(0, 0) - 0.956830890542) < 1e-11);
        QVERIFY(std::abs(a(0, 1) - 0.024213705531) < 1e-11);
        QVERIFY(std::abs(a(49, 49) - 0.028987989324) < 1e-11);
        const Eigen::MatrixXd b = cosine_matrix();
        QVERIFY(std::abs(b.trace() - 4.499205338329) < 1e-11);
        QVERIFY(std::abs(b(0, 0) - 0.128781649075) < 1e-11);
        QVERIFY(std::abs(b(0, 1) - 0.083114376239) < 1e-11);
        QVERIFY(std::abs(b.diagonal().squaredNorm() - 0.409762452658) < 1e-11);
    }

    void a_diagonal_is_exact_for_hutchinson()
    {
        const Eigen::VectorXd lambda = harmonic(30);
        SymmetricOperator matrix = as_operator(lambda.asDiagonal().toDenseMatrix());
        const TraceEstimate estimate = hutchinson(matrix, {});
        QVERIFY(std::abs(estimate.value - lambda.sum()) < 1e-13);
        QVERIFY(estimate.error < 1e-14);
        QVERIFY(estimate.converged);
        QCOMPARE(estimate.products, kFewestProbes);
    }

    void low_rank_is_exact_for_hutch_plus_plus()
    {
        Eigen::VectorXd lambda = Eigen::VectorXd::Zero(200);
        lambda.head(3) << 5, -1, 2;
        SymmetricOperator matrix = reflected_operator(lambda);
        const TraceEstimate estimate = hutch_plus_plus(matrix, {.maximum_products = 60});
        QVERIFY(std::abs(estimate.value - 6) < 1e-12);
        QVERIFY(estimate.error < 1e-12);
        // Of 20 sketch columns three are independent: 20 + 3 products, then ten probes of nothing.
        QCOMPARE(estimate.products, 33U);
        QVERIFY(estimate.converged);
    }

    void a_sketch_of_everything_is_exact()
    {
        const Eigen::MatrixXd a = random_symmetric(10, 4);
        SymmetricOperator matrix = as_operator(a);
        const TraceEstimate estimate = hutch_plus_plus(matrix, {.maximum_products = 300});
        QVERIFY(std::abs(estimate.value - a.trace()) < 1e-12);
        QCOMPARE(estimate.error, 0.0);
        QCOMPARE(estimate.products, 10U);
        QVERIFY(estimate.converged);
        SymmetricOperator one = as_operator(Eigen::MatrixXd::Constant(1, 1, 3));
        QCOMPARE(hutch_plus_plus(one, {.maximum_products = 6}).value, 3.0);
        QCOMPARE(hutchinson(one, {}).value, 3.0);
    }

    void zero_has_trace_zero_data() { both(); }
    void zero_has_trace_zero()
    {
        QFETCH(Estimator, estimate);
        SymmetricOperator matrix = reflected_operator(Eigen::VectorXd::Zero(40));
        const TraceEstimate found = estimate(matrix, {.maximum_products = 60}, {}, {});
        QCOMPARE(found.value, 0.0);
        QCOMPARE(found.error, 0.0);
        QVERIFY(found.converged);
    }

    void it_stops_at_the_wanted_error_data() { both(); }
    void it_stops_at_the_wanted_error()
    {
        QFETCH(Estimator, estimate);
        SymmetricOperator matrix = as_operator(cosine_matrix());
        const TraceEstimate rough = estimate(matrix, {.relative_error = 0.1, .maximum_products = 120}, {}, {});
        QVERIFY(rough.converged);
        QVERIFY(rough.error <= 0.1 * rough.value);
        QVERIFY(rough.products < 120);
        const TraceEstimate absolute =
            estimate(matrix, {.relative_error = 0, .absolute_error = 0.3, .maximum_products = 120}, {}, {});
        QVERIFY(absolute.converged && absolute.error <= 0.3);
        const TraceEstimate spent = estimate(matrix, {.relative_error = 1e-6, .maximum_products = 120}, {}, {});
        QVERIFY(!spent.converged);
        QCOMPARE(spent.products, 120U);
        QVERIFY(std::abs(spent.value - 4.499205338329) < 4 * spent.error);
    }

    void a_stop_a_loss_and_equal_bytes_data() { both(); }
    void a_stop_a_loss_and_equal_bytes()
    {
        QFETCH(Estimator, estimate);
        const Eigen::MatrixXd a = cosine_matrix();
        SymmetricOperator matrix = as_operator(a);
        const TraceEstimate one = estimate(matrix, {.maximum_products = 60}, {}, {});
        const TraceEstimate two = estimate(matrix, {.maximum_products = 60}, {}, {});
        QCOMPARE(std::memcmp(&one.value, &two.value, sizeof(double)), 0);
        QCOMPARE(std::memcmp(&one.error, &two.error, sizeof(double)), 0);
        QVERIFY(estimate(matrix, {.maximum_products = 60, .seed = 2}, {}, {}).value != one.value);

        std::stop_source source;
        int calls = 0;
        SymmetricOperator stopping(50, [&](std::span<const double> v, std::span<double> out) {
            Eigen::Map<Eigen::VectorXd>(out.data(), 50) = a * view(v);
            if (++calls == 5) {
                source.request_stop();
            }
        });
        const TraceEstimate stopped = estimate(stopping, {.maximum_products = 60}, source.get_token(), {});
        QVERIFY(stopped.stopped && !stopped.converged);
        QCOMPARE(stopped.products, 5U);
        SymmetricOperator lost(3, [](auto, std::span<double> out) {
            std::fill(out.begin(), out.end(), std::numeric_limits<double>::quiet_NaN());
        });
        QVERIFY(refusal([&] { estimate(lost, {.maximum_products = 60}, {}, {}); }).contains("not finite"));
        QVERIFY(refusal([&] { estimate(matrix, {.maximum_products = 1}, {}, {}); }).contains("at least"));
    }

    void block_traces_add_up()
    {
        const Eigen::MatrixXd a = Eigen::VectorXd::LinSpaced(12, 1, 12).asDiagonal();
        SymmetricOperator whole = as_operator(a);
        double sum = 0;
        for (const auto& [offset, size] : {std::pair{0, 5}, std::pair{5, 1}, std::pair{6, 6}}) {
            SymmetricOperator block =
                restricted(whole, static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
            sum += hutchinson(block, {}).value;
        }
        QCOMPARE(sum, 78.0);
    }
};

QTEST_APPLESS_MAIN(TraceTest)
#include "trace_test.moc"
