#include "core/compute/math.h"

#include <QTest>
#include <cmath>
#include <functional>
#include <limits>

using namespace basin;

namespace {

/// One ulp of float at `value`.
double ulp(double value)
{
    int exponent = 0;
    std::frexp(value, &exponent);
    return std::ldexp(1.0, std::max(exponent, -125) - 24);
}

/// The largest error in ulp over every `stride`-th float between two positive floats (or two negative ones).
double worst_ulp(float first, float last, std::uint32_t stride, const std::function<float(float)>& function,
                 const std::function<double(double)>& exact)
{
    double worst = 0;
    const std::uint32_t low = std::min(math::to_bits(first), math::to_bits(last));
    const std::uint32_t high = std::max(math::to_bits(first), math::to_bits(last));
    for (std::uint64_t bits = low; bits <= high; bits += stride) {
        const float x = math::from_bits(static_cast<std::uint32_t>(bits));
        const double expected = exact(static_cast<double>(x));
        worst = std::max(worst, std::abs(static_cast<double>(function(x)) - expected) / ulp(expected));
    }
    return worst;
}

double exact_exp(double x)
{
    return std::exp(x);
}
double exact_log(double x)
{
    return std::log(x);
}
float our_exp(float x)
{
    return math::exp(x);
}
double exact_exp2(double x)
{
    return std::exp2(x);
}
float our_exp2(float x)
{
    return math::exp2_nonpositive(x);
}
float our_log(float x)
{
    return math::log(x);
}

const float kNan = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

// The bounds are those that math.h states; every float was tried once (BASIN_EVERY_FLOAT=1 does it again), the test
// itself takes every 97th.
class MathTest : public QObject {
    Q_OBJECT
    const std::uint32_t stride = qEnvironmentVariableIsSet("BASIN_EVERY_FLOAT") ? 1 : 97;

private Q_SLOTS:
    void exp_is_as_good_as_stated()
    {
        const double worst = std::max(worst_ulp(1e-30F, 88.37F, stride, our_exp, exact_exp),
                                      worst_ulp(-1e-30F, -87.33F, stride, our_exp, exact_exp));
        qInfo("exp: %.3f ulp", worst);
        QVERIFY(worst <= kExpUlp);
    }

    void exp_ends_are_zero_and_infinity()
    {
        QCOMPARE(math::exp(0.0F), 1.0F);
        QCOMPARE(math::exp(-87.34F), 0.0F);
        QCOMPARE(math::exp(-kInfinity), 0.0F);
        QCOMPARE(math::exp(88.38F), kInfinity);
        QCOMPARE(math::exp(kInfinity), kInfinity);
        QVERIFY(std::isnan(math::exp(kNan)));
    }

    void exp2_nonpositive_is_as_good_as_stated()
    {
        const double worst = worst_ulp(-1e-30F, -125.0F, stride, our_exp2, exact_exp2);
        qInfo("exp2_nonpositive: %.3f ulp", worst);
        QVERIFY(worst <= kExp2Ulp);
    }

    void exp2_nonpositive_ends()
    {
        QCOMPARE(math::exp2_nonpositive(0.0F), 1.0F);
        QCOMPARE(math::exp2_nonpositive(-1.0F), 0.5F);
        QCOMPARE(math::exp2_nonpositive(-125.0F), 0x1p-125F);
        QCOMPARE(math::exp2_nonpositive(-1e9F), 0x1p-125F);
        QCOMPARE(math::exp2_nonpositive(-kInfinity), 0x1p-125F);
        QVERIFY(std::isnan(math::exp2_nonpositive(kNan)));
    }

    void log_is_as_good_as_stated()
    {
        const double worst =
            worst_ulp(std::numeric_limits<float>::min(), std::numeric_limits<float>::max(), stride, our_log, exact_log);
        qInfo("log: %.3f ulp", worst);
        QVERIFY(worst <= kLogUlp);
    }

    void log_of_one_is_exactly_zero()
    {
        QCOMPARE(math::log(1.0F), 0.0F);
        QVERIFY(std::isnan(math::log(kNan)));
    }

    void sin_and_cos_are_as_good_as_stated()
    {
        double worst = 0;
        for (std::uint64_t bits = math::to_bits(1e-30F); bits <= math::to_bits(8192.0F); bits += stride) {
            const float x = math::from_bits(static_cast<std::uint32_t>(bits));
            const double at = static_cast<double>(x);
            worst = std::max(worst, std::abs(static_cast<double>(math::sin(x)) - std::sin(at)));
            worst = std::max(worst, std::abs(static_cast<double>(math::cos(x)) - std::cos(at)));
            QCOMPARE(math::sin(-x), -math::sin(x));
            QCOMPARE(math::cos(-x), math::cos(x));
        }
        qInfo("sin, cos: %.3g", worst);
        QVERIFY(worst <= kSinCosError);
        QCOMPARE(math::sin(0.0F), 0.0F);
        QCOMPARE(math::cos(0.0F), 1.0F);
        QVERIFY(std::isnan(math::sin(kNan)) && std::isnan(math::cos(kNan)));
    }

    void double_is_the_library()
    {
        QCOMPARE(math::exp(1.5), std::exp(1.5));
        QCOMPARE(math::log(1.5), std::log(1.5));
        QCOMPARE(math::sin(1.5), std::sin(1.5));
        QCOMPARE(math::cos(1.5), std::cos(1.5));
    }

private:
    static constexpr double kExpUlp = 1.0;
    static constexpr double kExp2Ulp = 2.6;
    static constexpr double kLogUlp = 0.85;
    static constexpr double kSinCosError = 8e-8;
};

QTEST_APPLESS_MAIN(MathTest)
#include "math_test.moc"
