// The search for minima on functions whose minima are known.
#include <QTest>
#include <cmath>

#include "core/landscape/minima.h"

using namespace basin;

namespace {

// (x^2 - 1)^2 + y^2/2 + tilt x
Surface double_well(double tilt)
{
    return {[tilt](Point p) { return std::pow(p.x * p.x - 1, 2) + 0.5 * p.y * p.y + tilt * p.x; },
            [tilt](Point p) {
                return Point{4 * p.x * (p.x * p.x - 1) + tilt, p.y};
            },
            [](Point p) {
                return Hessian2{12 * p.x * p.x - 4, 0, 1};
            }};
}

// 1/2 (y - x)^2: a line of minima.
const Surface kTrough{[](Point p) { return 0.5 * (p.y - p.x) * (p.y - p.x); },
                      [](Point p) {
                          return Point{p.x - p.y, p.y - p.x};
                      },
                      [](Point) {
                          return Hessian2{1, -1, 1};
                      }};

}  // namespace

class MinimaTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void equal_minima_are_all_global_and_sorted_by_x()
    {
        const auto minima = find_minima(double_well(0), {-2, 2, -2, 2});
        QCOMPARE(minima.size(), std::size_t{2});
        QVERIFY(std::abs(minima[0].at.x + 1) < 1e-14 && std::abs(minima[1].at.x - 1) < 1e-14);
        QVERIFY(minima[0].global && minima[1].global);
        QVERIFY(std::abs(minima[0].eigenvalues[0] - 1) < 1e-13 && std::abs(minima[0].eigenvalues[1] - 8) < 1e-13);
    }

    void the_lowest_comes_first_and_is_global_alone()
    {
        const auto minima = find_minima(double_well(-0.1), {-2, 2, -2, 2});
        QCOMPARE(minima.size(), std::size_t{2});
        QVERIFY(minima[0].at.x > 0 && minima[0].global && !minima[1].global);
    }

    void only_minima_inside_the_view_count()
    {
        QCOMPARE(find_minima(double_well(0), {0.1, 2, -2, 2}).size(), std::size_t{1});
        QCOMPARE(find_minima(double_well(0), {-0.5, 0.5, -2, 2}).size(), std::size_t{0});
    }

    void a_line_of_minima_is_no_minimum() { QVERIFY(find_minima(kTrough, {-1, 1, -1, 1}).empty()); }

    void a_saddle_is_left()
    {
        const auto end = descend(double_well(0), {1e-9, 0.5}, 0.2);
        QVERIFY(end && std::abs(end->x - 1) < 1e-12 && std::abs(end->y) < 1e-12);
    }

    void what_runs_away_has_no_minimum()
    {
        const Surface slope{[](Point p) { return std::exp(-p.x) + p.y * p.y; },
                            [](Point p) {
                                return Point{-std::exp(-p.x), 2 * p.y};
                            },
                            [](Point p) {
                                return Hessian2{std::exp(-p.x), 0, 2};
                            }};
        QVERIFY(!descend(slope, {0, 1}, 0.5));
    }

    void the_pass_between_two_wells_is_their_saddle()
    {
        const auto pass = find_saddle(double_well(0), {-1, 0}, {1, 0});
        QVERIFY(pass && std::hypot(pass->x, pass->y) < 1e-14);
        // Published for the reference wells: x = -0.437593049890.
        const LandscapeEntry& entry = find_landscape("gaussian_wells");
        Params params(entry.schema);
        for (const auto& [key, value] : {std::pair{"left_x", -1.9},
                                         {"left_depth", 1.0},
                                         {"left_width", 0.8},
                                         {"right_x", 1.45},
                                         {"right_depth", 1.05},
                                         {"right_width", 1.6}})
            params.set(key, value);
        const auto wells = entry.make(params);
        const auto saddle = find_saddle(surface_of(*wells), wells->minima()[0].at, wells->minima()[1].at);
        QVERIFY(saddle && std::abs(saddle->x + 0.437593049890) < 1e-11 && std::abs(saddle->y) < 1e-12);
    }

    void there_is_no_pass_inside_one_well() { QVERIFY(!find_saddle(double_well(0), {0.8, 0.1}, {1.2, -0.1})); }

    // A well of width 0.01 lies between the starts of the grid (gap 0.1); a hint at its place finds it.
    void a_hint_finds_a_well_narrower_than_the_grid()
    {
        const double w2 = 1e-4;
        const Surface pin{
            [w2](Point p) {
                return 0.5 * (p.x * p.x + p.y * p.y) - std::exp(-(std::pow(p.x - 1, 2) + p.y * p.y) / (2 * w2));
            },
            [w2](Point p) {
                const double e = std::exp(-(std::pow(p.x - 1, 2) + p.y * p.y) / (2 * w2)) / w2;
                return Point{p.x + e * (p.x - 1), p.y + e * p.y};
            },
            [w2](Point p) {
                const double dx = p.x - 1;
                const double e = std::exp(-(dx * dx + p.y * p.y) / (2 * w2)) / w2;
                return Hessian2{1 + e * (1 - dx * dx / w2), -e * dx * p.y / w2, 1 + e * (1 - p.y * p.y / w2)};
            }};
        const std::vector<Point> hints{{1, 0}};
        const auto minima = find_minima(pin, {-2, 2, -2, 2}, hints);
        QCOMPARE(minima.size(), std::size_t{2});
        QVERIFY(std::abs(minima[0].at.x - 1) < 2 * w2);  // the bowl's slope 1 over the curvature 1e4
    }
};

QTEST_APPLESS_MAIN(MinimaTest)
#include "minima_test.moc"
