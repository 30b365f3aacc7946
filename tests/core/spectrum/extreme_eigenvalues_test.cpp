// Extreme eigenvalues against Eigen's solver, with the products that they may take.
#include "core/spectrum/extreme_eigenvalues.h"

#include <Eigen/Eigenvalues>
#include <QTest>
#include <cstring>
#include <limits>

#include "tests/core/spectrum/matrices.h"

using namespace basin;

namespace {

/// As the trained LeNet's spectrum is described: one outlier a class, a bulk that falls off by orders of magnitude, and
/// a negative side a tenth as large.
Eigen::VectorXd like_a_network(Eigen::Index n)
{
    Eigen::VectorXd lambda(n);
    const std::array<double, 9> outliers{31, 22, 16, 12, 9, 7, 5.5, 4, 3};
    for (Eigen::Index k = 0; k < n; ++k) {
        const auto i = static_cast<double>(k);
        lambda(k) = k < 9 ? outliers[static_cast<std::size_t>(k)]
                          : (k % 4 == 0 ? -1.2 : 2.0) * std::exp(-0.02 * (i - 9)) + 1e-5 * std::sin(i);
    }
    return lambda;
}

Eigen::VectorXd sorted(Eigen::VectorXd lambda)
{
    std::sort(lambda.begin(), lambda.end());
    return lambda;
}

}  // namespace

class ExtremeEigenvaluesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void against_eigen_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("top");
        QTest::addColumn<int>("bottom");
        QTest::addColumn<int>("columns");  // of the basis; 0: as many as it likes
        QTest::newRow("both ends") << 100 << 4 << 3 << 0;
        QTest::newRow("top alone") << 150 << 5 << 0 << 0;
        QTest::newRow("bottom alone") << 150 << 0 << 5 << 0;
        QTest::newRow("restarted") << 200 << 3 << 3 << 30;
        QTest::newRow("more than there are") << 6 << 5 << 5 << 0;
        QTest::newRow("one row") << 1 << 5 << 5 << 0;
        QTest::newRow("two rows") << 2 << 1 << 1 << 0;
    }
    void against_eigen()
    {
        QFETCH(int, n);
        QFETCH(int, top);
        QFETCH(int, bottom);
        QFETCH(int, columns);
        const Eigen::MatrixXd a = random_symmetric(n, 11);
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> exact(a);
        SymmetricOperator matrix = as_operator(a);
        ExtremeRequest request;
        request.top = static_cast<std::size_t>(top);
        request.bottom = static_cast<std::size_t>(bottom);
        request.tolerance = 1e-6;
        request.vectors = true;
        if (columns > 0) {
            request.maximum_products = 2000;
            request.bytes = 8 * (static_cast<std::size_t>(n) * static_cast<std::size_t>(columns + 2) +
                                 3 * static_cast<std::size_t>(columns * columns));
        }
        const ExtremeEigenvalues found = extreme_eigenvalues(matrix, request);
        QVERIFY(found.converged);
        QCOMPARE(found.products, matrix.products());
        QCOMPARE(found.top.size(), std::min(request.top, matrix.dim()));
        QCOMPARE(found.bottom.size(), std::min(request.bottom, matrix.dim() - found.top.size()));
        const auto check = [&](const EigenPair& pair, Eigen::Index index) {
            // The error of a Rayleigh quotient is below the residual, and by far when eigenvalues are apart.
            QVERIFY(std::abs(pair.value - exact.eigenvalues()(index)) <= pair.residual + 1e-12);
            QVERIFY(pair.residual <= 1e-6 * found.scale);
            const Eigen::VectorXd x = view(pair.vector);
            QVERIFY(std::abs(x.norm() - 1) < 1e-12);
            QVERIFY(std::abs((a * x - pair.value * x).norm() - pair.residual) < 1e-12);
        };
        for (std::size_t i = 0; i < found.top.size(); ++i) {
            check(found.top[i], n - 1 - static_cast<Eigen::Index>(i));
        }
        for (std::size_t i = 0; i < found.bottom.size(); ++i) {
            check(found.bottom[i], static_cast<Eigen::Index>(i));
        }
    }

    void a_network_like_spectrum_takes_few_products()
    {
        const Eigen::VectorXd lambda = like_a_network(3000);
        const Eigen::VectorXd exact = sorted(lambda);
        SymmetricOperator matrix = reflected_operator(lambda);
        const ExtremeEigenvalues top = extreme_eigenvalues(matrix, {.top = 5, .bottom = 0, .tolerance = 1e-3});
        qInfo("top 5: %d products, worst residual %.1e", static_cast<int>(top.products), top.worst);
        QVERIFY(top.converged);
        QVERIFY(top.products <= 30);
        const ExtremeEigenvalues both = extreme_eigenvalues(matrix, {.top = 5, .bottom = 5, .tolerance = 1e-3});
        qInfo("top and bottom 5: %d products, worst residual %.1e", static_cast<int>(both.products), both.worst);
        QVERIFY(both.converged);
        QVERIFY(both.products <= 80);
        for (std::size_t i = 0; i < 5; ++i) {
            // 1e-12: rounding, where a residual has fallen that far.
            const auto index = static_cast<Eigen::Index>(i);
            QVERIFY(std::abs(both.top[i].value - exact(2999 - index)) <= both.top[i].residual + 1e-12);
            QVERIFY(std::abs(both.bottom[i].value - exact(index)) <= both.bottom[i].residual + 1e-12);
        }
    }

    /// Products that are off by float rounding, as a network's are: the free residuals go on falling, the true ones
    /// stop near 1e-6, and that is what is returned.
    void rounded_products_have_a_floor_that_is_shown()
    {
        const Eigen::VectorXd lambda = like_a_network(500);
        const Product exact = reflected(lambda);
        SymmetricOperator matrix(500, [exact](std::span<const double> v, std::span<double> out) {
            exact(v, out);
            for (double& x : out) {
                x = static_cast<double>(static_cast<float>(x));
            }
        });
        const ExtremeEigenvalues fine = extreme_eigenvalues(matrix, {.top = 2, .tolerance = 1e-6});
        QVERIFY(fine.converged);
        const ExtremeEigenvalues finer =
            extreme_eigenvalues(matrix, {.top = 2, .tolerance = 1e-12, .maximum_products = 100});
        QVERIFY(!finer.converged);
        QVERIFY(finer.worst > 1e-9 && finer.worst < 1e-6);
        QVERIFY(finer.products <= 100);
        QVERIFY(std::abs(finer.top[0].value - 31) < 1e-4);
    }

    void copies_come_when_the_space_is_used_up()
    {
        Eigen::VectorXd lambda(40);
        lambda << harmonic(20), harmonic(20);
        SymmetricOperator matrix = reflected_operator(lambda);
        const ExtremeEigenvalues early = extreme_eigenvalues(matrix, {.top = 2, .tolerance = 1e-3});
        QVERIFY(std::abs(early.top[0].value - 1) < 1e-3);
        QVERIFY(std::abs(early.top[1].value - 0.5) < 1e-3);  // as the header says: one pair
        const ExtremeEigenvalues all = extreme_eigenvalues(matrix, {.top = 40, .tolerance = 1e-9});
        for (std::size_t i = 0; i < 40; ++i) {
            QVERIFY(std::abs(all.top[i].value - 1.0 / static_cast<double>(i / 2 + 1)) < 1e-10);
        }
    }

    void low_rank_identity_and_zero()
    {
        Eigen::VectorXd lambda = Eigen::VectorXd::Zero(30);
        lambda.head(2) << 5, -1;
        SymmetricOperator low_rank = reflected_operator(lambda);
        const ExtremeEigenvalues low = extreme_eigenvalues(low_rank, {.top = 3, .bottom = 2});
        QVERIFY(low.converged);
        QVERIFY(std::abs(low.top[0].value - 5) < 1e-12);
        QVERIFY(std::abs(low.top[1].value) < 1e-12 && std::abs(low.top[2].value) < 1e-12);
        QVERIFY(std::abs(low.bottom[0].value + 1) < 1e-12);
        SymmetricOperator zero = reflected_operator(Eigen::VectorXd::Zero(30));
        const ExtremeEigenvalues none = extreme_eigenvalues(zero, {.top = 2, .bottom = 2});
        QVERIFY(none.converged);
        QCOMPARE(none.top[1].value, 0.0);
        QCOMPARE(none.worst, 0.0);
        SymmetricOperator identity = reflected_operator(Eigen::VectorXd::Ones(30));
        const ExtremeEigenvalues same = extreme_eigenvalues(identity, {.top = 3});
        QVERIFY(same.converged && std::abs(same.top[2].value - 1) < 1e-12);
    }

    void a_budget_is_kept_and_the_best_is_shown()
    {
        SymmetricOperator matrix = reflected_operator(like_a_network(3000));
        const ExtremeEigenvalues found =
            extreme_eigenvalues(matrix, {.top = 5, .bottom = 5, .tolerance = 1e-9, .maximum_products = 30});
        QVERIFY(!found.converged);
        QCOMPARE(found.products, 30U);
        QCOMPARE(found.top.size(), 5U);
        QVERIFY(found.worst > 1e-9);
        QVERIFY(found.worst < 0.5);
    }

    void what_is_too_little_is_said_with_its_figure()
    {
        SymmetricOperator matrix = reflected_operator(like_a_network(3000));
        QCOMPARE(refusal([&] { extreme_eigenvalues(matrix, {.top = 5, .bottom = 5, .maximum_products = 19}); }),
                 "maximum_products: is 19 and 10 pairs need at least 20");
        const ExtremeRequest small{.top = 5, .bytes = 100000};
        QCOMPARE(extreme_bytes_least(3000, small), 8U * (3000 * 23 + 3 * 21 * 21));
        QCOMPARE(refusal([&] { extreme_eigenvalues(matrix, small); }),
                 "memory: 5 eigenvalues of a matrix of 3000 rows need 562584 bytes and may take 100000");
        QCOMPARE(matrix.products(), 0U);
    }

    void a_lost_product_ends_it()
    {
        int calls = 0;
        const Product exact = reflected(harmonic(30));
        SymmetricOperator matrix(30, [&](std::span<const double> v, std::span<double> out) {
            exact(v, out);
            out[3] = ++calls == 7 ? std::numeric_limits<double>::infinity() : out[3];
        });
        QVERIFY(refusal([&] {
                    extreme_eigenvalues(matrix, {.top = 5, .tolerance = 1e-12});
                }).startsWith("product 7 with the matrix is not finite"));
    }

    void a_stop_in_the_middle_returns_at_once()
    {
        std::stop_source source;
        int calls = 0;
        const Product exact = reflected(harmonic(100));
        SymmetricOperator matrix(100, [&](std::span<const double> v, std::span<double> out) {
            exact(v, out);
            if (++calls == 5) {
                source.request_stop();
            }
        });
        const ExtremeEigenvalues found = extreme_eigenvalues(matrix, {.top = 5}, source.get_token());
        QVERIFY(found.stopped && !found.converged && found.top.empty());
        QCOMPARE(found.products, 5U);
    }

    void equal_arguments_give_equal_bytes_and_progress_rises()
    {
        const auto bytes = [](std::uint64_t seed, std::vector<double>* progress) {
            SymmetricOperator matrix = reflected_operator(like_a_network(301));
            const auto found =
                extreme_eigenvalues(matrix, {.top = 3, .bottom = 2, .seed = seed}, {}, [&](double share) {
                    if (progress != nullptr) {
                        progress->push_back(share);
                    }
                });
            std::vector<double> numbers;
            for (const auto* side : {&found.top, &found.bottom}) {
                for (const EigenPair& pair : *side) {
                    numbers.insert(numbers.end(), {pair.value, pair.residual});
                }
            }
            return numbers;
        };
        std::vector<double> progress;
        const std::vector<double> once = bytes(1, &progress);
        const std::vector<double> twice = bytes(1, nullptr);
        QCOMPARE(std::memcmp(once.data(), twice.data(), once.size() * sizeof(double)), 0);
        QVERIFY(bytes(2, nullptr) != once);
        QVERIFY(progress.size() > 5);
        QCOMPARE(progress.back(), 1.0);
        QVERIFY(std::all_of(progress.begin(), progress.end(), [](double x) { return x >= 0 && x <= 1; }));
    }
};

QTEST_APPLESS_MAIN(ExtremeEigenvaluesTest)
#include "extreme_eigenvalues_test.moc"
