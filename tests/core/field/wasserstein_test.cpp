// W1, its error and its floor: closed forms, golden distances, and repeated sampling.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <random>

#include "core/field/wasserstein.h"
#include "tests/core/landscape/golden.h"

using namespace basin;

namespace {

bool near(double value, double expected, double tolerance)
{
    const bool ok = std::abs(value - expected) <= tolerance;
    if (!ok)
        qWarning("%.12g, expected %.12g", value, expected);
    return ok;
}

/// The normal law as the x marginal of a lattice measure.
Marginal normal_law(double mean, double deviation)
{
    Grid f(Lattice{{-10, 10, -10, 10}, 400, 100});
    fill(f, [=](Point p) { return 0.5 * std::pow((p.x - mean) / deviation, 2) + 0.5 * p.y * p.y; });
    return marginal(gibbs(f, 1), Axis::x);
}

double normal_distribution(double t)
{
    return 0.5 * std::erfc(-t / std::numbers::sqrt2);
}

std::vector<float> draws(std::size_t n, unsigned seed)
{
    std::mt19937_64 engine(seed);
    std::normal_distribution<float> law;
    std::vector<float> sample(n);
    for (float& x : sample)
        x = law(engine);
    return sample;
}

}  // namespace

class WassersteinTest : public QObject {
    Q_OBJECT

    nlohmann::json golden_ = read_golden();

    void rows()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < golden_.at("measures").size(); ++i) {
            const auto& row = golden_.at("measures").at(i);
            const std::string title = row.at("name").get<std::string>() + " beta " + row.at("beta").dump() + " split " +
                                      row.at("split_x").dump();
            QTest::newRow(title.c_str()) << static_cast<int>(i);
        }
    }

