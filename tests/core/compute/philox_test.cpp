#include "core/compute/philox.h"

#include <QTest>
#include <cmath>
#include <vector>

using namespace basin;

class PhiloxTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Random123's tests/kat_vectors, "philox4x32 10": counter, key, output.
    void gives_the_published_known_answers()
    {
        struct Row {
            philox::Words counter;
            std::uint32_t key[2];
            philox::Words expected;
        };
        const Row rows[] = {
            {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
            {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
             {0xffffffff, 0xffffffff},
             {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
            {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
             {0xa4093822, 0x299f31d0},
             {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
        };
        for (const Row& row : rows) {
            const philox::Words got = philox::philox4x32(row.counter, row.key[0], row.key[1]);
            QCOMPARE(got.a, row.expected.a);
            QCOMPARE(got.b, row.expected.b);
            QCOMPARE(got.c, row.expected.c);
            QCOMPARE(got.d, row.expected.d);
        }
    }

    void key_and_counter_stand_where_the_file_format_says()
    {
        const RngKey key{0x1122334455667788U, Stream::gradient_noise, 77, 5, 3};
        const std::uint32_t word = 8U | (5U << 8U) | (3U << 20U);
        QCOMPARE(rng_word(key), word);
        const std::uint64_t block = 0x0000000300000002U;
        const philox::Words expected = philox::philox4x32({2, 3, 77, word}, 0x55667788U, 0x11223344U);
        QCOMPARE(philox::word_at(key, 4 * block), expected.a);
        QCOMPARE(philox::word_at(key, 4 * block + 1), expected.b);
        QCOMPARE(philox::word_at(key, 4 * block + 2), expected.c);
        QCOMPARE(philox::word_at(key, 4 * block + 3), expected.d);
        const philox::Normals normals = philox::normals(expected);
        QCOMPARE(philox::normal_at(key, 4 * block + 2), normals.c);
    }

    void uniforms_follow_the_24_bit_rule()
    {
        QCOMPARE(philox::uniform(0), 0x1p-25F);
        QCOMPARE(philox::uniform(0xff), 0x1p-25F);
        QCOMPARE(philox::uniform(0x100), 3 * 0x1p-25F);
        QCOMPARE(philox::uniform(0x80000000U), 0.5F);  // 0.5 + 2^-25 rounds to even
        QCOMPARE(philox::uniform(0xffffffffU), 1.0F);
    }

    void the_extreme_words_give_finite_normals()
    {
        const std::uint32_t extremes[] = {0U, 0xffU, 0x100U, 0x7fffffffU, 0x80000000U, 0xffffff00U, 0xffffffffU};
        for (const std::uint32_t first : extremes) {
            for (const std::uint32_t second : extremes) {
                const math::SinCos pair = philox::normal_pair(first, second);
                QVERIFY(std::isfinite(pair.sin) && std::isfinite(pair.cos));
                QVERIFY(std::abs(pair.sin) < 5.9F && std::abs(pair.cos) < 5.9F);  // sqrt(2 * 25 log 2) = 5.887
            }
        }
    }

    // Box-Muller in double on the same words, every 37th of the 2^24 radii and angles. The radius is good to 2e-7
    // relative (polynomial 3.5e-8, roundings), sine and cosine to 2e-7 absolute.
    void radius_and_angle_agree_with_double()
    {
        double worst_radius = 0;
        double worst_angle = 0;
        for (std::uint32_t k = 0; k < (1U << 24U); k += 37) {
            const double u = static_cast<double>(philox::uniform(k << 8U));
            const double radius = std::sqrt(-2 * std::log(u));
            const double got = static_cast<double>(philox::normal_radius(k << 8U));
            worst_radius = std::max(worst_radius, radius == 0 ? got : std::abs(got / radius - 1));
            const double angle = 2 * M_PI * (k + 0.5) * 0x1p-24;
            const math::SinCos pair = philox::normal_angle((k << 8U) | 0xa5U);
            worst_angle = std::max({worst_angle, std::abs(static_cast<double>(pair.sin) - std::sin(angle)),
                                    std::abs(static_cast<double>(pair.cos) - std::cos(angle))});
        }
        qInfo("radius %.3g relative, sine and cosine %.3g", worst_radius, worst_angle);
        QVERIFY(worst_radius <= 2e-7);
        QVERIFY(worst_angle <= 2e-7);
    }

    void a_pair_is_radius_times_cosine_and_sine()
    {
        const philox::Words w = philox::words({9, Stream::langevin, 1, 0, 0}, 17);
        const philox::Normals n = philox::normals(w);
        QCOMPARE(n.a, philox::normal_radius(w.a) * philox::normal_angle(w.b).cos);
        QCOMPARE(n.b, philox::normal_radius(w.a) * philox::normal_angle(w.b).sin);
        QCOMPARE(n.c, philox::normal_radius(w.c) * philox::normal_angle(w.d).cos);
        QCOMPARE(n.d, philox::normal_radius(w.c) * philox::normal_angle(w.d).sin);
    }

    // n = 4e6 normals: the standard errors of the first four moments are sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n);
    // of a correlation sqrt(1/n). The seed is fixed; 4 standard errors.
    void moments_are_those_of_a_normal()
    {
        const RngKey key{20240607, Stream::perturbation, 12, 0, 0};
        const std::uint64_t blocks = 1000000;
        const double n = 4.0 * static_cast<double>(blocks);
        double sums[4] = {};
        double products[3] = {};
        double last = 0;
        for (std::uint64_t block = 0; block < blocks; ++block) {
            const philox::Normals quad = philox::normals(philox::words(key, block));
            const double values[4] = {quad.a, quad.b, quad.c, quad.d};
            for (const double value : values) {
                double power = 1;
                for (double& sum : sums) {
                    power *= value;
                    sum += power;
                }
            }
            products[0] += values[0] * values[1];
            products[1] += values[0] * values[2];
            products[2] += last * values[0];
            last = values[3];
        }
        const double expected[4] = {0, 1, 0, 3};
        const double variance[4] = {1, 2, 15, 96};
        for (int i = 0; i < 4; ++i) {
            QVERIFY(std::abs(sums[i] / n - expected[i]) < 4 * std::sqrt(variance[i] / n));
        }
        for (const double product : products) {
            QVERIFY(std::abs(product / static_cast<double>(blocks)) < 4 / std::sqrt(static_cast<double>(blocks)));
        }
    }

    // Kolmogorov-Smirnov against the normal law: P(sqrt(n) D > 1.95) = 0.001.
    void the_distribution_is_normal()
    {
        const RngKey key{5, Stream::start, 0, 0, 0};
        std::vector<double> values;
        for (std::uint64_t block = 0; block < 50000; ++block) {
            const philox::Normals quad = philox::normals(philox::words(key, block));
            values.insert(values.end(), {quad.a, quad.b, quad.c, quad.d});
        }
        std::sort(values.begin(), values.end());
        const auto n = static_cast<double>(values.size());
        double distance = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double law = 0.5 * std::erfc(-values[i] / std::sqrt(2.0));
            const auto rank = static_cast<double>(i);
            distance = std::max({distance, law - rank / n, (rank + 1) / n - law});
        }
        QVERIFY(std::sqrt(n) * distance < 1.95);
    }

    void rademacher_is_the_top_bit()
    {
        QCOMPARE(philox::rademacher(0x7fffffffU), 1.0F);
        QCOMPARE(philox::rademacher(0x80000000U), -1.0F);
    }
};

QTEST_APPLESS_MAIN(PhiloxTest)
#include "philox_test.moc"
