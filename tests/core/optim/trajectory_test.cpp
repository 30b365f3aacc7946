#include <QTest>
#include <cmath>

#include "tests/core/optim/known_answers.h"

using namespace basin;
using namespace basin::testing;

class TrajectoryTest : public QObject {
    Q_OBJECT
    static constexpr std::uint64_t kSeed = 2024;

    static LaneSetting common_problem(const std::string& optimizer, const Values& values)
    {
        LaneSetting setting;
        setting.landscape_values = {{"axx", 2.0}, {"axy", 0.5}, {"ayy", 1.0}};
        setting.optimizer = optimizer;
        setting.values = values;
        setting.values.emplace_back("step_size", 0.1);
        setting.start.points = {{1.5, -0.8}};
        setting.options.seed = kSeed;
        return setting;
    }

private Q_SLOTS:
    void five_steps_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const auto& rows : {stored_answers(), langevin_answers(kSeed)}) {
            for (const KnownAnswer& row : rows) {
                QTest::addRow("%s %s", row.optimizer.c_str(), row.name.c_str()) << index++;
            }
        }
    }

    // Numbers of size 1 in float, some ten roundings a step, five steps: 2e-6.
    void five_steps()
    {
        QFETCH(int, index);
        std::vector<KnownAnswer> rows = stored_answers();
        const auto more = langevin_answers(kSeed);
        rows.insert(rows.end(), more.begin(), more.end());
        const KnownAnswer& row = rows[static_cast<std::size_t>(index)];
        for (const bool fuse : {true, false}) {
            LaneSetting setting = common_problem(row.optimizer, row.values);
            setting.options.fuse = fuse;
            Lane lane(setting);
            for (const auto& expected : row.theta) {
                lane.advance(1);
                QVERIFY(std::abs(static_cast<double>(lane.theta()[0]) - expected[0]) < 2e-6);
                QVERIFY(std::abs(static_cast<double>(lane.theta()[1]) - expected[1]) < 2e-6);
            }
        }
    }

    // SAM ends in +-x along the top eigenvector, |x| = h a rho / (2 - h a): 0.006202214429 here. Relative 2e-6: the
    // steps of 0.012 are made of some ten float roundings.
    void sam_ends_in_its_two_cycle()
    {
        Lane lane(common_problem("sam", {{"rho", 0.05}}));
        lane.advance(20000, 0);
        const std::vector<float> first = lane.theta();
        lane.advance(1, 0);
        const std::vector<float> second = lane.theta();
        const double top = (3 + std::sqrt(2.0)) / 2;
        const double expected = 0.1 * top * 0.05 / (2 - 0.1 * top);
        const auto x = static_cast<double>(first[0]);
        const auto y = static_cast<double>(first[1]);
        QVERIFY(std::abs(std::hypot(x, y) / expected - 1) < 2e-6);
        QVERIFY(std::abs(expected - 0.006202214429) < 1e-12);
        QVERIFY(std::abs((top - 2) * x - 0.5 * y) < 1e-8);  // (A - top) v = 0
        QVERIFY(std::abs(x + static_cast<double>(second[0])) < 1e-8);
        QVERIFY(std::abs(y + static_cast<double>(second[1])) < 1e-8);
    }

    // Heavy ball on the curvature a is stable for h a < 2 (1 + mu) = 3.8, Nesterov for 2 (1 + mu) / (1 + 2 mu) = 1.357.
    void stability_limits_of_momentum_data()
    {
        QTest::addColumn<bool>("nesterov");
        QTest::addColumn<double>("limit");
        QTest::newRow("heavy ball") << false << 3.8;
        QTest::newRow("nesterov") << true << 2 * 1.9 / 2.8;
    }
    void stability_limits_of_momentum()
    {
        QFETCH(bool, nesterov);
        QFETCH(double, limit);
        for (const double factor : {0.98, 1.02}) {
            LaneSetting setting = common_problem("sgd", {{"momentum", 0.9}, {"nesterov", nesterov}});
            setting.landscape_values = {{"axx", 1.0}, {"axy", 0.0}, {"ayy", 1.0}};
            setting.values.back().second = limit * factor;
            Lane lane(setting);
            bool escaped = false;
            try {
                lane.advance(5000, 0);
            } catch (const LaneFailed&) {
                escaped = true;
            }
            QCOMPARE(escaped, factor > 1);
            QVERIFY(escaped || std::abs(lane.theta()[0]) < 1e-3F);
        }
    }
};

QTEST_APPLESS_MAIN(TrajectoryTest)
#include "trajectory_test.moc"
