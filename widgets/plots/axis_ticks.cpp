#include "widgets/plots/axis_ticks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/plots/number_text.h"

namespace basin {

namespace {

double nice_step(double span, int most)
{
    const double raw = span / std::max(1, most);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        // A grain of tolerance: 0.3 / 3 must give 0.1 and not 0.2.
        if (factor * power >= raw * (1 - 1e-9)) {
            return factor * power;
        }
    }
    return 10 * power;
}

int decimals_for(double step)
{
    int decimals = 0;
    double scaled = step;
    while (decimals < 12 && std::fabs(scaled - std::round(scaled)) > 1e-6 * scaled) {
        scaled *= 10;
        ++decimals;
    }
    return decimals;
}

QString linear_label(double value, double step, double largest)
{
    if (value == 0) {
        return QStringLiteral("0");
    }
    if (largest < 1e-3 || largest >= 1e15) {
        const int digits =
            static_cast<int>(std::floor(std::log10(std::fabs(value))) - std::floor(std::log10(step))) + 1;
        return number_text(value, std::clamp(digits, 1, 12));
    }
    static constexpr std::array<const char*, 5> kUnits{"", "k", "M", "G", "T"};
    std::size_t unit = 0;
    double scale = 1;
    if (largest >= 1e4) {
        while (unit + 1 < kUnits.size() && largest >= 1000 * scale) {
            scale *= 1000;
            ++unit;
        }
    }
    const QString number = fixed_text(value / scale, decimals_for(step / scale));
    return unit == 0 ? number : number + QChar(0x202f) + QLatin1String(kUnits[unit]);
}

}  // namespace

Ticks linear_ticks(double low, double high, int most, bool whole)
{
    Ticks ticks;
    if (!(low < high) || !std::isfinite(high - low)) {
        return ticks;
    }
    double step = nice_step(high - low, most);
    if (whole && std::floor(high) - std::ceil(low) >= 1) {
        step = std::max(step, 1.0);
    }
    // Beyond 2^53 steps from zero neighbouring ticks would be one number.
    step = std::max(step, std::max(std::fabs(low), std::fabs(high)) * 1e-15);
    const double grain = 1e-9 * (high - low);
    const double largest = std::max(std::fabs(low), std::fabs(high));
    const auto first = [&] { return static_cast<long long>(std::ceil((low - grain) / step)); };
    const auto last = [&] { return static_cast<long long>(std::floor((high + grain) / step)); };
    if (most > 1 && last() - first() < 1) {
        step /= 2;
    }
    const long long end = last();
    for (long long i = first(); i <= end; ++i) {
        const double at = static_cast<double>(i) * step;
        ticks.major.push_back({at, linear_label(at, step, largest)});
    }
    const double minor =
        step / (std::fabs(step / std::pow(10.0, std::floor(std::log10(step * 1.0001))) - 2) < 0.1 ? 4 : 5);
    const auto minor_first = static_cast<long long>(std::ceil((low - grain) / minor));
    const auto minor_last = static_cast<long long>(std::floor((high + grain) / minor));
    for (long long i = minor_first; i <= minor_last; ++i) {
        const double at = static_cast<double>(i) * minor;
        if (std::fabs(at / step - std::round(at / step)) > 1e-6) {
            ticks.minor.push_back(at);
        }
    }
    return ticks;
}

Ticks log_ticks(double log_low, double log_high, int most)
{
    Ticks ticks;
    if (!(log_low < log_high) || !std::isfinite(log_high - log_low)) {
        return ticks;
    }
    constexpr double kGrain = 1e-9;
    const int first = static_cast<int>(std::ceil(log_low - kGrain));
    const int last = static_cast<int>(std::floor(log_high + kGrain));
    const int decades = last - first + 1;
    if (decades >= 3 || log_high - log_low > 2.5) {
        int stride = 1;
        while ((decades + stride - 1) / stride > std::max(2, most)) {
            ++stride;
        }
        for (int e = first; e <= last; ++e) {
            // Multiples of the stride, so that ticks stay where they are while the axis grows.
            if (((e % stride) + stride) % stride == 0) {
                ticks.major.push_back({static_cast<double>(e), power_text(e)});
            } else {
                ticks.minor.push_back(e);
            }
        }
        if (stride == 1) {
            for (int e = first - 1; e <= last; ++e) {
                for (int digit = 2; digit <= 9; ++digit) {
                    const double at = e + std::log10(digit);
                    if (at >= log_low && at <= log_high) {
                        ticks.minor.push_back(at);
                    }
                }
            }
        }
        return ticks;
    }
    if (log_high - log_low > 0.7) {
        for (int e = first - 1; e <= last; ++e) {
            for (int digit = 1; digit <= 9; ++digit) {
                const double at = e + std::log10(digit);
                if (at < log_low - kGrain || at > log_high + kGrain) {
                    continue;
                }
                const bool labelled = digit == 1 || digit == 2 || digit == 5;
                if (labelled) {
                    ticks.major.push_back({at, number_text(std::pow(10.0, at), 3)});
                } else {
                    ticks.minor.push_back(at);
                }
            }
        }
        if (static_cast<int>(ticks.major.size()) <= most + 2) {
            return ticks;
        }
        ticks = {};
    }
    // Less than a decade: even steps of the value, at their logarithmic places.
    const Ticks even = linear_ticks(std::pow(10.0, log_low), std::pow(10.0, log_high), most);
    for (const Ticks::Tick& tick : even.major) {
        if (tick.at > 0) {
            ticks.major.push_back({std::log10(tick.at), tick.label});
        }
    }
    for (const double at : even.minor) {
        if (at > 0) {
            ticks.minor.push_back(std::log10(at));
        }
    }
    return ticks;
}

AxisRange widened(AxisRange range, double share)
{
    if (!(range.span() > 0)) {
        const double room = range.low == 0 ? 1.0 : 0.5 * std::fabs(range.low);
        return {range.low - room, range.high + room};
    }
    return {range.low - share * range.span(), range.high + share * range.span()};
}

}  // namespace basin
