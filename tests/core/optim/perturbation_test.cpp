// One step of RWP on a quadratic with Hessian A, from theta: mean theta - h A theta, which is SGD's, and covariance
// h^2 A S A with S = sigma^2 I, or sigma^2 |theta|^2 I filter-wise (the point is one filter).
#include <QTest>
#include <cmath>

#include "tests/core/optim/lane.h"

using namespace basin;
using namespace basin::testing;

class PerturbationTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void one_step_data()
    {
        QTest::addColumn<QString>("scale");
        QTest::addColumn<double>("deviation");
        QTest::newRow("isotropic") << "isotropic" << 0.3;
        QTest::newRow("filter") << "filter" << 0.3 * 1.7;  // |(1.5, -0.8)| = 1.7
    }

    // theta is Gaussian, so the standard error of S_ij from n chains is sqrt((S_ii S_jj + S_ij^2) / n). Rounding of
    // theta (1e-7) is 1/1000 of the standard errors of the means (1e-4).
    void one_step()
    {
        QFETCH(QString, scale);
        QFETCH(double, deviation);
        constexpr std::size_t kChains = 400000;
        LaneSetting setting;
        setting.landscape_values = {{"axx", 2.0}, {"axy", 0.5}, {"ayy", 1.0}};
        setting.optimizer = "rwp";
        setting.values = {{"step_size", 0.1}, {"sigma", 0.3}, {"scale", scale.toStdString()}};
        setting.start.points = {{1.5, -0.8}};
        setting.options.chains = kChains;
        setting.options.seed = 17;
        setting.threads = 2;
        Lane lane(setting);
        lane.advance(1, 0);

        const double mean[2] = {1.5 - 0.1 * 2.6, -0.8 + 0.1 * 0.05};
        double sums[5] = {};
        for (std::size_t i = 0; i < kChains; ++i) {
            const double x = static_cast<double>(lane.stepper.theta()[2 * i]) - mean[0];
            const double y = static_cast<double>(lane.stepper.theta()[2 * i + 1]) - mean[1];
            const double terms[5] = {x, y, x * x, x * y, y * y};
            for (int k = 0; k < 5; ++k) {
                sums[k] += terms[k];
            }
        }
        const double factor = std::pow(0.1 * deviation, 2);
        const double s[3] = {factor * 4.25, factor * 1.5, factor * 1.25};  // A^2
        const double n = kChains;
        const double expected[5] = {0, 0, s[0], s[1], s[2]};
        const double errors[5] = {std::sqrt(s[0] / n), std::sqrt(s[2] / n), s[0] * std::sqrt(2 / n),
                                  std::sqrt((s[0] * s[2] + s[1] * s[1]) / n), s[2] * std::sqrt(2 / n)};
        for (int k = 0; k < 5; ++k) {
            const double off = (sums[k] / n - expected[k]) / errors[k];
            QVERIFY2(std::abs(off) < 4, qPrintable(QString("moment %1 is off by %2 standard errors").arg(k).arg(off)));
        }
    }
};

QTEST_APPLESS_MAIN(PerturbationTest)
#include "perturbation_test.moc"
