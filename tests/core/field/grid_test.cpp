// Lattices, grids and particle counts.
#include <QTest>
#include <limits>

#include "core/field/density.h"

using namespace basin;

class GridTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_point_is_in_the_cell_whose_middle_is_nearest()
    {
        const Lattice cells{{-1, 3, 10, 12}, 8, 4};
        QCOMPARE(cells.cell_width(), 0.5);
        QCOMPARE(cells.middle(0).x, -0.75);
        QCOMPARE(cells.middle(8 * 3 + 7).y, 11.75);
        for (std::size_t cell = 0; cell < cells.size(); ++cell)
            QCOMPARE(cells.cell_at(cells.middle(cell)), cell);
    }

    void borders_belong_to_the_lower_left_and_nan_to_nothing()
    {
        const Lattice cells{{0, 1, 0, 1}, 4, 4};
        const double nan = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(cells.cell_at({0, 0}), std::size_t{0});
        QCOMPARE(cells.cell_at({1, 0.5}), Lattice::kOutside);
        QCOMPARE(cells.cell_at({0.5, 1}), Lattice::kOutside);
        QCOMPARE(cells.cell_at({-1e-9, 0.5}), Lattice::kOutside);
        QCOMPARE(cells.cell_at({nan, 0.5}), Lattice::kOutside);
        QCOMPARE(cells.cell_at({0.5, 1e300}), Lattice::kOutside);
    }

    void filling_evaluates_at_the_middles()
    {
        FloatGrid grid(Lattice{{0, 2, 0, 2}, 2, 2});
        QVERIFY(fill(grid, [](Point p) { return p.x + 10 * p.y; }));
        QCOMPARE(grid.values, (std::vector<float>{5.5F, 6.5F, 15.5F, 16.5F}));
    }

    void filling_stops_when_asked()
    {
        std::stop_source source;
        Grid grid(Lattice{{0, 1, 0, 1}, 4, 100});
        int rows = 0;
        const bool done = fill(
            grid,
            [&](Point) {
                if (++rows == 8)
                    source.request_stop();
                return 0.0;
            },
            source.get_token());
        QVERIFY(!done);
        QCOMPARE(rows, 8);
    }

    void every_particle_is_counted_once()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> positions{0.1F, 0.1F, 0.2F, 0.2F, 0.9F, 0.9F, 5.0F, 0.5F, nan, nan, 0.5F, -2.0F};
        const Density density = count_particles(Lattice{{0, 1, 0, 1}, 2, 2}, positions);
        QCOMPARE(density.counts.values, (std::vector<float>{2, 0, 0, 1}));
        QCOMPARE(density.outside, std::size_t{2});
        QCOMPARE(density.escaped, std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(GridTest)
#include "grid_test.moc"
