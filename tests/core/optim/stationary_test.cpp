#include <QTest>
#include <array>
#include <cmath>

#include "tests/core/optim/lane.h"

using namespace basin;
using namespace basin::testing;

namespace {

using Matrix = std::array<double, 3>;  // 11, 12, 22

constexpr Matrix kHessian{2, 0.5, 1};
constexpr double kStep = 0.1;
constexpr double kBeta = 4;
constexpr double kSigma = 0.3;
constexpr std::size_t kChains = 400000;
/// The slow mode shrinks by 0.9207 a step: 0.9207^(2 * 200) = 5e-15 of the start is left in the covariance.
constexpr std::uint64_t kSteps = 200;

Matrix times(const Matrix& a, const Matrix& b)  // symmetric matrices that commute
{
    return {a[0] * b[0] + a[1] * b[1], a[0] * b[1] + a[1] * b[2], a[1] * b[1] + a[2] * b[2]};
}

Matrix inverse(const Matrix& a)
{
    const double determinant = a[0] * a[2] - a[1] * a[1];
    return {a[2] / determinant, -a[1] / determinant, a[0] / determinant};
}

/// S = M S M + Q with M = I - l A and Q = l^2 s^2 A^2 + (l^2 c + 2 l / beta) I:  S = Q (2 l A - l^2 A^2)^-1.
Matrix stationary(double perturbation_variance, double gradient_variance)
{
    const Matrix square = times(kHessian, kHessian);
    Matrix q;
    Matrix rate;
    for (std::size_t i = 0; i < 3; ++i) {
        const double identity = i == 1 ? 0 : 1;
        q[i] = kStep * kStep * perturbation_variance * square[i] +
               (kStep * kStep * gradient_variance + 2 * kStep / kBeta) * identity;
        rate[i] = 2 * kStep * kHessian[i] - kStep * kStep * square[i];
    }
    return times(q, inverse(rate));
}

}  // namespace

// Covariances of independent chains after kSteps steps on a quadratic. theta is Gaussian there (nearly so with
// Rademacher), so the standard error of S_ij from n chains is sqrt((S_ii S_jj + S_ij^2) / n): 0.2 % of the variances.
class StationaryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_closed_form_gives_the_stored_figures()
    {
        const std::pair<double, Matrix> rows[] = {{0, {0.1567561919, -0.0710628070, 0.2988818058}},
                                                  {0.09, {0.1668293448, -0.0684293030, 0.3036879507}},
                                                  {0.045, {0.1617927683, -0.0697460550, 0.3012848783}},
                                                  {0.0225, {0.1592744801, -0.0704044310, 0.3000833420}}};
        for (const auto& [variance, expected] : rows) {
            const Matrix got = stationary(variance, 0);
            for (std::size_t i = 0; i < 3; ++i) {
                QVERIFY(std::abs(got[i] - expected[i]) < 1e-9);
            }
        }
    }

    void covariance_data()
    {
        QTest::addColumn<QString>("optimizer");
        QTest::addColumn<int>("draws");
        QTest::addColumn<bool>("antithetic");
        QTest::addColumn<QString>("noise");
        QTest::addColumn<double>("gradient_noise");
        QTest::addColumn<double>("perturbation_variance");
        const double variance = kSigma * kSigma;
        QTest::newRow("sgld") << "sgld" << 1 << false << "normal" << 0.0 << 0.0;
        QTest::newRow("sgld, gradient noise") << "sgld" << 1 << false << "normal" << 0.5 << 0.0;
        QTest::newRow("fsgld M 1") << "fsgld" << 1 << false << "normal" << 0.0 << variance;
        QTest::newRow("fsgld M 2") << "fsgld" << 2 << false << "normal" << 0.0 << variance / 2;
        QTest::newRow("fsgld M 4") << "fsgld" << 4 << false << "normal" << 0.0 << variance / 4;
        QTest::newRow("fsgld antithetic") << "fsgld" << 1 << true << "normal" << 0.0 << 0.0;
        QTest::newRow("fsgld rademacher") << "fsgld" << 1 << false << "rademacher" << 0.0 << variance;
        QTest::newRow("fsgld, gradient noise") << "fsgld" << 1 << false << "normal" << 0.5 << variance;
        QTest::newRow("fsgld M 2, gradient noise") << "fsgld" << 2 << false << "normal" << 0.5 << variance / 2;
    }

    void covariance()
    {
        QFETCH(QString, optimizer);
        QFETCH(int, draws);
        QFETCH(bool, antithetic);
        QFETCH(QString, noise);
        QFETCH(double, gradient_noise);
        QFETCH(double, perturbation_variance);
        LaneSetting setting;
        setting.landscape_values = {{"axx", kHessian[0]}, {"axy", kHessian[1]}, {"ayy", kHessian[2]}};
        setting.gradient_noise = gradient_noise;
        setting.optimizer = optimizer.toStdString();
        setting.values = {{"step_size", kStep}, {"beta", kBeta}};
        if (optimizer == "fsgld") {
            setting.values.insert(setting.values.end(), {{"coupling", false},
                                                         {"sigma", kSigma},
                                                         {"perturbations", std::int64_t{draws}},
                                                         {"antithetic", antithetic},
                                                         {"noise", noise.toStdString()}});
        }
        setting.start.points = {{0, 0}};
        setting.options.chains = kChains;
        setting.options.seed = 31;
        setting.threads = 2;
        Lane lane(setting);
        lane.advance(kSteps, 0);

        const float* theta = lane.stepper.theta();
        double sums[5] = {};
        for (std::size_t i = 0; i < kChains; ++i) {
            const auto x = static_cast<double>(theta[2 * i]);
            const auto y = static_cast<double>(theta[2 * i + 1]);
            sums[0] += x;
            sums[1] += y;
            sums[2] += x * x;
            sums[3] += x * y;
            sums[4] += y * y;
        }
        const double n = kChains;
        const Matrix s = stationary(perturbation_variance, gradient_noise * gradient_noise);
        const double errors[5] = {std::sqrt(s[0] / n), std::sqrt(s[2] / n), s[0] * std::sqrt(2 / n),
                                  std::sqrt((s[0] * s[2] + s[1] * s[1]) / n), s[2] * std::sqrt(2 / n)};
        const double expected[5] = {0, 0, s[0], s[1], s[2]};
        for (int i = 0; i < 5; ++i) {
            const double deviation = (sums[i] / n - expected[i]) / errors[i];
            QVERIFY2(std::abs(deviation) < 4,
                     qPrintable(QString("moment %1 is off by %2 standard errors").arg(i).arg(deviation)));
        }
    }
};

QTEST_APPLESS_MAIN(StationaryTest)
#include "stationary_test.moc"
