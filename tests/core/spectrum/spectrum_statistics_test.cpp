// What random probes do on average: the figures of tests 5a, 5b and 5c, from many draws.
#include <QTest>
#include <array>
#include <numbers>

#include "core/spectrum/density.h"
#include "core/spectrum/random_vector.h"
#include "core/spectrum/trace.h"
#include "tests/core/spectrum/matrices.h"

using namespace basin;

namespace {

constexpr double kTrace = 4.499205338329;

/// Root of the mean squared error of 4,000 estimates.
double rms(TraceEstimate (*estimate)(SymmetricOperator&, const TraceRequest&, std::stop_token, const Progress&),
           const Eigen::MatrixXd& a, std::size_t products)
{
    SymmetricOperator matrix = as_operator(a);
    double sum = 0;
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
        const double away =
            estimate(matrix, {.relative_error = 0, .absolute_error = 0, .maximum_products = products, .seed = seed}, {},
                     {})
                .value -
            kTrace;
        sum += away * away;
    }
    return std::sqrt(sum / 4000);
}

/// Of the density to the exact one, by the sum over its grid.
double l1_distance(const SpectralDensity& density, double deviation)
{
    double sum = 0;
    for (std::size_t i = 0; i < density.at.size(); ++i) {
        double exact = 0;
        for (int k = 1; k <= 50; ++k) {
            const double z = (density.at[i] - 1.0 / k) / deviation;
            exact += std::exp(-0.5 * z * z) / (50 * deviation * std::sqrt(2 * std::numbers::pi));
        }
        sum += std::abs(density.density[i] - exact) * (density.at[1] - density.at[0]);
    }
    return sum;
}

}  // namespace

class SpectrumStatisticsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
#ifdef BASIN_SANITIZED
        QSKIP("a statistic, not a memory test");
