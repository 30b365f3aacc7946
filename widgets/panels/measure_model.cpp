#include "widgets/panels/measure_model.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/landscape/landscape.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<const char*, kMeasures> kLaw{"u", "v", "g"};
// Places on the way between two minima; wells are some tenths of it wide.
constexpr int kPlaces = 400;
// Shares of differently started particles that differ by more than this have not mixed.
constexpr double kMixed = 0.05;

class Values {
public:
    explicit Values(const ProbeResult& result)
    {
        for (const ProbeValue& value : result.values) {
            values_[value.key] = {value.value, value.error};
        }
    }
    bool has(const std::string& key) const { return values_.contains(key); }
    Measured get(const std::string& key) const
    {
        const auto found = values_.find(key);
        return found == values_.end() ? Measured{} : found->second;
    }
    double number(const std::string& key, double otherwise = kNan) const
    {
        const double value = get(key).value;
        return std::isnan(value) ? otherwise : value;
    }

private:
    std::map<std::string, Measured> values_;
};

std::array<MeasureDistance, kMeasures> distances(const Values& values, const std::string& axis)
{
    std::array<MeasureDistance, kMeasures> result;
    for (std::size_t k = 0; k < kMeasures; ++k) {
        result[k].w1 = values.get("w1_" + axis + "_" + kLaw[k]);
        const Measured floor = values.get("floor_" + axis + "_" + kLaw[k]);
        result[k].floor = floor.value;
        result[k].floor_deviation = floor.error;
    }
    return result;
}

ValidityLight light(double validity)
{
    if (std::isnan(validity)) {
        return ValidityLight::unknown;
    }
    return validity < 0.5 ? ValidityLight::good : validity < 1.5 ? ValidityLight::doubtful : ValidityLight::wrong;
}

QString place(Point at)
{
    return QStringLiteral("(%1, %2)").arg(fixed_text(at.x, 2), fixed_text(at.y, 2));
}

}  // namespace

QString measure_name(std::size_t measure)
{
    static const std::array<QString, kMeasures> names{
        QStringLiteral("the loss itself (π_u)"), QStringLiteral("the paper's flat measure (π_v)"),
        QStringLiteral("the smoothed loss, what fSGLD truly samples (π_g)")};
    return names.at(measure);
}

QString measure_symbol(std::size_t measure)
{
    return QStringLiteral("π_") + QLatin1String(kLaw.at(measure));
}

bool Measured::known() const
{
    return std::isfinite(value);
}

bool MeasureDistance::reached() const
{
    return w1.known() && w1.value <= floor + 2 * floor_deviation;
}

LaneMeasure read_measure(const ProbeReport& report)
{
    LaneMeasure lane;
    lane.step = report.step;
    lane.live = report.live;
    lane.error = QString::fromStdString(report.error);
    if (!report.error.empty()) {
        return lane;
    }
    const Values values(report.result);
    lane.measured = values.has("share_none");
    for (std::size_t i = 0; values.has("share_" + std::to_string(i)); ++i) {
        BasinShare basin;
        basin.share = values.get("share_" + std::to_string(i));
        for (std::size_t k = 0; k < kMeasures; ++k) {
            basin.target[k] = values.number("target_" + std::to_string(i) + "_" + kLaw[k]);
        }
        lane.basins.push_back(basin);
    }
    lane.none = values.get("share_none");
    lane.x = distances(values, "x");
    lane.y = distances(values, "y");
    for (std::size_t j = 0; values.has("mass_right_start_" + std::to_string(j)); ++j) {
        lane.right_by_start.push_back(values.number("mass_right_start_" + std::to_string(j)));
    }
    lane.beta = values.number("beta", 0);
    lane.sigma = values.number("sigma", 0);
    lane.total_variation = values.number("tv_vg");
    lane.validity = light(values.number("validity"));
    lane.escaped = static_cast<std::uint64_t>(values.number("escaped", 0));
    lane.outside = static_cast<std::uint64_t>(values.number("outside", 0));
    lane.note = QString::fromStdString(report.result.note);
    return lane;
}

Barriers find_barriers(const Landscape& landscape, double sigma)
{
    Barriers result;
    const std::vector<Minimum>& minima = landscape.minima();
    if (minima.size() < 2) {
        return result;
    }
    result.two_wells = true;
    const Point from = minima[0].at;
    const Point to = minima[1].at;
    const auto barrier = [&](auto function) {
        // A little before the first minimum and beyond the second: smoothing moves them.
        std::vector<double> profile;
        for (int i = -kPlaces / 4; i <= kPlaces + kPlaces / 4; ++i) {
            const double t = static_cast<double>(i) / kPlaces;
            profile.push_back(function(Point{from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)}));
        }
        const std::ptrdiff_t start = kPlaces / 4;
        const auto top = std::max_element(profile.begin() + start, profile.end() - start);
        const double left = *std::min_element(profile.begin(), top + 1);
        const double right = *std::min_element(top, profile.end());
        // A top that is as low as one of its sides is no barrier.
        return *top - right > 1e-9 * (1 + std::fabs(*top)) ? std::max(0.0, *top - left) : 0.0;
    };
    result.loss = barrier([&](Point at) { return landscape.value(at); });
    result.smoothed = sigma > 0 ? barrier([&](Point at) { return landscape.smoothed(at, sigma); }) : result.loss;
    return result;
}

QStringList explain(const std::vector<MeasureRow>& rows, const Landscape& landscape)
{
    QStringList sentences;
    bool plain_sampler = false;
    const MeasureRow* smoothing = nullptr;
    for (const MeasureRow& row : rows) {
        const LaneMeasure& lane = row.newest;
        if (!row.visible || !lane.measured || lane.beta <= 0) {
            continue;
        }
        if (lane.right_by_start.size() == 2) {
            const double left = lane.right_by_start[0];
            const double right = lane.right_by_start[1];
            if (std::fabs(left - right) > kMixed) {
                sentences << QStringLiteral(
                                 "%1 has not mixed yet: of the particles started at the first point %2 are "
                                 "on the right, of those started at the second %3.")
                                 .arg(row.label, percent_text(left), percent_text(right));
            }
        }
        if (row.perturbation > 0) {
            smoothing = &row;
        } else {
            plain_sampler = true;
        }
    }
    if (smoothing != nullptr) {
        const double sigma = smoothing->perturbation;
        const double beta = smoothing->newest.beta;
        const Barriers barriers = find_barriers(landscape, sigma);
        if (barriers.two_wells && barriers.smoothed < 0.95 * barriers.loss) {
            const QString than = plain_sampler ? QStringLiteral(" than a method without perturbation")
                                               : QStringLiteral(" than it would without perturbation");
            sentences.prepend(
                QStringLiteral("Smoothing with σ = %1 lowers the barrier out of the deepest well from %2 to %3 "
                               "(β × barrier: %4 to %5), so %6 changes wells more often%7.")
                    .arg(number_text(sigma, 3), number_text(barriers.loss, 2), number_text(barriers.smoothed, 2),
                         number_text(beta * barriers.loss, 2), number_text(beta * barriers.smoothed, 2),
                         smoothing->label, than));
        }
    }
    return sentences;
}

QStringList basin_names(const Landscape& landscape)
{
    QStringList names;
    for (const Minimum& minimum : landscape.minima()) {
        names << QStringLiteral("basin at ") + place(minimum.at);
    }
    return names;
}

}  // namespace basin
