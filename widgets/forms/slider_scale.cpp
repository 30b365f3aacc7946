#include "widgets/forms/slider_scale.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace basin {

double short_number(double value)
{
    if (value == 0 || !std::isfinite(value)) {
        return value;
    }
    // Dividing by a power of ten rounds to the nearest double of the short decimal; multiplying by 0.01 would not.
    const int decimals = 2 - static_cast<int>(std::floor(std::log10(std::abs(value))));
    const double power = std::pow(10.0, std::abs(decimals));
    return decimals >= 0 ? std::round(value * power) / power : std::round(value / power) * power;
}

SliderScale::SliderScale(const ParamSpec& spec, double low, double high)
    : low_(low),
      high_(high),
      log_(spec.scale == ParamScale::log && low > 0),
      whole_(spec.type == ParamType::integer),
      minimum_(spec.exclusive_minimum ? std::nullopt : spec.minimum),
      maximum_(spec.maximum)
{
}

std::optional<SliderScale> SliderScale::of(const ParamSpec& spec)
{
    if (spec.type != ParamType::number && spec.type != ParamType::integer) {
        return std::nullopt;
    }
    std::optional<std::pair<double, double>> span = spec.slider;
    if (!span && spec.minimum && spec.maximum) {
        span = {*spec.minimum, *spec.maximum};
    }
    if (!span || !(span->first < span->second)) {
        return std::nullopt;
    }
    // An excluded end: the first place is one hundredth of the span above it.
    if (spec.exclusive_minimum && spec.minimum && span->first <= *spec.minimum) {
        span->first = *spec.minimum + (span->second - *spec.minimum) / 100;
    }
    return SliderScale(spec, span->first, span->second);
}

double SliderScale::value(int place) const
{
    const double share = static_cast<double>(std::clamp(place, 0, kPlaces)) / kPlaces;
    double value = log_ ? low_ * std::pow(high_ / low_, share) : low_ + (high_ - low_) * share;
    value = whole_ ? std::round(value) : place == 0 ? low_ : place == kPlaces ? high_ : short_number(value);
    if (!log_ && !whole_ && std::abs(value) < (high_ - low_) / (2.0 * kPlaces)) {
        value = 0;
    }
    if (minimum_) {
        value = std::max(value, *minimum_);
    }
    return maximum_ ? std::min(value, *maximum_) : value;
}

int SliderScale::place(double value) const
{
    const double clamped = std::clamp(value, low_, high_);
    const double share = log_ ? std::log(clamped / low_) / std::log(high_ / low_) : (clamped - low_) / (high_ - low_);
    return static_cast<int>(std::lround(share * kPlaces));
}

}  // namespace basin