#endif
    }

    /// Test 5a: 2e5 probes; the mean within 4 of its standard errors (0.0011), the variance within 2 %.
    void variance_of_a_probe_data()
    {
        QTest::addColumn<bool>("cosine");
        QTest::addColumn<double>("variance");
        QTest::newRow("5a") << false << 0.250807366892;
        QTest::newRow("5b") << true << 2.430740561927;
    }
    void variance_of_a_probe()
    {
        QFETCH(bool, cosine);
        QFETCH(double, variance);
        SymmetricOperator matrix = as_operator(cosine ? cosine_matrix() : householder_matrix());
        const TraceEstimate found =
            hutchinson(matrix, {.relative_error = 0, .absolute_error = 0, .maximum_products = 200000});
        QVERIFY(std::abs(found.value - kTrace) < 4 * found.error);
        QVERIFY(std::abs(found.error * found.error * 200000 / variance - 1) < 0.02);
    }

    /// Test 5a: one entry of the diagonal estimator z * (A z), its variance within 2 %.
    void diagonal_entry()
    {
        SymmetricOperator matrix = as_operator(householder_matrix());
        std::array<double, 50> z{};
        std::array<double, 50> image{};
        RunningMean mean;
        for (std::uint32_t probe = 0; probe < 100000; ++probe) {
            fill_random(z, NoiseKind::rademacher, probe_key(1, ProbeDraw::trace, probe));
            matrix.apply(z, image);
            mean.add(z[0] * image[0]);
        }
        QVERIFY(std::abs(mean.mean() - 0.956830890542) < 4 * mean.error());
        QVERIFY(std::abs(mean.error() * mean.error() * 100000 / 0.038613 - 1) < 0.02);
    }

    /// Test 5b: root mean squared errors of 4,000 estimates, within 6 %.
    void errors_of_both_estimators_data()
    {
        QTest::addColumn<bool>("cosine");
        QTest::addColumn<int>("products");
        QTest::addColumn<double>("hutchinson_error");
        QTest::addColumn<double>("hutch_plus_plus_error");
        QTest::newRow("6") << true << 6 << 0.636 << 0.667;
        QTest::newRow("12") << true << 12 << 0.450 << 0.327;
        QTest::newRow("30") << true << 30 << 0.285 << 0.113;
        QTest::newRow("60") << true << 60 << 0.201 << 0.0535;
        QTest::newRow("90") << true << 90 << 0.164 << 0.0323;
        QTest::newRow("60 on 5a") << false << 60 << 0.0652 << 0.0489;
    }
    void errors_of_both_estimators()
    {
        QFETCH(bool, cosine);
        QFETCH(int, products);
        QFETCH(double, hutchinson_error);
        QFETCH(double, hutch_plus_plus_error);
        const Eigen::MatrixXd a = cosine ? cosine_matrix() : householder_matrix();
        const double plain = rms(&hutchinson, a, static_cast<std::size_t>(products));
        const double sketched = rms(&hutch_plus_plus, a, static_cast<std::size_t>(products));
        qInfo("m = %d: %.4f, %.4f", products, plain, sketched);
        QVERIFY(std::abs(plain / hutchinson_error - 1) < 0.06);
        QVERIFY(std::abs(sketched / hutch_plus_plus_error - 1) < 0.06);
    }

    /// The standard error that Hutch++ states: its mean square over 4,000 estimates is their variance, within 10 %
    /// (10 probes know a variance to 47 %, 4,000 of them to 1 %; the errors' own variance to 2 %).
    void stated_errors_are_the_real_ones()
    {
        SymmetricOperator matrix = as_operator(cosine_matrix());
        double stated = 0;
        double real = 0;
        int within = 0;
        for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
            const TraceEstimate found = hutch_plus_plus(
                matrix, {.relative_error = 0, .absolute_error = 0, .maximum_products = 30, .seed = seed});
            stated += found.error * found.error;
            real += (found.value - kTrace) * (found.value - kTrace);
            within += std::abs(found.value - kTrace) < 2 * found.error ? 1 : 0;
        }
        QVERIFY(std::abs(stated / real - 1) < 0.1);
        QVERIFY(within > 0.90 * 4000);  // Student's t with 9 degrees has 92 % there
    }

    /// Test 5c: deviations of one probe's moments, from 20,000 probes: within 6 %. A probe's moment is near a
    /// chi-square with one degree (kurtosis 15), so such a deviation is known to sqrt(14 / (4 * 20000)) = 1.3 %.
    void moments_of_one_probe()
    {
        SymmetricOperator matrix = as_operator(cosine_matrix());
        const SpectralDensity density = spectral_density(matrix, {.probes = 20000, .steps = 5, .deviation = 0.05});
        const std::array<double, 3> deviations{0.03118166, 0.02868703, 0.02811804};
        const std::array<double, 4> exact{0.089984106767, 0.032502654672, 0.024037217263, 0.021646412920};
        for (std::size_t p = 0; p < 4; ++p) {
            QVERIFY(std::abs(density.moments[p].value - exact[p]) < 4 * density.moments[p].error);
            QVERIFY(p == 3 || std::abs(density.moments[p].error * std::sqrt(20000.0) / deviations[p] - 1) < 0.06);
        }
    }

    /// Test 5c: moments within 4 standard errors; standard errors and distances of densities as printed for another
    /// draw, so within a factor of 2.5 (a distance scatters by about its own half).
    void density_from_several_probes_data()
    {
        QTest::addColumn<bool>("cosine");
        QTest::addColumn<int>("probes");
        QTest::addColumn<double>("distance");
        QTest::newRow("5b, 10") << true << 10 << 0.078;
        QTest::newRow("5b, 30") << true << 30 << 0.021;
        QTest::newRow("5b, 100") << true << 100 << 0.012;
        QTest::newRow("5a, 30") << false << 30 << 0.0083;
    }
    void density_from_several_probes()
    {
        QFETCH(bool, cosine);
        QFETCH(int, probes);
        QFETCH(double, distance);
        SymmetricOperator matrix = as_operator(cosine ? cosine_matrix() : householder_matrix());
        const std::array<double, 4> exact{0.089984106767, 0.032502654672, 0.024037217263, 0.021646412920};
        RunningMean distances;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const SpectralDensity density = spectral_density(
                matrix, {.probes = static_cast<std::size_t>(probes), .steps = 10, .deviation = 0.05, .seed = seed});
            distances.add(l1_distance(density, 0.05));
            // 20 seeds x 3 moments: 4 standard errors, 5 where ten probes' deviation is only known to 24 %.
            for (std::size_t p = 0; p < 3; ++p) {
                QVERIFY(std::abs(density.moments[p].value - exact[p]) <
                        (probes == 10 ? 6 : 4.5) * density.moments[p].error);
            }
        }
        qInfo("%d probes: L1 distance %.4f +- %.4f, one draw had %.4f", probes, distances.mean(), distances.error(),
              distance);
        QVERIFY(distances.mean() < 2.5 * distance && distances.mean() > distance / 2.5);
    }
};

QTEST_APPLESS_MAIN(SpectrumStatisticsTest)
#include "spectrum_statistics_test.moc"
