#include "widgets/plots/field_picture.h"

#include <algorithm>
#include <cmath>

#include "widgets/plots/number_text.h"

namespace basin {

namespace {

// Of the colour map's 256 colours, each is met about once.
constexpr std::size_t kQuantiles = 257;
// A sample of this many cells places a colour to a quarter of a per cent.
constexpr std::size_t kSample = 20000;
// Lines need no finer lattice than this; they cost by the cell.
constexpr std::size_t kContourColumns = 240;

}  // namespace

double field_value(const Landscape& landscape, FieldKind kind, double sigma, Point at)
{
    switch (kind) {
        case FieldKind::second_order:
            return landscape.second_order(at, sigma);
        case FieldKind::smoothed:
            return sigma > 0 ? landscape.smoothed(at, sigma) : landscape.value(at);
        case FieldKind::loss:
            break;
    }
    return landscape.value(at);
}

QString field_title(FieldKind kind, double sigma)
{
    const QString at = QStringLiteral(", σ = ") + number_text(sigma, 3);
    switch (kind) {
        case FieldKind::second_order:
            return QStringLiteral("u + σ²/2 tr ∇²u") + at;
        case FieldKind::smoothed:
            return QStringLiteral("smoothed loss g") + at;
        case FieldKind::loss:
            break;
    }
    return QStringLiteral("loss u");
}

FieldScale::FieldScale(const FloatGrid& grid)
{
    std::vector<float> sample;
    const std::size_t stride = std::max<std::size_t>(1, grid.values.size() / kSample);
    sample.reserve(grid.values.size() / stride + 1);
    for (std::size_t i = 0; i < grid.values.size(); i += stride) {
        if (std::isfinite(grid.values[i])) {
            sample.push_back(grid.values[i]);
        }
    }
    if (sample.empty()) {
        return;
    }
    std::sort(sample.begin(), sample.end());
    quantiles_.resize(kQuantiles);
    for (std::size_t i = 0; i < kQuantiles; ++i) {
        const double place = static_cast<double>(i) / static_cast<double>(kQuantiles - 1);
        const double rank = place * place * static_cast<double>(sample.size() - 1);
        quantiles_[i] = sample[static_cast<std::size_t>(std::lround(rank))];
    }
    // The sample may have missed the very lowest and highest cell.
    for (const float value : grid.values) {
        if (std::isfinite(value)) {
            quantiles_.front() = std::min(quantiles_.front(), value);
            quantiles_.back() = std::max(quantiles_.back(), value);
        }
    }
}

double FieldScale::place(double value) const
{
    if (quantiles_.empty() || !std::isfinite(value)) {
        return 1;
    }
    const auto one = static_cast<float>(value);
    const auto above = std::upper_bound(quantiles_.begin(), quantiles_.end(), one);
    if (above == quantiles_.begin()) {
        return 0;
    }
    if (above == quantiles_.end()) {
        return 1;
    }
    const double low = static_cast<double>(*(above - 1));
    const double high = static_cast<double>(*above);
    const double within = high > low ? (value - low) / (high - low) : 0;
    return (static_cast<double>(above - quantiles_.begin() - 1) + within) / static_cast<double>(kQuantiles - 1);
}

double FieldScale::value(double place) const
{
    if (quantiles_.empty()) {
        return std::nan("");
    }
    const double at = std::clamp(place, 0.0, 1.0) * static_cast<double>(kQuantiles - 1);
    const auto left = std::min(static_cast<std::size_t>(at), kQuantiles - 2);
    const double share = at - static_cast<double>(left);
    return (1 - share) * static_cast<double>(quantiles_[left]) + share * static_cast<double>(quantiles_[left + 1]);
}

std::optional<FieldPicture> compute_field(const FieldRequest& request, const std::stop_token& stop)
{
    FieldPicture picture;
    picture.request = request;
    picture.values =
        FloatGrid({request.box, std::max<std::size_t>(request.columns, 2), std::max<std::size_t>(request.rows, 2)});
    const auto value = [&request](Point at) {
        return field_value(*request.landscape, request.kind, request.sigma, at);
    };
    if (!fill(picture.values, value, stop)) {
        return std::nullopt;
    }
    picture.scale = FieldScale(picture.values);
    picture.places.resize(picture.values.values.size());
    for (std::size_t i = 0; i < picture.places.size(); ++i) {
        const double place = picture.scale.place(static_cast<double>(picture.values.values[i]));
        picture.places[i] = static_cast<std::uint8_t>(std::lround(255 * place));
    }
    const double aspect =
        static_cast<double>(picture.values.lattice.rows) / static_cast<double>(picture.values.lattice.columns);
    const std::size_t columns = std::min(picture.values.lattice.columns, kContourColumns);
    Grid coarse(
        {request.box, columns,
         std::max<std::size_t>(2, static_cast<std::size_t>(std::lround(aspect * static_cast<double>(columns))))});
    if (!fill(coarse, value, stop)) {
        return std::nullopt;
    }
    picture.lines = contours(coarse, contour_levels(coarse, request.levels), stop);
    if (stop.stop_requested()) {
        return std::nullopt;
    }
    return picture;
}

}  // namespace basin
