#include "core/objective/landscape_objective.h"

#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>

using namespace basin;

class LandscapeObjectiveTest : public QObject {
    Q_OBJECT

    static LandscapeObjective make(const char* key, double noise, Backend& backend)
    {
        const LandscapeEntry& entry = find_landscape(key);
        return {entry.make(Params(entry.schema)), noise, backend};
    }
    static std::vector<float> started(LandscapeObjective& objective, std::size_t chains, const StartSpec& spec)
    {
        std::vector<float> theta(2 * chains);
        objective.start(theta, {}, chains, spec, 11);
        return theta;
    }
    const std::unique_ptr<Backend> backend = make_cpu_backend(2);

private Q_SLOTS:
    void theta_is_two_coordinates()
    {
        const LandscapeObjective objective = make("himmelblau", 0, *backend);
        QCOMPARE(objective.dim(), 2U);
        QCOMPARE(objective.buffer_layout().size(), 0U);
        QVERIFY(objective.layout().blocks[0].role == BlockRole::coordinate);
        QVERIFY(objective.landscape() != nullptr);
    }

    void chains_are_spread_evenly_over_the_points_in_order()
    {
        LandscapeObjective objective = make("himmelblau", 0, *backend);
        const std::vector<float> theta = started(objective, 7, {.points = {{1, 2}, {3, 4}}});
        for (std::size_t i = 0; i < 7; ++i) {
            QCOMPARE(theta[2 * i], i < 4 ? 1.0F : 3.0F);
            QCOMPARE(theta[2 * i + 1], i < 4 ? 2.0F : 4.0F);
        }
    }

    void without_points_the_landscape_suggests_them()
    {
        LandscapeObjective objective = make("gaussian_wells", 0, *backend);
        const std::vector<float> theta = started(objective, 4, {});
        const std::vector<float> expected{-1.8F, 0, -1.8F, 0, 1.8F, 0, 1.8F, 0};
        QCOMPARE(theta, expected);
    }

    // n = 200,000 numbers: standard error of the mean s / sqrt(n), of the variance s^2 sqrt(2 / n); 4 of them.
    void spread_is_a_standard_deviation()
    {
        LandscapeObjective objective = make("himmelblau", 0, *backend);
        const std::vector<float> theta = started(objective, 100000, {.points = {{1, 1}}, .spread = 0.5});
        double sum = 0;
        double squares = 0;
        for (const float x : theta) {
            sum += static_cast<double>(x) - 1;
            squares += (static_cast<double>(x) - 1) * (static_cast<double>(x) - 1);
        }
        QVERIFY(std::abs(sum / 200000) < 4 * 0.5 / std::sqrt(200000.0));
        QVERIFY(std::abs(squares / 200000 - 0.25) < 4 * 0.25 * std::sqrt(2 / 200000.0));
    }

    void bad_starts_are_named_data()
    {
        QTest::addColumn<QList<double>>("point");
        QTest::addColumn<double>("spread");
        QTest::addColumn<QString>("key");
        QTest::newRow("three numbers") << QList<double>{1, 2, 3} << 0.0 << "start.points[1]";
        QTest::newRow("not finite") << QList<double>{1, std::numeric_limits<double>::infinity()} << 0.0
                                    << "start.points[1]";
        QTest::newRow("negative spread") << QList<double>{1, 2} << -0.5 << "start.spread";
    }
    void bad_starts_are_named()
    {
        QFETCH(QList<double>, point);
        QFETCH(double, spread);
        QFETCH(QString, key);
        LandscapeObjective objective = make("himmelblau", 0, *backend);
        try {
            started(objective, 4, {.points = {{0, 0}, {point.begin(), point.end()}}, .spread = spread});
            QFAIL("it was taken");
        } catch (const std::invalid_argument& error) {
            QVERIFY(QString(error.what()).startsWith(key));
        }
    }

