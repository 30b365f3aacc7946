// How a number moves with the step; the formulas stand in params.h.
#include <algorithm>

#include "core/catalog/params.h"

namespace basin {

namespace {

constexpr double kPi = 3.14159265358979323846;

/// Taylor series of cosine and sine on [0, pi/4], where the first term left out is below 1e-17.
double cosine_series(double x)
{
    const double y = x * x;
    double sum = 0;
    for (int n = 16; n > 0; n -= 2) {
        sum = (1 + sum) * (-y / (n * (n - 1)));
    }
    return 1 + sum;
}

double sine_series(double x)
{
    const double y = x * x;
    double sum = 0;
    for (int n = 17; n > 1; n -= 2) {
        sum = (1 + sum) * (-y / (n * (n - 1)));
    }
    return x * (1 + sum);
}

/// cos(pi t) for t in [0, 1]. The C library's cosine may differ in the last bit from machine to machine.
double cosine_of_pi(double t)
{
    if (t > 0.5) {
        return -cosine_of_pi(1 - t);
    }
    return t <= 0.25 ? cosine_series(kPi * t) : sine_series(kPi * (0.5 - t));
}

double power(double base, std::size_t exponent)
{
    double result = 1;
    for (std::size_t i = 0; i < exponent; ++i) {
        result *= base;
    }
    return result;
}

}  // namespace

double Schedule::at(std::uint64_t step, std::uint64_t total) const
{
    const std::int64_t ramp = kind == Kind::constant ? 0 : kind == Kind::warm_up ? over : warm_up;
    const auto now = static_cast<std::int64_t>(step);
    if (now < ramp) {
        return value * (static_cast<double>(now + 1) / static_cast<double>(ramp));
    }
    if (kind == Kind::steps) {
        const auto passed = std::count_if(milestones.begin(), milestones.end(), [&](auto at) { return at <= now; });
        return value * power(factor, static_cast<std::size_t>(passed));
    }
    if (kind == Kind::cosine) {
        const std::int64_t length = over > 0 ? over : static_cast<std::int64_t>(total) - warm_up;
        if (length <= 0) {
            return value;
        }
        const double t = static_cast<double>(now - warm_up) / static_cast<double>(length);
        return t >= 1 ? end : end + (value - end) * 0.5 * (1 + cosine_of_pi(t));
    }
    return value;
}

}  // namespace basin
