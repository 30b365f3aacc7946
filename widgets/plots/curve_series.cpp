#include "widgets/plots/curve_series.h"

#include <algorithm>

namespace basin {

void CurveSeries::append(double step, double gradients, double seconds, double value)
{
    columns_[0].append(step);
    columns_[1].append(gradients);
    columns_[2].append(seconds);
    values_.append(value);
}

void CurveSeries::clear()
{
    for (AffineColumn& column : columns_) {
        column.clear();
    }
    values_.clear();
    ++generation_;
}

const AffineColumn& CurveSeries::column(XAxis axis) const
{
    switch (axis) {
        case XAxis::gradients:
            return columns_[1];
        case XAxis::seconds:
            return columns_[2];
        case XAxis::step:
        case XAxis::epochs:
            break;
    }
    return columns_[0];
}

double CurveSeries::smoothed(std::size_t index, std::size_t window) const
{
    const std::size_t count = std::min(index + 1, std::max<std::size_t>(window, 1));
    return values_.mean(index + 1 - count, index + 1);
}

std::optional<CurvePoint> CurveSeries::at(XAxis axis, double x, std::size_t window, double reach) const
{
    if (empty()) {
        return std::nullopt;
    }
    const AffineColumn& xs = column(axis);
    std::size_t index = xs.lower_bound(x);
    if (index == xs.size() || xs.at(index) > x) {
        if (index == 0) {
            if (xs.front() - x > reach) {
                return std::nullopt;
            }
        } else {
            --index;
        }
    }
    if (index + 1 == size() && x - xs.at(index) > reach && size() > 1) {
        return std::nullopt;  // the curve has ended before x
    }
    return CurvePoint{index, xs.at(index), static_cast<double>(values_.at(index)), smoothed(index, window)};
}

}  // namespace basin
