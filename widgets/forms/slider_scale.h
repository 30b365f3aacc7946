// Between a slider's places and numbers.
#pragma once

#include <optional>

#include "core/catalog/params.h"

namespace basin {

/// Maps the places 0 ... kPlaces of a slider to numbers, evenly or by equal factors. Numbers got from a place are
/// short: three digits (whole for integers), and always allowed by the parameter. A value.
class SliderScale {
public:
    static constexpr int kPlaces = 400;

    /// Nothing when the parameter has no bounded span to slide over.
    static std::optional<SliderScale> of(const ParamSpec& spec);

    double value(int place) const;
    /// The nearest place; numbers beyond the span are at its ends.
    int place(double value) const;

private:
    SliderScale(const ParamSpec& spec, double low, double high);
    double low_;
    double high_;
    bool log_;
    bool whole_;
    std::optional<double> minimum_;
    std::optional<double> maximum_;
};

/// The number to three digits, as short as it can be written.
double short_number(double value);

}  // namespace basin
