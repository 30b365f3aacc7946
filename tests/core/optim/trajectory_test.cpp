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

    // Step 1 moves every coordinate by h g / (|g| + eps), whatever the gradient's size: here 2.62515 and 3e-4. The
    // float gradient is off by 2e-4 of the small one, which h g / (|g| + eps) does not see. Rounding of theta: 1e-7.
    void adamw_first_moves_every_coordinate_by_the_step_size()
    {
        LaneSetting setting = common_problem("adamw", {{"weight_decay", 0.0}});
        setting.start.points = {{1.5, -0.7497}};
        Lane lane(setting);
        lane.advance(1);
        QVERIFY(std::abs(static_cast<double>(lane.theta()[0]) - 1.4) < 3e-7);
        const double moved = 0.1 * 3e-4 / (3e-4 + 1e-8);  // 3e-6 less than h
        QVERIFY(std::abs(static_cast<double>(lane.theta()[1]) + 0.7497 + moved) < 3e-7);
    }

    // After 4e9 steps 0.999999^k is 0 and the corrections are 1: nothing may overflow or turn to NaN.
    void adamw_goes_on_after_many_steps()
    {
        Lane lane(common_problem("adamw", {{"beta2", 0.999999}}));
        lane.stepper.restore(4000000000U, {});
        lane.advance(3);
        QVERIFY(std::isfinite(lane.theta()[0]) && std::isfinite(lane.theta()[1]));
    }

    // With eta 0 ASAM sees u(w) with Hessian A at w as it sees u(D w) with Hessian D A D at D^-1 w: h = A (w + e) turns
    // into D h, and the ascent of u is the same. Without momentum theta' = theta - h g, so the gradient can be read off
    // the step: theta of size 4 has a unit in the last place of 5e-7, and over h = 0.1 that is 5e-6.
    void asam_does_not_see_rescaled_weights()
    {
        const double d[2] = {10, 0.2};
        LaneSetting setting = common_problem("asam", {{"eta", 0.0}, {"rho", 0.5}});
        Lane plain(setting);
        setting.landscape_values = {{"axx", 2 * d[0] * d[0]}, {"axy", 0.5 * d[0] * d[1]}, {"ayy", d[1] * d[1]}};
        setting.start.points = {{1.5 / d[0], -0.8 / d[1]}};
        Lane scaled(setting);
        plain.advance(1);
        scaled.advance(1);
        const double start[2] = {1.5, -0.8};
        double gradient[2];
        for (std::size_t k = 0; k < 2; ++k) {
            gradient[k] = (start[k] - static_cast<double>(plain.theta()[k])) / 0.1;
            const double other = (start[k] / d[k] - static_cast<double>(scaled.theta()[k])) / 0.1;
            QVERIFY(std::abs(other - d[k] * gradient[k]) < 2e-5);
        }
        // u(w + e) - u(w) = (A w + A (w + e)) / 2 . e with A e = gradient - A w: the stored 2.511013510944.
        const double at[2] = {2.6, -0.05};  // A w
        const double ae[2] = {gradient[0] - at[0], gradient[1] - at[1]};
        const double e[2] = {(ae[0] - 0.5 * ae[1]) / 1.75, (2 * ae[1] - 0.5 * ae[0]) / 1.75};
        const double rise = 0.5 * ((at[0] + gradient[0]) * e[0] + (at[1] + gradient[1]) * e[1]);
        QVERIFY(std::abs(rise - 2.511013510944) < 1e-5);  // gradients off by 1e-6, times |e| = 1
    }

    // The same draws and the same step. At beta 1e30 the Langevin noise is 4e-16, below half a unit in the last place
    // of these coordinates.
    void isotropic_rwp_is_fsgld_without_langevin_noise()
    {
        const Values values{{"sigma", 0.3}, {"momentum", 0.9}, {"weight_decay", 0.1}};
        LaneSetting setting = common_problem("rwp", values);
        setting.values.emplace_back("scale", std::string("isotropic"));
        setting.options.chains = 1000;
        Lane rwp(setting);
        setting.optimizer = "fsgld";
        setting.values = common_problem("fsgld", values).values;
        setting.values.emplace_back("coupling", false);
        setting.values.emplace_back("beta", 1e30);
        Lane fsgld(setting);
        rwp.advance(20);
        fsgld.advance(20);
        QVERIFY(same_bytes(rwp.theta(), fsgld.theta()));
    }

    // rho 0 goes nowhere: the base's own bytes, whatever the base.
    void sam_of_radius_zero_is_its_base()
    {
        for (const OptimizerEntry* base : optimizer_entries()) {
            if (!base->can_be_base) {
                continue;
            }
            LaneSetting setting = common_problem(base->key, {});
            setting.options.chains = 100;
            // Shared keys default to those of SGD in SAM.
            for (const auto& [key, value] : Values{{"weight_decay", 0.01}, {"sigma", 0.2}}) {
                if (Params(base->schema).has(key)) {
                    setting.values.emplace_back(key, value);
                }
            }
            Lane alone(setting);
            alone.advance(20);
            for (const char* over : {"sam", "asam"}) {
                LaneSetting above = setting;
                above.optimizer = over;
                above.values.emplace_back("base", base->key);
                above.values.emplace_back("rho", 0.0);
                Lane lane(above);
                lane.advance(20);
                QVERIFY2(same_bytes(lane.theta(), alone.theta()), base->key.c_str());
                QCOMPARE(lane.stepper.counts().gradients, 2 * alone.stepper.counts().gradients);
            }
        }
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
