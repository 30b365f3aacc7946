// A slice that grows point by point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/objective/point_values.h"
#include "core/slice/slice_order.h"
#include "core/slice/slice_spec.h"

namespace basin {

/// What is known of a slice. A value.
struct SliceValues {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t done = 0;  // points, in SliceOrder's order
    std::vector<std::string> keys;
    /// One a key, rows x columns, row by row (beta, then alpha); NaN: not yet. What is not finite there is infinity.
    std::vector<std::vector<double>> arrays;

    bool complete() const { return done == rows * columns; }
    /// Throws std::invalid_argument when there is no such key.
    std::span<const double> of(std::string_view key) const;
};

/// Evaluates the points of a spec in SliceOrder's order. A point's values do not depend on how the work was cut, so
/// stopping and going on gives the same bytes as going through. One caller at a time.
class Slice {
public:
    /// Throws std::invalid_argument (check_slice).
    explicit Slice(SliceSpec spec);
    /// Goes on where `known` ends. Throws std::invalid_argument when its shape or keys are not the spec's.
    Slice(SliceSpec spec, SliceValues known);

    const SliceSpec& spec() const { return spec_; }
    const SliceOrder& order() const { return order_; }
    const SliceValues& values() const { return values_; }
    bool complete() const { return values_.complete(); }

    /// The next at most `budget` points; returns how many were done. `evaluate` answers spec().points; `smooth` answers
    /// the smoothed value alone (smooth_request) and may be null without smoothing. After a stop is requested nothing
    /// but the evaluation in hand is finished, and a point whose evaluations are not all done is left for next time.
    std::size_t advance(PointValues& evaluate, PointValues* smooth, std::size_t budget,
                        const std::stop_token& stop = {});

    /// What the `smooth` of advance() has to answer.
    static PointRequest smooth_request(const SliceSpec& spec);

private:
    bool evaluate_point(PointValues& evaluate, PointValues* smooth, const std::stop_token& stop);

    SliceSpec spec_;
    SliceOrder order_;
    SliceValues values_;
    std::vector<double> point_;
    std::vector<double> moved_;
    std::vector<double> noise_;
    std::vector<double> answer_;
};

}  // namespace basin