    // Float kernels against double: values of size 100 and gradients of size 200 here, a dozen roundings.
    void values_and_gradients_are_the_landscapes()
    {
        for (const LandscapeEntry* entry : landscape_entries()) {
            LandscapeObjective objective = make(entry->key.c_str(), 0, *backend);
            const std::size_t chains = 10001;
            const std::vector<float> theta = started(objective, chains, {.points = {{0.5, -0.5}}, .spread = 1});
            std::vector<float> losses(chains);
            std::vector<float> gradient(2 * chains);
            objective.evaluate({theta.data(), nullptr, chains, losses.data(), gradient.data()}, {}, {.losses = true});
            for (std::size_t i = 0; i < chains; i += 101) {
                const Point at{static_cast<double>(theta[2 * i]), static_cast<double>(theta[2 * i + 1])};
                const double value = objective.landscape()->value(at);
                const Point slope = objective.landscape()->gradient(at);
                const double size = 1 + std::abs(at.x) + std::abs(at.y);
                const double tolerance = 1e-5 * size * size * size * size;
                QVERIFY(std::abs(static_cast<double>(losses[i]) - value) < tolerance);
                QVERIFY(std::abs(static_cast<double>(gradient[2 * i]) - slope.x) < tolerance);
                QVERIFY(std::abs(static_cast<double>(gradient[2 * i + 1]) - slope.y) < tolerance);
            }
        }
    }

    void one_batch_key_is_one_batch()
    {
        LandscapeObjective objective = make("himmelblau", 1.5, *backend);
        const std::size_t chains = 50001;
        const std::vector<float> theta(2 * chains, 1.0F);
        const auto ask = [&](BatchKey key, bool full) {
            std::vector<float> gradient(2 * chains);
            objective.evaluate({theta.data(), nullptr, chains, nullptr, gradient.data()}, key, {.full_data = full});
            return gradient;
        };
        const std::vector<float> first = ask({.seed = 1, .step = 5}, false);
        QCOMPARE(ask({.seed = 1, .step = 5}, false), first);
        QVERIFY(ask({.seed = 1, .step = 6}, false) != first);
        QVERIFY(ask({.seed = 1, .step = 5, .draw = 1}, false) != first);
        QVERIFY(ask({.seed = 1, .step = 5, .lane = 1}, false) != first);
        const std::vector<float> exact = ask({.seed = 1, .step = 5}, true);
        double squares = 0;
        for (std::size_t i = 0; i < exact.size(); ++i) {
            const double noise = static_cast<double>(first[i]) - static_cast<double>(exact[i]);
            squares += noise * noise;
        }
        const auto n = static_cast<double>(exact.size());
        QVERIFY(std::abs(squares / n - 2.25) < 4 * 2.25 * std::sqrt(2 / n));
    }

    void what_leaves_the_box_is_nan_for_good()
    {
        LandscapeObjective objective = make("himmelblau", 0, *backend);
        const Box view = objective.landscape()->view();
        const auto edge = static_cast<float>(0.5 * (view.x_min + view.x_max) + 50 * (view.x_max - view.x_min));
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float infinity = std::numeric_limits<float>::infinity();
        std::vector<float> theta{3, 2,      nan,   0, 0, infinity, -infinity, 1, edge * 1.0001F, 0, edge * 0.9999F,
                                 0, -1e30F, 1e30F, 3, 2};
        const auto totals = objective.measure(theta.data(), 8, true);
        QCOMPARE(totals.alive, 3U);
        const bool alive[] = {true, false, false, false, false, true, false, true};
        double sum = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            QCOMPARE(!std::isnan(theta[2 * i]), alive[i]);
            QCOMPARE(!std::isnan(theta[2 * i + 1]), alive[i]);
            if (alive[i]) {
                sum += objective.landscape()->value(
                    {static_cast<double>(theta[2 * i]), static_cast<double>(theta[2 * i + 1])});
            }
        }
        QVERIFY(std::abs(totals.loss_sum / sum - 1) < 1e-5);
        QCOMPARE(objective.measure(theta.data(), 8, false).alive, 3U);
    }

    void a_clone_gives_the_same_numbers()
    {
        LandscapeObjective objective = make("flat_valley", 0.5, *backend);
        const auto other = make_cpu_backend(1);
        const auto clone = objective.clone(*other);
        const std::vector<float> theta = started(objective, 1000, {.spread = 1});
        std::vector<float> a(2000);
        std::vector<float> b(2000);
        objective.evaluate({theta.data(), nullptr, 1000, nullptr, a.data()}, {.seed = 3}, {});
        clone->evaluate({theta.data(), nullptr, 1000, nullptr, b.data()}, {.seed = 3}, {});
        QCOMPARE(a, b);
    }
};

QTEST_APPLESS_MAIN(LandscapeObjectiveTest)
#include "landscape_objective_test.moc"
