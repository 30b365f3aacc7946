// Lanczos against figures that an independent program printed, and where its space ends early.
#include "core/spectrum/lanczos.h"

#include <Eigen/Eigenvalues>
#include <QTest>
#include <array>
#include <limits>

#include "core/spectrum/random_vector.h"
#include "tests/core/spectrum/matrices.h"

using namespace basin;

namespace {

Eigen::VectorXd ones(Eigen::Index n)
{
    return Eigen::VectorXd::Ones(n);
}

Lanczos::Fresh fresh()
{
    return [](std::span<double> out, std::uint32_t number) {
        fill_random(out, NoiseKind::normal, probe_key(5, ProbeDraw::lanczos_fresh, number));
    };
}

double orthogonality(const Lanczos& lanczos)
{
    const auto size = static_cast<Eigen::Index>(lanczos.size());
    return (lanczos.basis().transpose() * lanczos.basis() - Eigen::MatrixXd::Identity(size, size))
        .cwiseAbs()
        .maxCoeff();
}

/// Steps until none is left; how many.
std::size_t run(Lanczos& lanczos, const Lanczos::Fresh& draw = {})
{
    std::size_t steps = 0;
    while (lanczos.step(draw)) {
        ++steps;
    }
    return steps;
}

double top(const Lanczos& lanczos, Eigen::Index i = 0)
{
    const RitzPairs ritz = lanczos.ritz();
    return ritz.values(ritz.values.size() - 1 - i);
}

}  // namespace

class LanczosTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Test 5a. Printed to 10 digits: 1e-9, and 6e-8 where 7 or 8 digits were printed.
    void known_coefficients()
    {
        SymmetricOperator matrix = as_operator(householder_matrix());
        Lanczos lanczos(matrix, 50, numbers_of(ones(50)));
        const std::array<double, 4> alpha{0.090039668, 0.7799130236, 0.4627454026, 0.3215870572};
        const std::array<double, 4> beta{0.1570633979, 0.3066582106, 0.1810682151, 0.1279631871};
        for (Eigen::Index j = 0; j < 4; ++j) {
            QVERIFY(lanczos.step());
            QVERIFY(std::abs(lanczos.projected()(j, j) - alpha[static_cast<std::size_t>(j)]) < 1e-9);
            QVERIFY(std::abs(lanczos.next() - beta[static_cast<std::size_t>(j)]) < 1e-9);
        }
        QVERIFY(lanczos.step());
        QVERIFY(std::abs(top(lanczos, 0) - 0.9999924629) < 1e-9);
        QVERIFY(std::abs(top(lanczos, 1) - 0.4946839) < 6e-8);
        QVERIFY(std::abs(top(lanczos, 2) - 0.2693154868) < 1e-9);
        while (lanczos.size() < 10) {
            QVERIFY(lanczos.step());
        }
        QVERIFY(std::abs(top(lanczos, 0) - 1) < 1e-9);
        QVERIFY(std::abs(top(lanczos, 1) - 0.5) < 1e-9);
        QVERIFY(std::abs(top(lanczos, 2) - 0.33333256) < 6e-9);
        run(lanczos);
        QCOMPARE(matrix.products(), 50U);
        QVERIFY(lanczos.invariant());
        QVERIFY(std::abs(lanczos.ritz().values(0) - 0.02) < 1e-12);
        // Without re-orthogonalisation there would be four copies of 1 here.
        QVERIFY(top(lanczos, 1) < 0.5 + 1e-9);
        QVERIFY(orthogonality(lanczos) < 1e-13);
    }

    void free_residuals_are_the_true_ones()
    {
        const Eigen::MatrixXd a = random_symmetric(60, 3);
        SymmetricOperator matrix = as_operator(a);
        Lanczos lanczos(matrix, 20, numbers_of(random_vector(60, 4)));
        run(lanczos);
        QVERIFY(lanczos.full() && !lanczos.invariant());
        const RitzPairs ritz = lanczos.ritz();
        for (Eigen::Index i = 0; i < 20; ++i) {
            const Eigen::VectorXd x = lanczos.vector(ritz, i);
            QVERIFY(std::abs((a * x - ritz.values(i) * x).norm() - ritz.free_residuals(i)) < 1e-12 * a.norm());
        }
    }

    /// A thick restart keeps T = Q'AQ, so the free residuals stay true.
    void restarts_keep_the_relation()
    {
        const Eigen::MatrixXd a = random_symmetric(80, 5);
        SymmetricOperator matrix = as_operator(a);
        Lanczos lanczos(matrix, 16, numbers_of(random_vector(80, 6)));
        for (int round = 0; round < 6; ++round) {
            run(lanczos);
            const RitzPairs ritz = lanczos.ritz();
            const std::array<Eigen::Index, 5> kept{15, 14, 13, 1, 0};
            lanczos.restart(ritz, kept);
            QCOMPARE(lanczos.size(), 5U);
        }
        run(lanczos);
        QCOMPARE(matrix.products(), 16U + 6U * 11U);
        const Eigen::MatrixXd t = lanczos.projected().selfadjointView<Eigen::Lower>();
        QVERIFY((lanczos.basis().transpose() * a * lanczos.basis() - t).cwiseAbs().maxCoeff() < 1e-12 * a.norm());
        QVERIFY(orthogonality(lanczos) < 1e-13);
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> exact(a);
        QVERIFY(std::abs(top(lanczos) - exact.eigenvalues()(79)) < 1e-9);
    }

    void an_invariant_space_stops_or_gets_a_fresh_vector_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("dimension");  // of the space that the start reaches
        QTest::newRow("rank 3") << 0 << 4;   // the three and a part of the null space
        QTest::newRow("identity") << 1 << 1;
        QTest::newRow("zero") << 2 << 1;
        QTest::newRow("five copies of each") << 3 << 4;
    }
    void an_invariant_space_stops_or_gets_a_fresh_vector()
    {
        QFETCH(int, kind);
        QFETCH(int, dimension);
        Eigen::VectorXd lambda = Eigen::VectorXd::Zero(20);
        if (kind == 0) {
            lambda.head(3) << 3, 2, -1;
        } else if (kind == 1) {
            lambda.setOnes();
        } else if (kind == 3) {
            lambda << harmonic(4), harmonic(4), harmonic(4), harmonic(4), harmonic(4);
        }
        SymmetricOperator matrix = reflected_operator(lambda);
        Lanczos stopping(matrix, 20, numbers_of(random_vector(20, 9)));
        QCOMPARE(run(stopping), static_cast<std::size_t>(dimension));
        QVERIFY(stopping.invariant());
        QCOMPARE(stopping.next(), 0.0);

        Lanczos going_on(matrix, 20, numbers_of(random_vector(20, 9)));
        QCOMPARE(run(going_on, fresh()), 20U);
        QVERIFY(orthogonality(going_on) < 1e-12);
        std::sort(lambda.begin(), lambda.end());
        QVERIFY((going_on.ritz().values - lambda).cwiseAbs().maxCoeff() < 1e-12);
    }

    void one_row_and_more_columns_than_rows()
    {
        SymmetricOperator one = as_operator(Eigen::MatrixXd::Constant(1, 1, -2.5));
        const std::array<double, 1> start{3};
        Lanczos lanczos(one, 10, start);
        QCOMPARE(run(lanczos, fresh()), 1U);
        QCOMPARE(lanczos.ritz().values(0), -2.5);
        SymmetricOperator five = as_operator(random_symmetric(5, 1));
        Lanczos small(five, 80, numbers_of(ones(5)));
        QCOMPARE(run(small, fresh()), 5U);
    }

    void bad_operators_are_said_in_a_sentence()
    {
        SymmetricOperator lost(4, [](auto, std::span<double> out) {
            std::fill(out.begin(), out.end(), 1.0);
            out[2] = std::numeric_limits<double>::quiet_NaN();
        });
        Lanczos lanczos(lost, 4, numbers_of(ones(4)));
        QCOMPARE(refusal([&] { lanczos.step(); }),
                 "product 1 with the matrix is not finite (number 2 of 4), so it has no spectrum");
        Eigen::MatrixXd skewed = random_symmetric(10, 2);
        skewed(3, 7) += 1;
        SymmetricOperator asymmetric = as_operator(skewed);
        Lanczos other(asymmetric, 10, numbers_of(random_vector(10, 3)));
        QVERIFY(refusal([&] { run(other); }).contains("not those of one symmetric matrix"));
        QVERIFY(refusal([&] { Lanczos(asymmetric, 3, numbers_of(Eigen::VectorXd::Zero(10))); }).contains("not zero"));
        QVERIFY(refusal([] { SymmetricOperator(0, {}); }).contains("at least one"));
    }

    void a_block_is_the_block()
    {
        const Eigen::MatrixXd a = random_symmetric(12, 8);
        SymmetricOperator whole = as_operator(a);
        const Eigen::MatrixXd block = dense(restricted(whole, 3, 5));
        QVERIFY((block - a.block(3, 3, 5, 5)).cwiseAbs().maxCoeff() < 1e-15);
        QCOMPARE(whole.products(), 5U);
        QVERIFY(refusal([&] { restricted(whole, 8, 5); }).contains("does not fit in a matrix of 12"));
        QVERIFY(refusal([&] { restricted(whole, 1, std::size_t(-1)); }).contains("does not fit"));
    }

    /// Philox' own conformance is tested elsewhere; this freezes which counter a vector takes.
    void random_vectors_take_the_counters_that_are_written_down()
    {
        const RngKey key = probe_key(7, ProbeDraw::density, 4096 * 3 + 17);
        QCOMPARE(key.step, (5U << 20U) + 3U);
        QCOMPARE(key.draw, 17U);
        QCOMPARE(static_cast<int>(key.stream), 7);
        std::array<double, 7> signs{};
        fill_random(signs, NoiseKind::rademacher, key);
        std::array<double, 3> first{};
        fill_random(first, NoiseKind::rademacher, key);
        for (std::size_t i = 0; i < signs.size(); ++i) {
            QCOMPARE(std::abs(signs[i]), 1.0);
            QVERIFY(i >= 3 || signs[i] == first[i]);
        }
    }
};

QTEST_APPLESS_MAIN(LanczosTest)
#include "lanczos_test.moc"
