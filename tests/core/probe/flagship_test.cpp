// The flagship: two Gaussian wells, 20,000 particles, half started at each centre, beta 20, coupled sigma. One row an
// experiment that was simulated once by an independent program. Standard error of a mass is 0.003, so 0.015 for masses
// and 0.03 for W1 (which carries the mass times the wells' distance of 2.6, on both sides of the comparison).
#include <QTest>
#include <cmath>

#include "core/objective/landscape_objective.h"
#include "core/optim/stepper.h"
#include "core/probe/probe.h"

using namespace basin;

class FlagshipTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
#ifdef BASIN_SANITIZED
        QSKIP("a statistic, not a memory test");
#endif
    }

    void row_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<double>("step_size");
        QTest::addColumn<int>("steps");
        QTest::addColumn<double>("right");
        QTest::addColumn<double>("right_of_left");
        QTest::addColumn<double>("right_of_right");
        QTest::addColumn<double>("to_u");
        QTest::addColumn<double>("to_v");
        QTest::addColumn<double>("to_g");
        QTest::newRow("fSGLD 0.05, 4000")
            << "fsgld" << 0.05 << 4000 << 0.795 << 0.796 << 0.794 << 1.27 << 0.049 << 0.006;
        QTest::newRow("fSGLD 0.02, 20000")
            << "fsgld" << 0.02 << 20000 << 0.796 << 0.800 << 0.793 << 1.27 << 0.051 << 0.007;
        QTest::newRow("SGLD 0.05, 20000")
            << "sgld" << 0.05 << 20000 << 0.286 << 0.290 << 0.282 << 0.012 << 1.30 << 1.26;
        QTest::newRow("SGLD 0.05, 4000, not mixed")
            << "sgld" << 0.05 << 4000 << 0.365 << 0.190 << 0.539 << 0.21 << 1.10 << 1.05;
        QTest::newRow("SGLD 0.02, 5000, not mixed")
            << "sgld" << 0.02 << 5000 << 0.418 << 0.118 << 0.718 << 0.35 << 0.96 << 0.91;
    }
    void row()
    {
        QFETCH(QString, method);
        QFETCH(double, step_size);
        QFETCH(int, steps);
        const LandscapeEntry& entry = find_landscape("gaussian_wells");
        const auto backend = make_cpu_backend(2);
        LandscapeObjective objective(entry.make(Params(entry.schema)), 0.0, *backend);
        const OptimizerEntry& optimizer = find_optimizer(method.toStdString());
        Params params(optimizer.schema);
        params.set("step_size", step_size);
        params.set("beta", 20.0);
        Stepper stepper(*backend, objective, optimizer, params,
                        {.chains = 20000, .seed = 42, .total_steps = static_cast<std::uint64_t>(steps)});
        stepper.start({});
        std::vector<StepRecord> records;
        stepper.advance(static_cast<std::uint64_t>(steps), static_cast<std::uint64_t>(steps), records);

        ProbeInput input;
        input.chains = stepper.chains();
        input.theta.assign(stepper.theta(), stepper.theta() + 2 * stepper.chains());
        input.start_groups = 2;
        input.measure = stepper.measure();
        const ProbeEntry& probe = find_probe("gibbs_distance");
        const ProbeResult result = probe.make(Params(probe.schema), objective)->measure(input, {}, [](double) {});
        const auto check = [&](const char* key, double expected, double tolerance) {
            for (const ProbeValue& value : result.values) {
                if (value.key != key)
                    continue;
                qInfo("%-20s %.4f +- %.4f, expected %.3f", key, value.value, value.error, expected);
                return std::abs(value.value - expected) <= tolerance;
            }
            return false;
        };
        QFETCH(double, right);
        QFETCH(double, right_of_left);
        QFETCH(double, right_of_right);
        QFETCH(double, to_u);
        QFETCH(double, to_v);
        QFETCH(double, to_g);
        QVERIFY(check("mass_right", right, 0.015));
        QVERIFY(check("mass_right_start_0", right_of_left, 0.015));
        QVERIFY(check("mass_right_start_1", right_of_right, 0.015));
        QVERIFY(check("w1_x_u", to_u, 0.03));
        QVERIFY(check("w1_x_v", to_v, 0.03));
        QVERIFY(check("w1_x_g", to_g, 0.03));
        QVERIFY(check("escaped", 0, 0));
    }
};

QTEST_APPLESS_MAIN(FlagshipTest)
#include "flagship_test.moc"
