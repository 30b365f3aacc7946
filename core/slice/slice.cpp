#include "core/slice/slice.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "core/catalog/params.h"
#include "core/spectrum/random_vector.h"

namespace basin {
namespace {

SliceValues nothing_known(const SliceSpec& spec)
{
    SliceValues values;
    values.rows = spec.rows();
    values.columns = spec.columns();
    values.keys = spec.keys();
    values.arrays.assign(values.keys.size(),
                         std::vector<double>(spec.size(), std::numeric_limits<double>::quiet_NaN()));
    return values;
}

SliceSpec checked(SliceSpec spec)
{
    check_slice(spec);
    return spec;
}

/// NaN stands for "not yet".
double kept(double value)
{
    return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
}

}  // namespace

std::span<const double> SliceValues::of(std::string_view key) const
{
    const auto found = std::find(keys.begin(), keys.end(), key);
    if (found == keys.end()) {
        throw_unknown("this slice", "value", key, keys);
    }
    return arrays[static_cast<std::size_t>(found - keys.begin())];
}

Slice::Slice(SliceSpec spec)
    : spec_(checked(std::move(spec))),
      order_(spec_.rows(), spec_.columns()),
      values_(nothing_known(spec_)),
      point_(spec_.plane.dim()),
      answer_(spec_.keys().size())
{
}

Slice::Slice(SliceSpec spec, SliceValues known) : Slice(std::move(spec))
{
    const bool same_arrays = std::all_of(known.arrays.begin(), known.arrays.end(),
                                         [this](const auto& array) { return array.size() == spec_.size(); });
    if (known.rows != values_.rows || known.columns != values_.columns || known.keys != values_.keys ||
        known.arrays.size() != known.keys.size() || !same_arrays || known.done > spec_.size()) {
        throw std::invalid_argument("slice: what was begun is " + std::to_string(known.columns) + " x " +
                                    std::to_string(known.rows) + " points of another spec; begin anew");
    }
    values_ = std::move(known);
}

PointRequest Slice::smooth_request(const SliceSpec& spec)
{
    PointRequest request = spec.points;
    request.values = {spec.smoothing.value};
    return request;
}

std::size_t Slice::advance(PointValues& evaluate, PointValues* smooth, std::size_t budget, const std::stop_token& stop)
{
    assert(smooth != nullptr || spec_.smoothing.sigma == 0);
    std::size_t points = 0;
    while (points < budget && !complete() && !stop.stop_requested() && evaluate_point(evaluate, smooth, stop)) {
        ++points;
    }
    return points;
}

bool Slice::evaluate_point(PointValues& evaluate, PointValues* smooth, const std::stop_token& stop)
{
    const std::size_t at = order_[values_.done];
    const double beta = spec_.axes.size() > 1 ? spec_.axes[1].at(at / values_.columns) : 0;
    spec_.plane.at(spec_.axes[0].at(at % values_.columns), beta, point_);
    const std::size_t plain = spec_.points.values.size();
    evaluate.at(point_, std::span(answer_).first(plain));
    if (spec_.smoothing.sigma > 0) {
        const auto pairs = static_cast<double>(spec_.smoothing.pairs);
        moved_.resize(point_.size());
        noise_.resize(point_.size());
        double mean = 0;
        double squares = 0;  // of deviations from the mean, Welford's way
        for (std::uint32_t k = 0; k < spec_.smoothing.pairs; ++k) {
            fill_random(noise_, NoiseKind::normal, probe_key(spec_.points.seed, ProbeDraw::perturbation, k));
            double pair = 0;
            for (const double sign : {1.0, -1.0}) {
                if (stop.stop_requested()) {
                    return false;
                }
                for (std::size_t i = 0; i < point_.size(); ++i) {
                    moved_[i] = point_[i] + sign * spec_.smoothing.sigma * noise_[i];
                }
                double value = 0;
                smooth->at(moved_, {&value, 1});
                pair += 0.5 * value;
            }
            const double before = pair - mean;
            mean += before / (static_cast<double>(k) + 1);
            squares += before * (pair - mean);
        }
        answer_[plain] = mean;
        answer_[plain + 1] = std::sqrt(squares / (pairs - 1) / pairs);
    }
    for (std::size_t k = 0; k < values_.arrays.size(); ++k) {
        const bool no_error = spec_.smoothing.sigma > 0 && spec_.smoothing.pairs == 1 && k == plain + 1;
        values_.arrays[k][at] = no_error ? std::numeric_limits<double>::quiet_NaN() : kept(answer_[k]);
    }
    ++values_.done;
    return true;
}

}  // namespace basin
