// Which minimum a place belongs to.
#include <QTest>
#include <cmath>

#include "core/field/basins.h"

using namespace basin;

namespace {

Basins basins_of(const char* key, const std::vector<std::pair<std::string, double>>& values, std::size_t cells)
{
    const LandscapeEntry& entry = find_landscape(key);
    Params params(entry.schema);
    for (const auto& [name, value] : values)
        params.set(name, value);
    const auto landscape = entry.make(params);
    return *find_basins(*landscape, Lattice{landscape->view(), cells, cells});
}

}  // namespace

class BasinsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The flow's own border, by Euler steps of 0.02 of a relaxation time: bent, so that descent from cell to cell in
    // eight directions misses it by 0.26 at y = 1.5.
    void the_border_follows_the_flow()
    {
        const LandscapeEntry& entry = find_landscape("gaussian_wells");
        const auto landscape = entry.make(Params(entry.schema));
        const Basins basins = basins_of("gaussian_wells", {}, 256);
        for (const double y : {0.0, 0.6, 1.0, 1.5}) {
            double left = -1.8;
            double right = 1.5;
            while (right - left > 1e-3) {
                Point p{0.5 * (left + right), y};
                const double start = p.x;
                for (int i = 0; i < 10000; ++i) {
                    const Point slope = landscape->gradient(p);
                    p = {p.x - 0.02 * slope.x, p.y - 0.02 * slope.y};
                }
                (p.x > -0.4824 ? right : left) = start;
            }
            const double cell = basins.lattice.cell_width();
            QCOMPARE(basins.at({left - 1.5 * cell, y}), std::int16_t{0});
            QCOMPARE(basins.at({right + 1.5 * cell, y}), std::int16_t{1});
        }
    }

    // Two equal wells: the border is the y axis, by symmetry, to a cell.
    void equal_wells_share_the_plane_in_halves()
    {
        const std::vector<std::pair<std::string, double>> equal{{"left_x", -1.5},    {"right_x", 1.5},
                                                                {"left_depth", 1.0}, {"right_depth", 1.0},
                                                                {"left_width", 0.8}, {"right_width", 0.8}};
        const Basins basins = basins_of("gaussian_wells", equal, 200);
        QCOMPARE(basins.count, std::size_t{2});
        for (std::size_t cell = 0; cell < basins.of_cell.size(); ++cell) {
            const double x = basins.lattice.middle(cell).x;
            if (std::abs(x) > 1.5 * basins.lattice.cell_width())
                QCOMPARE(basins.of_cell[cell], static_cast<std::int16_t>(x > 0));  // ties are sorted by x
        }
    }

    // In a bent valley narrower than a cell steps go from wall to wall; all flows on to the only minimum.
    void narrow_valleys_are_followed_to_their_minimum()
    {
        const Basins basins = basins_of("flat_valley", {{"h0", 200.0}, {"amplitude", 1.0}, {"bowl", 0.01}}, 128);
        QCOMPARE(basins.count, std::size_t{1});
        for (const std::int16_t basin : basins.of_cell)
            QCOMPARE(basin, std::int16_t{0});
    }

    void himmelblau_has_four_basins_about_its_minima()
    {
        const Basins basins = basins_of("himmelblau", {}, 256);
        const auto landscape = find_landscape("himmelblau").make(Params(find_landscape("himmelblau").schema));
        QCOMPARE(basins.count, std::size_t{4});
        for (std::size_t i = 0; i < 4; ++i) {
            const Point at = landscape->minima()[i].at;
            for (int k = 0; k < 8; ++k) {
                const Point near{at.x + 0.8 * std::cos(0.785 * k), at.y + 0.8 * std::sin(0.785 * k)};
                QCOMPARE(basins.at(near), static_cast<std::int16_t>(i));
            }
        }
    }

    void outside_there_is_no_basin()
    {
        const Basins basins = basins_of("quadratic", {}, 32);
        QCOMPARE(basins.at({100, 0}), Basins::kNone);
        QCOMPARE(basins.at({0.3, std::nan("")}), Basins::kNone);
        QCOMPARE(basins.at({0.3, 0.2}), std::int16_t{0});
    }
};

QTEST_APPLESS_MAIN(BasinsTest)
#include "basins_test.moc"
