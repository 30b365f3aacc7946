// Contour lines whose shape is known.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/field/contours.h"

using namespace basin;

namespace {

Grid cone_or_bowl(std::size_t cells)
{
    Grid grid(Lattice{{-2, 2, -2, 2}, cells, cells});
    fill(grid, [](Point p) { return p.x * p.x + p.y * p.y; });
    return grid;
}

double largest_radius_error(std::size_t cells, double radius)
{
    double error = 0;
    for (const Polyline& line : contour(cone_or_bowl(cells), radius * radius))
        for (const Point& p : line.points)
            error = std::max(error, std::abs(std::hypot(p.x, p.y) - radius));
    return error;
}

}  // namespace

class ContoursTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_circle_is_one_closed_line_of_the_right_length()
    {
        const auto lines = contour(cone_or_bowl(200), 1.0);
        QCOMPARE(lines.size(), std::size_t{1});
        QVERIFY(lines[0].closed());
        double length = 0;
        for (std::size_t i = 1; i < lines[0].points.size(); ++i)
            length += std::hypot(lines[0].points[i].x - lines[0].points[i - 1].x,
                                 lines[0].points[i].y - lines[0].points[i - 1].y);
        QVERIFY(std::abs(length - 2 * 3.14159265358979) <
                1e-3);  // inscribed polygon: h^2/24 of the length, and h is 0.02
    }

    // Along an edge of length h, a square is at most h^2/4 away from its chord; its slope 2 r / sqrt(2) at least.
    void radius_error_falls_with_the_square_of_the_cell()
    {
        for (const std::size_t cells : {50U, 100U, 200U}) {
            const double h = 4.0 / static_cast<double>(cells);
            QVERIFY(largest_radius_error(cells, 1.3) < h * h / (4 * std::sqrt(2.0) * 1.3) * 1.1);
        }
        QVERIFY(largest_radius_error(200, 1.3) < largest_radius_error(50, 1.3) / 8);
    }

    void a_line_that_leaves_the_field_is_open()
    {
        const auto lines = contour(cone_or_bowl(100), 5.0);  // radius 2.24: four corners' arcs
        QCOMPARE(lines.size(), std::size_t{4});
        for (const Polyline& line : lines)
            QVERIFY(!line.closed());
    }

    void a_saddle_square_is_cut_twice_without_crossing()
    {
        Grid grid(Lattice{{0, 2, 0, 2}, 2, 2});
        grid.values = {1, 0, 0, 1.5};
        QCOMPARE(contour(grid, 0.5).size(), std::size_t{2});
        // The mean 0.625 is above the level: the high corners are joined, each line cuts a low corner off.
        for (const Polyline& line : contour(grid, 0.5)) {
            QCOMPARE(line.points.size(), std::size_t{2});
            const double x = 0.5 * (line.points[0].x + line.points[1].x);
            const double y = 0.5 * (line.points[0].y + line.points[1].y);
            QVERIFY((x > 1) != (y > 1));  // near (1.5, 0.5) or (0.5, 1.5)
        }
    }

    void infinite_and_nan_cells_have_no_line()
    {
        Grid grid = cone_or_bowl(50);
        for (std::size_t i = 0; i < grid.values.size(); i += 7)
            grid.values[i] = i % 2 == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
        for (const Polyline& line : contour(grid, 1.0))
            for (const Point& p : line.points)
                QVERIFY(std::isfinite(p.x) && std::isfinite(p.y));
    }

    void level_k_has_the_square_of_its_share_of_the_area_below()
    {
        const Grid grid = cone_or_bowl(200);
        const auto levels = contour_levels(grid, 9);
        QCOMPARE(levels.size(), std::size_t{9});
        for (std::size_t k = 0; k < levels.size(); ++k) {
            std::size_t below = 0;
            for (const double value : grid.values)
                below += value < levels[k] ? 1 : 0;
            const double share = static_cast<double>(k + 1) / 10;
            // Cells of one distance to the middle are equal: up to 16 of 40,000.
            QVERIFY(std::abs(static_cast<double>(below) / 40000 - share * share) < 1e-3);
        }
    }

    void a_flat_field_has_no_levels()
    {
        Grid grid(Lattice{{0, 1, 0, 1}, 10, 10});
        QVERIFY(contour_levels(grid, 8).empty());
        grid.values.assign(100, std::nan(""));
        QVERIFY(contour_levels(grid, 8).empty());
    }

    void a_stopped_set_has_no_more_lines()
    {
        std::stop_source source;
        source.request_stop();
        const ContourSet set = contours(cone_or_bowl(20), {1.0, 2.0}, source.get_token());
        QCOMPARE(set.levels.size(), std::size_t{2});
        QVERIFY(set.lines[0].empty() && set.lines[1].empty());
    }
};

QTEST_APPLESS_MAIN(ContoursTest)
#include "contours_test.moc"
