// The order of a slice's points: each once, coarse before fine, and what a half-done picture shows.
#include <QTest>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "core/slice/slice_order.h"

using basin::SliceOrder;

class SliceOrderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void every_point_comes_once_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        for (const auto& [rows, columns] :
             {std::pair{51, 51}, {1, 101}, {1, 2}, {2, 2}, {7, 64}, {50, 3}, {13, 13}, {1, 1000}}) {
            QTest::addRow("%d x %d", rows, columns) << rows << columns;
        }
    }
    void every_point_comes_once()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const SliceOrder order(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
        std::set<std::size_t> seen;
        for (std::size_t k = 0; k < order.size(); ++k) {
            seen.insert(order[k]);
        }
        QCOMPARE(seen.size(), static_cast<std::size_t>(rows * columns));
        QCOMPARE(*seen.rbegin(), seen.size() - 1);
        QCOMPARE(order.level_ends().back(), order.size());
    }

    void a_plane_begins_with_a_coarse_grid_around_its_middle()
    {
        const SliceOrder order(51, 51);
        QCOMPARE(order.level_ends(), (std::vector<std::size_t>{9, 49, 169, 625, 2601}));  // 3^2, 7^2, 13^2, 25^2, 51^2
        QCOMPARE(order.first_picture(), std::size_t{9});
        std::size_t k = 0;
        for (std::size_t i = 9; i < 51; i += 16) {
            for (std::size_t j = 9; j < 51; j += 16) {
                QCOMPARE(order[k++], i * 51 + j);
            }
        }
        // Each level's points are on its own grid.
        const std::size_t strides[] = {16, 8, 4, 2, 1};
        for (std::size_t level = 0; level < 5; ++level) {
            for (k = 0; k < order.level_ends()[level]; ++k) {
                QCOMPARE((order[k] / 51 + 51 - 25) % strides[level], (51 + 0UL) % strides[level]);
                QCOMPARE((order[k] % 51 + 51 - 25) % strides[level], (51 + 0UL) % strides[level]);
            }
        }
    }

    void axes_of_different_length_get_fine_at_the_same_time()
    {
        const SliceOrder order(9, 65);  // strides from 4 and from 32 on
        QCOMPARE(order.level_ends(), (std::vector<std::size_t>{3 * 3, 3 * 5, 3 * 9, 3 * 17, 5 * 33, 9 * 65}));
    }

    void a_line_begins_with_its_ends()
    {
        const SliceOrder order(1, 101);
        QCOMPARE(order[0], std::size_t{0});
        QCOMPARE(order[1], std::size_t{100});
        QVERIFY(order[2] < order[3]);
    }

    void a_half_done_picture_shows_the_nearest_coarser_point()
    {
        const SliceOrder order(51, 51);
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        std::vector<double> values(order.size(), kNone);
        const auto number = [](std::size_t point) {
            return 100.0 * static_cast<double>(point / 51) + static_cast<double>(point % 51);
        };
        std::size_t done = 0;
        const auto go_to = [&](std::size_t count) {
            for (; done < count; ++done) {
                values[order[done]] = number(order[done]);
            }
            return order.filled(values, done);
        };
        for (const double nothing : go_to(0)) {
            QVERIFY(std::isnan(nothing));
        }
        std::vector<double> picture = go_to(49);
        QCOMPARE(picture[0], 101.0);              // (0, 0) from (1, 1)
        QCOMPARE(picture[25 * 51 + 25], 2525.0);  // the middle itself
        QCOMPARE(picture[28 * 51 + 30], 2533.0);  // row 25 is nearer than 33, column 33 than 25
        QCOMPARE(picture[50 * 51 + 50], 4949.0);
        picture = go_to(49 + 1);
        const std::size_t newest = order[49];
        QCOMPARE(picture[newest], number(newest));
        QVERIFY(picture[order[50]] != number(order[50]));  // not yet
        picture = go_to(order.size());
        QCOMPARE(picture, values);
    }

    /// A value of the slice that is itself not a number of the picture must not hide what is coarser.
    void an_infinite_value_is_known()
    {
        const SliceOrder order(1, 3);
        std::vector<double> values{std::numeric_limits<double>::infinity(), 2, 3};
        QVERIFY(std::isinf(order.filled(values, 3)[0]));
    }
};

QTEST_APPLESS_MAIN(SliceOrderTest)
#include "slice_order_test.moc"