private Q_SLOTS:
    // Euler-Maclaurin and the cubic leave h^4 terms: h = 0.05 of a deviation, 1e-7.
    void distribution_function_of_a_normal_law()
    {
        const Marginal law = normal_law(0.3, 1);
        for (double t = -6; t < 6; t += 0.0937)
            QVERIFY(near(law.at(t), normal_distribution(t - 0.3), 1e-7));
        QCOMPARE(law.at(-100), 0.0);
        QCOMPARE(law.at(100), 1.0);
    }

    // A shift moves all mass by the same distance; widening has W1 = difference of deviations times sqrt(2/pi).
    void distance_of_normal_laws()
    {
        QVERIFY(near(wasserstein(normal_law(0, 1), normal_law(0.7, 1)), 0.7, 1e-6));
        // The integrand has a corner at 0, see below.
        QVERIFY(near(wasserstein(normal_law(0, 1), normal_law(0, 1.5)), 0.5 * std::sqrt(2 / std::numbers::pi), 2e-5));
    }

    // Golden: 1e-8; ours: h^2/12 of the slopes' jump where the distribution functions cross, h about 0.007 (1/8 cell).
    void distances_between_the_laws_data() { rows(); }
    void distances_between_the_laws()
    {
        QFETCH(int, index);
        const auto& row = golden_.at("measures").at(static_cast<std::size_t>(index));
        const auto landscape = golden_landscape(golden_.at("landscapes").at(row.at("name").get<std::string>()));
        const auto laws = *gibbs_laws(*landscape, row.at("beta").get<double>(), row.at("sigma").get<double>());
        const std::map<char, const GibbsMeasure*> measures{{'u', &laws.u}, {'v', &laws.v}, {'g', &laws.g}};
        for (const auto& [pair, expected] : row.at("distances").items()) {
            const GibbsMeasure& a = *measures.at(pair[0]);
            const GibbsMeasure& b = *measures.at(pair[1]);
            QVERIFY(
                near(wasserstein(marginal(a, Axis::x), marginal(b, Axis::x)), expected.at("w1_x").get<double>(), 1e-4));
            QVERIFY(
                near(wasserstein(marginal(a, Axis::y), marginal(b, Axis::y)), expected.at("w1_y").get<double>(), 1e-4));
        }
    }

    // 400 nodes over the law: the single integral to 1e-3, the double one (its kernel has a kink) to 5e-3.
    void floors_of_the_laws_data() { rows(); }
    void floors_of_the_laws()
    {
        QFETCH(int, index);
        const auto& row = golden_.at("measures").at(static_cast<std::size_t>(index));
        const auto landscape = golden_landscape(golden_.at("landscapes").at(row.at("name").get<std::string>()));
        const auto laws = *gibbs_laws(*landscape, row.at("beta").get<double>(), row.at("sigma").get<double>());
        for (const auto& [key, measure] : {std::pair{"u", &laws.u}, std::pair{"v", &laws.v}, std::pair{"g", &laws.g}}) {
            const Floor floor = wasserstein_floor(marginal(*measure, Axis::x));
            const double mean = row.at("laws").at(key).at("floor_mean_sqrt_n").get<double>();
            const double deviation = row.at("laws").at(key).at("floor_sd_sqrt_n").get<double>();
            QVERIFY(near(floor.mean, mean, 1e-3 * mean));
            QVERIFY(near(floor.deviation, deviation, 5e-3 * deviation));
        }
    }

    // Against sorting, which is exact: bins of 20/4096 are off by at most half a bin.
    void the_histogram_gives_what_sorting_gives()
    {
        const Marginal law = normal_law(0.4, 1);
        std::vector<float> sample = draws(5000, 7);
        const Distance fast = wasserstein(count_coordinates(sample, 0, 1, -10, 10), law);
        std::sort(sample.begin(), sample.end());
        double exact = 0;
        const double h = 1e-4;
        std::size_t below = 0;
        for (double t = -10; t < 10; t += h) {
            while (below < sample.size() && static_cast<double>(sample[below]) <= t)
                ++below;
            exact += h * std::abs(static_cast<double>(below) / 5000 - law.at(t));
        }
        QVERIFY(near(fast.value, exact, 2e-4));
    }

    // Mean and deviation of the W1 of 1,000 draws to their own law, over 400 repetitions: 4 standard errors.
    void independent_draws_stay_at_the_floor()
    {
        const Marginal law = normal_law(0, 1);
        const Floor floor = wasserstein_floor(law);
        double first = 0;
        double second = 0;
        for (unsigned repetition = 0; repetition < 400; ++repetition) {
            const double w =
                wasserstein(count_coordinates(draws(1000, repetition), 0, 1, -10, 10), law).value * std::sqrt(1000);
            first += w / 400;
            second += w * w / 400;
        }
        const double deviation = std::sqrt(second - first * first);
        QVERIFY(near(first, floor.mean, 4 * floor.deviation / std::sqrt(400) + 0.005));
        QVERIFY(near(deviation, floor.deviation, 4 * floor.deviation / std::sqrt(400)));
    }

    // Away from the floor the stated error is the spread over repetitions (4 standard errors of a deviation, 14 %).
    void the_error_is_the_spread_of_repetitions()
    {
        const Marginal law = normal_law(1, 1);
        double first = 0;
        double second = 0;
        double stated = 0;
        for (unsigned repetition = 0; repetition < 400; ++repetition) {
            const Distance w = wasserstein(count_coordinates(draws(1000, repetition), 0, 1, -10, 10), law);
            first += w.value / 400;
            second += w.value * w.value / 400;
            stated += w.error / 400;
        }
        const double spread = std::sqrt(second - first * first);
        QVERIFY(near(stated, spread, 0.14 * spread));
        QVERIFY(near(stated, 1 / std::sqrt(1000), 0.02 / std::sqrt(1000)));  // a shift's error is that of the mean
    }

    void particles_outside_and_escaped_are_kept_apart()
    {
        const float nan = std::nanf("");
        const std::vector<float> positions{0.1F, 9, -5, 9, 7, 9, nan, nan, 0.2F, 9};
        const Histogram x = count_coordinates(positions, 0, 2, 0, 1);
        QCOMPARE(x.below, std::uint64_t{1});
        QCOMPARE(x.above, std::uint64_t{1});
        QCOMPARE(x.escaped, std::uint64_t{1});
        QCOMPARE(x.size(), std::uint64_t{4});
        const Histogram infinite =
            count_coordinates(std::vector<float>{std::numeric_limits<float>::infinity()}, 0, 1, 0, 1);
        QCOMPARE(infinite.escaped, std::uint64_t{1});
        QVERIFY(std::isnan(wasserstein(infinite, normal_law(0, 1)).value));
    }
};

QTEST_APPLESS_MAIN(WassersteinTest)
#include "wasserstein_test.moc"
