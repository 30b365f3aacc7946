// Densities of matrices whose spectrum is known.
#include "core/spectrum/density.h"

#include <Eigen/Eigenvalues>
#include <QTest>
#include <array>
#include <cstring>
#include <limits>

#include "core/spectrum/random_vector.h"
#include "tests/core/spectrum/matrices.h"

using namespace basin;

namespace {

double mass(const SpectralDensity& density)
{
    double sum = 0;
    for (const double x : density.density) {
        sum += x * (density.at[1] - density.at[0]);
    }
    return sum;
}

double power(double x, int p)
{
    double result = 1;
    for (int i = 0; i < p; ++i) {
        result *= x;
    }
    return result;
}

}  // namespace

class DensityTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Test 5a: the quadrature of the all-ones vector; printed to 10 digits.
    void known_gauss_moments()
    {
        SymmetricOperator matrix = as_operator(householder_matrix());
        const Eigen::VectorXd ones = Eigen::VectorXd::Ones(50);
        const Quadrature five = lanczos_quadrature(matrix, numbers_of(ones), 5);
        QCOMPARE(five.nodes.size(), 5U);
        QVERIFY(std::abs(five.mean([](double) { return 1; }) - 1) < 1e-14);
        QVERIFY(std::abs(five.mean([](double x) { return x; }) - 0.0900396680) < 1e-10);
        QVERIFY(std::abs(five.mean([](double x) { return x * x; }) - 0.0327760528) < 1e-10);
    }

    /// m nodes are exact up to degree 2m - 1, and not beyond.
    void quadrature_is_exact_to_its_degree()
    {
        const Eigen::MatrixXd a = random_symmetric(40, 6) / 10;
        SymmetricOperator matrix = as_operator(a);
        const Eigen::VectorXd start = random_vector(40, 7);
        const Quadrature four = lanczos_quadrature(matrix, numbers_of(start), 4);
        Eigen::VectorXd image = start;
        for (int p = 0; p <= 8; ++p) {
            const double exact = start.dot(image) / start.squaredNorm();
            const double found = four.mean([p](double x) { return power(x, p); });
            QVERIFY((std::abs(found - exact) < 1e-12) == (p < 8));
            image = a * image;
        }
    }

    /// Test 5e: local entropy of L = w'Hw/2 is w'H(I + gamma H)^-1 w/2 + log det(I + gamma H)/2.
    void local_entropy()
    {
        SymmetricOperator line = as_operator(Eigen::MatrixXd::Constant(1, 1, 2));
        const double gamma = 0.5;
        const auto entropy = [gamma](SymmetricOperator& matrix, const Eigen::VectorXd& w, std::size_t steps) {
            const Quadrature at_w = lanczos_quadrature(matrix, numbers_of(w), steps);
            const SpectralDensity spectrum = spectral_density(matrix, {.probes = 2, .steps = steps});
            const double bowl = 0.5 * w.squaredNorm() * at_w.mean([gamma](double x) { return x / (1 + gamma * x); });
            const NumberWithError log_det =
                trace_of(spectrum, matrix.dim(), [gamma](double x) { return std::log1p(gamma * x); });
            return std::pair{bowl, log_det};
        };
        const auto [bowl, log_det] = entropy(line, Eigen::VectorXd::Constant(1, 0.7), 5);
        QVERIFY(std::abs(bowl + 0.5 * log_det.value - 0.5915735902800) < 1e-13);
        // The same in 20 dimensions, against Eigen; the log-determinant within its error.
        const Eigen::MatrixXd half = random_symmetric(20, 8);
        const Eigen::MatrixXd h = half * half / 20;
        SymmetricOperator many = as_operator(h);
        const Eigen::VectorXd w = random_vector(20, 9);
        const Eigen::MatrixXd shifted = Eigen::MatrixXd::Identity(20, 20) + gamma * h;
        const auto [first, second] = entropy(many, w, 20);
        QVERIFY(std::abs(first - 0.5 * w.dot(h * shifted.inverse() * w)) < 1e-11);
        QVERIFY(std::abs(second.value - std::log(shifted.determinant())) < 4 * second.error + 1e-12);
    }

    /// Test 5c: a probe with as many plus as minus signs does not see the constant vector, whose eigenvalue is 1.
    void a_balanced_probe_misses_an_eigenvector()
    {
        SymmetricOperator matrix = as_operator(cosine_matrix());
        Eigen::VectorXd balanced(50);
        fill_random({balanced.data(), 50}, NoiseKind::rademacher, probe_key(1, ProbeDraw::density, 0));
        for (Eigen::Index i = 0; std::abs(balanced.sum()) > 0.5; ++i) {  // turn signs until they are balanced
            balanced(i) = balanced(i) * balanced.sum() > 0 ? -balanced(i) : balanced(i);
        }
        // Rounding would bring the 1 back after some thirty steps.
        const Quadrature found = lanczos_quadrature(matrix, numbers_of(balanced), 15);
        QVERIFY(std::abs(found.nodes.back() - 0.5) < 1e-10);
    }

    /// Test 5c, exact: with one quadrature that holds all eigenvalues the density is the smoothed spectrum.
    void smoothing_of_a_known_spectrum()
    {
        SpectralDensity exact;
        Quadrature all;
        for (int k = 50; k >= 1; --k) {
            all.nodes.push_back(1.0 / k);
            all.weights.push_back(1.0 / 50);
        }
        exact.quadratures = {all};
        smooth(exact, 0, 0.05);
        QCOMPARE(exact.deviation, 0.05);
        QVERIFY(std::abs(mass(exact) - 1) < 1e-6);
        QVERIFY(std::isnan(exact.error[10]));
        const auto at = [&](double t) {  // cubic interpolation on the grid
            const double spacing = exact.at[1] - exact.at[0];
            const auto i = static_cast<std::size_t>((t - exact.at[0]) / spacing);
            const double s = (t - exact.at[i]) / spacing;
            const auto& d = exact.density;
            return -s * (s - 1) * (s - 2) / 6 * d[i - 1] + (s + 1) * (s - 1) * (s - 2) / 2 * d[i] -
                   (s + 1) * s * (s - 2) / 2 * d[i + 1] + (s + 1) * s * (s - 1) / 6 * d[i + 2];
        };
        // The grid is ten points a deviation: cubic interpolation of a Gaussian is then good to 1e-5 of its height.
        QVERIFY(std::abs(at(0.05) - 6.1036523613) < 5e-4);
        QVERIFY(std::abs(at(0.25) - 0.3674891740) < 2e-4);
        QVERIFY(std::abs(at(0.5) - 0.1601944209) < 2e-4);
        QVERIFY(std::abs(at(1.0) - 0.1595769122) < 2e-4);
    }

    void mass_is_one_and_products_are_what_was_said()
    {
        SymmetricOperator matrix = as_operator(householder_matrix());
        const SpectralDensity density = spectral_density(matrix, {.probes = 6, .steps = 12});
        QVERIFY(std::abs(mass(density) - 1) < 1e-6);
        QCOMPARE(density.products, 72U);
        QCOMPARE(matrix.products(), 72U);
        // The default: pi/4 of the nodes' range over the steps.
        double low = 1;
        double high = 0;
        for (const Quadrature& quadrature : density.quadratures) {
            low = std::min(low, quadrature.nodes.front());
            high = std::max(high, quadrature.nodes.back());
        }
        QVERIFY(std::abs(density.deviation - 0.25 * std::numbers::pi * (high - low) / 12) < 1e-14);
        QVERIFY(std::abs(density.at.front() - (low - 5 * density.deviation)) < 1e-12);
        QVERIFY(std::abs(density.at.back() - (high + 5 * density.deviation)) < 1e-12);
        QCOMPARE(density.trace.value, 50 * density.moments[0].value);
        QCOMPARE(density.trace.error, 50 * density.moments[0].error);
    }

    /// The band is the deviation over the probes / sqrt(R), computed again from the quadratures.
    void the_band_is_the_standard_error()
    {
        SymmetricOperator matrix = as_operator(cosine_matrix());
        const SpectralDensity density = spectral_density(matrix, {.probes = 5, .steps = 8, .deviation = 0.05});
        for (const std::size_t i : {std::size_t{40}, density.at.size() / 2}) {
            std::vector<double> each;
            for (const Quadrature& q : density.quadratures) {
                each.push_back(q.mean([&](double x) {
                    return std::exp(-0.5 * power((density.at[i] - x) / 0.05, 2)) /
                           (0.05 * std::sqrt(2 * std::numbers::pi));
                }));
            }
            const Eigen::Map<Eigen::ArrayXd> values(each.data(), 5);
            const double deviation = std::sqrt((values - values.mean()).square().sum() / 4);
            QVERIFY(std::abs(density.density[i] - values.mean()) < 1e-12);
            QVERIFY(std::abs(density.error[i] - deviation / std::sqrt(5.0)) < 1e-12);
        }
    }

    void one_number_has_a_density_too_data()
    {
        QTest::addColumn<double>("eigenvalue");
        QTest::addColumn<double>("deviation");
        QTest::newRow("identity") << 1.0 << 0.01;
        QTest::newRow("minus 40") << -40.0 << 0.4;
        QTest::newRow("zero") << 0.0 << 0.01;
    }
    void one_number_has_a_density_too()
    {
        QFETCH(double, eigenvalue);
        QFETCH(double, deviation);
        SymmetricOperator matrix = reflected_operator(Eigen::VectorXd::Constant(30, eigenvalue));
        const SpectralDensity density = spectral_density(matrix, {.probes = 3, .steps = 20});
        QVERIFY(density.products <= 9);  // rounding may leave a second and a third step
        QVERIFY(std::abs(density.deviation - deviation) < 1e-6);
        QVERIFY(std::abs(mass(density) - 1) < 1e-6);
        QVERIFY(std::abs(density.trace.value - 30 * eigenvalue) < 1e-10);
        SymmetricOperator one = as_operator(Eigen::MatrixXd::Constant(1, 1, eigenvalue));
        const SpectralDensity single = spectral_density(one, {.probes = 1, .steps = 20});
        QCOMPARE(single.products, 1U);
        QVERIFY(std::abs(single.trace.value - eigenvalue) < 1e-13);
        QVERIFY(std::isnan(single.trace.error));
    }

    void a_kernel_that_is_too_narrow_is_widened_and_said()
    {
        SymmetricOperator matrix = as_operator(householder_matrix());
        const SpectralDensity density = spectral_density(matrix, {.probes = 2, .steps = 10, .deviation = 1e-9});
        QVERIFY(density.deviation > 1e-5 && density.deviation < 1e-3);
        QVERIFY(density.at.size() <= 16384);
        QVERIFY(std::abs(mass(density) - 1) < 1e-6);
    }

    void a_stop_a_loss_and_equal_bytes()
    {
        const Eigen::MatrixXd a = cosine_matrix();
        SymmetricOperator matrix = as_operator(a);
        const SpectralDensity one = spectral_density(matrix, {.probes = 3, .steps = 10});
        const SpectralDensity two = spectral_density(matrix, {.probes = 3, .steps = 10});
        QCOMPARE(one.density.size(), two.density.size());
        QCOMPARE(std::memcmp(one.density.data(), two.density.data(), one.density.size() * sizeof(double)), 0);
        QCOMPARE(std::memcmp(one.error.data(), two.error.data(), one.error.size() * sizeof(double)), 0);
        std::stop_source source;
        int calls = 0;
        SymmetricOperator stopping(50, [&](std::span<const double> v, std::span<double> out) {
            Eigen::Map<Eigen::VectorXd>(out.data(), 50) = a * view(v);
            if (++calls == 15) {
                source.request_stop();
            }
        });
        std::vector<double> progress;
        const SpectralDensity stopped = spectral_density(stopping, {.probes = 3, .steps = 10}, source.get_token(),
                                                         [&](double share) { progress.push_back(share); });
        QVERIFY(stopped.stopped && stopped.density.empty());
        QCOMPARE(stopped.products, 15U);
        QVERIFY(std::is_sorted(progress.begin(), progress.end()));
        QVERIFY(std::abs(progress.back() - 0.5) < 1e-12);
        SymmetricOperator lost(3, [](auto, std::span<double> out) {
            std::fill(out.begin(), out.end(), std::numeric_limits<double>::quiet_NaN());
        });
        QVERIFY(refusal([&] { spectral_density(lost, {}); }).contains("not finite"));
        QVERIFY(refusal([&] { spectral_density(matrix, {.probes = 0}); }).contains("at least one probe"));
    }
};

QTEST_APPLESS_MAIN(DensityTest)
#include "density_test.moc"
