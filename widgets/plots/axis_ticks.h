// Where an axis is labelled.
#pragma once

#include <QString>
#include <vector>

namespace basin {

/// Places on an axis in the axis' own coordinate (log10 of the value on a logarithmic one). Labels differ from each
/// other, and each reads as its place to the digits shown.
struct Ticks {
    struct Tick {
        double at = 0;
        QString label;
    };
    std::vector<Tick> major;
    std::vector<double> minor;
};

/// At most `most` ticks inside [low, high], a step of 1, 2 or 5 times a power of ten, or half of that where there would
/// be less than two. low < high. `whole`: of a count, so that ticks are whole numbers, but in a range that has less
/// than two of them.
Ticks linear_ticks(double low, double high, int most, bool whole = false);

/// For an axis in log10: decades where there are enough, else 1-2-5, else even steps of the value itself.
Ticks log_ticks(double log_low, double log_high, int most);

/// What an axis shows, in its own coordinate.
struct AxisRange {
    double low = 0;
    double high = 1;
    double span() const { return high - low; }
    bool operator==(const AxisRange&) const = default;
};

/// With `share` of its span more at each end; an empty range gets room around its one value.
AxisRange widened(AxisRange range, double share);

}  // namespace basin
