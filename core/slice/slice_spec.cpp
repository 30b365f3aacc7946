#include "core/slice/slice_spec.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <type_traits>

#include "core/catalog/params.h"
#include "core/compute/sha256.h"

namespace basin {
namespace {

[[noreturn]] void refuse(const std::string& sentence)
{
    throw std::invalid_argument(sentence);
}

/// Every piece with its length in front, so that no two specs give the same bytes.
class Hasher {
public:
    void number(std::uint64_t value)
    {
        std::uint8_t bytes[8];
        std::memcpy(bytes, &value, sizeof value);
        hash_.update(bytes);
    }
    void number(double value) { number(std::bit_cast<std::uint64_t>(value)); }
    void text(const std::string& text) { numbers(std::span<const char>(text)); }
    template <class T>
    void numbers(std::span<const T> values)
    {
        number(std::uint64_t{values.size()});
        hash_.update({reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()});
    }
    std::string finish() { return hash_.finish(); }

private:
    Sha256 hash_;
};

void check_axis(const SliceAxis& axis, std::size_t index)
{
    const std::string name = "axes[" + std::to_string(index) + "]: ";
    if (!std::isfinite(axis.lower) || !std::isfinite(axis.upper) || !(axis.lower < axis.upper)) {
        refuse(name + "goes from " + format_number(axis.lower) + " to " + format_number(axis.upper) +
               "; it must go from a finite number to a larger one");
    }
    if (axis.count < 2 || axis.count > SliceSpec::kMostPoints) {
        refuse(name + "has " + std::to_string(axis.count) + " points; it must have from 2 to " +
               std::to_string(SliceSpec::kMostPoints));
    }
}

}  // namespace

std::vector<std::string> SliceSpec::keys() const
{
    std::vector<std::string> keys = points.values;
    if (smoothing.sigma > 0) {
        keys.push_back("smoothed_" + smoothing.value);
        keys.push_back("smoothed_" + smoothing.value + "_error");
    }
    return keys;
}

void check_slice(const SliceSpec& spec)
{
    check_plane(spec.plane);
    if (spec.axes.size() != spec.plane.directions.size()) {
        refuse("axes: there are " + std::to_string(spec.axes.size()) + " for " +
               std::to_string(spec.plane.directions.size()) + " directions; there must be one for each");
    }
    for (std::size_t i = 0; i < spec.axes.size(); ++i) {
        check_axis(spec.axes[i], i);
    }
    if (spec.size() > SliceSpec::kMostPoints) {
        refuse("axes: " + std::to_string(spec.columns()) + " x " + std::to_string(spec.rows()) +
               " points are more than " + std::to_string(SliceSpec::kMostPoints));
    }
    if (spec.points.values.empty()) {
        refuse("values: name at least one");
    }
    const Smoothing& smoothing = spec.smoothing;
    if (!(smoothing.sigma >= 0) || !std::isfinite(smoothing.sigma)) {
        refuse("smoothing.sigma: is " + format_number(smoothing.sigma) + " and must be at least 0");
    }
    if (smoothing.sigma > 0 && (smoothing.pairs < 1 || smoothing.pairs > 4096)) {
        refuse("smoothing.pairs: is " + std::to_string(smoothing.pairs) + " and must be from 1 to 4096");
    }
    const std::vector<std::string>& values = spec.points.values;
    if (smoothing.sigma > 0 && std::find(values.begin(), values.end(), smoothing.value) == values.end()) {
        refuse("smoothing.value: \"" + smoothing.value + "\" is none of the slice's values; name one of them");
    }
}

std::string slice_hash(const SliceSpec& spec)
{
    Hasher hash;
    hash.text("basin slice 1");
    hash.text(spec.objective);
    hash.numbers(std::span<const double>(spec.plane.origin));
    for (const std::vector<double>& direction : spec.plane.directions) {
        hash.numbers(std::span<const double>(direction));
    }
    for (const SliceAxis& axis : spec.axes) {
        hash.number(axis.lower);
        hash.number(axis.upper);
        hash.number(std::uint64_t{axis.count});
    }
    hash.number(std::uint64_t{spec.points.values.size()});
    for (const std::string& value : spec.points.values) {
        hash.text(value);
    }
    hash.number(std::uint64_t{spec.points.train_sample});
    hash.number(std::uint64_t{spec.points.test_sample});
    hash.number(spec.points.seed);
    hash.number(spec.smoothing.sigma);
    if (spec.smoothing.sigma > 0) {
        hash.number(std::uint64_t{spec.smoothing.pairs});
        hash.text(spec.smoothing.value);
    }
    hash.numbers(std::span<const float>(spec.buffers));
    return hash.finish();
}

std::vector<SliceAxis> axes_around(std::span<const PlanePoint> points, std::size_t count, double least)
{
    constexpr double kMargin = 0.15;
    double low[2] = {0, 0};
    double high[2] = {0, 0};
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double at[2] = {points[i].alpha, points[i].beta};
        for (int k = 0; k < 2; ++k) {
            low[k] = i == 0 ? at[k] : std::min(low[k], at[k]);
            high[k] = i == 0 ? at[k] : std::max(high[k], at[k]);
        }
    }
    const double extent = std::max(high[0] - low[0], high[1] - low[1]);
    const double half = std::max(extent * (0.5 + kMargin), least);
    std::vector<SliceAxis> axes;
    for (int k = 0; k < 2; ++k) {
        const double middle = 0.5 * (low[k] + high[k]);
        axes.push_back({middle - half, middle + half, count});
    }
    return axes;
}

}  // namespace basin
