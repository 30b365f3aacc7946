#include "widgets/plots/minmax_pyramid.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using basin::MinMaxPyramid;

namespace {

struct Answer {
    float minimum = 0;
    float maximum = 0;
    double mean = 0;
    std::size_t finite = 0;
};

// The same answer the slow way.
Answer brute_force(const std::vector<float>& values, std::size_t first, std::size_t last)
{
    Answer result;
    double sum = 0;
    for (std::size_t i = first; i < last; ++i) {
        const float value = values[i];
        if (!std::isfinite(value)) {
            continue;
        }
        result.minimum = result.finite == 0 ? value : std::min(result.minimum, value);
        result.maximum = result.finite == 0 ? value : std::max(result.maximum, value);
        sum += static_cast<double>(value);
        ++result.finite;
    }
    result.mean = result.finite == 0 ? 0 : sum / static_cast<double>(result.finite);
    return result;
}

void compare(const MinMaxPyramid& pyramid, const std::vector<float>& values, std::size_t first, std::size_t last)
{
    const Answer want = brute_force(values, first, last);
    const MinMaxPyramid::Extent extent = pyramid.extent(first, last);
    QCOMPARE(extent.empty(), want.finite == 0);
    if (want.finite > 0) {
        QCOMPARE(extent.minimum, want.minimum);
        QCOMPARE(extent.maximum, want.maximum);
        // Both add up to 70,000 floats below 30 in double: rounding is below 70,000 * 30 * 2^-53 / count < 1e-9.
        QVERIFY(std::abs(pyramid.mean(first, last) - want.mean) < 1e-9);
    } else {
        QVERIFY(std::isnan(pyramid.mean(first, last)));
    }
}

}  // namespace

class MinMaxPyramidTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void small_sizes_every_stretch()
    {
        std::mt19937 random(7);
        std::normal_distribution<float> normal(0.0F, 3.0F);
        MinMaxPyramid pyramid;
        std::vector<float> values;
        // 16, 256 and their neighbours are where nodes are completed.
        for (std::size_t size = 0; size <= 290; ++size) {
            if (size < 40 || (size > 250 && size < 260) || size == 290) {
                for (std::size_t first = 0; first <= size; ++first) {
                    for (std::size_t last = first; last <= size; ++last) {
                        compare(pyramid, values, first, last);
                    }
                }
            }
            values.push_back(normal(random));
            pyramid.append(static_cast<double>(values.back()));
        }
    }

    void large_series_with_gaps()
    {
        std::mt19937 random(11);
        std::normal_distribution<float> normal(5.0F, 3.0F);
        MinMaxPyramid pyramid;
        std::vector<float> values;
        for (int i = 0; i < 70000; ++i) {
            float value = normal(random);
            if (i % 97 == 0) {
                value = std::numeric_limits<float>::quiet_NaN();
            } else if (i % 101 == 0) {
                value = i % 2 == 0 ? std::numeric_limits<float>::infinity() : -std::numeric_limits<float>::infinity();
            } else if (i > 40000 && i < 41000) {
                value = std::numeric_limits<float>::quiet_NaN();
            }
            values.push_back(value);
            pyramid.append(static_cast<double>(value));
        }
        std::uniform_int_distribution<std::size_t> place(0, values.size());
        for (int i = 0; i < 2000; ++i) {
            const std::size_t a = place(random);
            const std::size_t b = place(random);
            compare(pyramid, values, std::min(a, b), std::max(a, b));
        }
        compare(pyramid, values, 0, values.size());
        QVERIFY(pyramid.extent(40100, 40900).empty());
    }

    void a_value_beyond_float_is_no_extreme()
    {
        MinMaxPyramid pyramid;
        pyramid.append(1.0);
        pyramid.append(1e300);
        pyramid.append(2.0);
        QCOMPARE(pyramid.extent(0, 3).maximum, 2.0F);
        QCOMPARE(pyramid.mean(0, 3), 1.5);
    }

    void clear_forgets_everything()
    {
        MinMaxPyramid pyramid;
        for (int i = 0; i < 1000; ++i) {
            pyramid.append(100.0 + i);
        }
        pyramid.clear();
        QCOMPARE(pyramid.size(), std::size_t{0});
        for (int i = 0; i < 300; ++i) {
            pyramid.append(i);
        }
        QCOMPARE(pyramid.extent(0, 300).maximum, 299.0F);
        QCOMPARE(pyramid.mean(0, 300), 149.5);
    }
};

QTEST_APPLESS_MAIN(MinMaxPyramidTest)
#include "minmax_pyramid_test.moc"
