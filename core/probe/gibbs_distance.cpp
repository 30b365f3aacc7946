// Where the particles are, and how far their marginals are from the three measures that the theory speaks of:
//   pi_u ~ exp(-beta u),  pi_v ~ exp(-beta v) with v = u + sigma^2/2 tr Hess u,  pi_g ~ exp(-beta g) with
//   g(theta) = E u(theta + sigma eps).
// W1 is exact on the line (4,096 bins); its floor is the W1 that as many independent draws have to their own law:
// mean c/sqrt(n), c = sqrt(2/pi) integral sqrt(F(1 - F)). Reached means: inside floor +- 2 deviations.
//
// Values, in this order (i: minimum, j: start point, k: u, v, g; w1 and floor: first x, then y):
//   share_<i>, share_none, share_<i>_start_<j>, mass_right, mass_right_start_<j>, target_<i>_<k>, target_right_<k>,
//   w1_<x|y>_<k>, floor_<x|y>_<k>, tv_vg, validity (0 good, 1 doubtful, 2 wrong), beta, sigma, outside, escaped.
// The start_ values are there with several start points, the _right ones where two wells lie side by side.
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/landscape/landscape.h"
#include "core/probe/gibbs_reference.h"
#include "core/probe/probe.h"

namespace basin {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kEta = 0.01;  // coupling exponent of the authors' code
constexpr std::size_t kDrawnBins = 128;

/// How many particles of each start are in each basin, and right of the split.
struct Census {
    std::vector<std::vector<std::size_t>> in_basin;  // by start, then basin; last: none
    std::vector<std::size_t> right;                  // by start
    std::vector<std::size_t> size;                   // by start
};

Census count(const ProbeInput& input, const Basins& basins, std::optional<double> split)
{
    const std::size_t groups = std::max<std::size_t>(1, input.start_groups);
    Census census{std::vector(groups, std::vector<std::size_t>(basins.count + 1)), std::vector<std::size_t>(groups),
                  std::vector<std::size_t>(groups)};
    for (std::size_t chain = 0; chain < input.chains; ++chain) {
        const std::size_t group = chain * groups / input.chains;
        const Point at{input.theta[2 * chain], input.theta[2 * chain + 1]};
        const std::int16_t basin = basins.at(at);
        ++census.size[group];
        ++census.in_basin[group][basin == Basins::kNone ? basins.count : static_cast<std::size_t>(basin)];
        census.right[group] += split && at.x > *split ? 1 : 0;
    }
    return census;
}

ProbeValue share(std::string key, std::size_t part, std::size_t whole)
{
    const double p = static_cast<double>(part) / static_cast<double>(whole);
    return {std::move(key), p, std::sqrt(p * (1 - p) / static_cast<double>(whole))};
}

std::string place(Point at)
{
    const auto shorten = [](double x) { return format_number(std::round(x * 100) / 100 + 0.0); };
    return "(" + shorten(at.x) + ", " + shorten(at.y) + ")";
}

class GibbsDistance final : public Probe {
public:
    GibbsDistance(const Landscape& landscape, double sigma)
        : landscape_(landscape), sigma_(sigma), references_(landscape)
    {
    }

    ProbeResult measure(const ProbeInput& input, std::stop_token stop,
                        const std::function<void(double)>& progress) override
    {
        const double beta = input.measure.beta;
        const double sigma = reference_sigma(input.measure);
        std::shared_ptr<const GibbsReference> reference;
        if (beta > 0)
            reference = references_.get(beta, sigma, stop);
        const Basins* basins = reference  ? reference->basins.get()
                               : beta > 0 ? nullptr
                                          : references_.basins_of_view(stop);
        if (basins == nullptr)
            return {{}, {}, "The measurement was stopped."};
        progress(0.5);

        ProbeResult result;
        append_shares(result, count(input, *basins, references_.split_x()), input.chains);
        append_targets(result, reference.get());
        const Lattice& lattice = basins->lattice;
        const Histogram x = count_coordinates(input.theta, 0, 2, lattice.box.x_min, lattice.box.x_max);
        const Histogram y = count_coordinates(input.theta, 1, 2, lattice.box.y_min, lattice.box.y_max);
        append_distances(result, reference.get(), x, y);
        std::size_t escaped = 0;
        std::size_t outside = 0;
        for (std::size_t chain = 0; chain < input.chains; ++chain) {
            const Point at{input.theta[2 * chain], input.theta[2 * chain + 1]};
            const bool finite = std::isfinite(at.x) && std::isfinite(at.y);
            escaped += finite ? 0 : 1;
            outside += finite && lattice.cell_at(at) == Lattice::kOutside ? 1 : 0;
        }
        const GibbsLaws* laws = reference ? &reference->laws : nullptr;
        result.values.push_back({"tv_vg", laws ? laws->total_variation_vg : kNan, kNan});
        result.values.push_back({"validity", laws ? static_cast<double>(laws->validity()) : kNan, kNan});
        result.values.push_back({"beta", beta, kNan});
        result.values.push_back({"sigma", laws ? sigma : kNan, kNan});
        result.values.push_back({"outside", static_cast<double>(outside), kNan});
        result.values.push_back({"escaped", static_cast<double>(escaped), kNan});
        append_curves(result, reference.get(), x, y);
        result.note = note(laws, outside, escaped);
        progress(1);
        return result;
    }

private:
    double reference_sigma(const OptimizerEntry::Measure& measure) const
    {
        if (measure.sigma > 0)
            return measure.sigma;
        if (sigma_ > 0)
            return sigma_;
        return landscape_.suggestion().sigma.value_or(coupled_sigma(measure.beta, kEta));
    }

    void append_shares(ProbeResult& result, const Census& census, std::size_t chains) const
    {
        const std::size_t groups = census.size.size();
        const std::size_t basins = landscape_.minima().size();
        for (std::size_t i = 0; i <= basins; ++i) {
            std::size_t sum = 0;
            for (const auto& group : census.in_basin)
                sum += group[i];
            result.values.push_back(share("share_" + (i < basins ? std::to_string(i) : "none"), sum, chains));
        }
        for (std::size_t i = 0; i < basins && groups > 1; ++i)
            for (std::size_t j = 0; j < groups; ++j)
                result.values.push_back(share("share_" + std::to_string(i) + "_start_" + std::to_string(j),
                                              census.in_basin[j][i], census.size[j]));
        if (!references_.split_x())
            return;
        std::size_t right = 0;
        for (const std::size_t group : census.right)
            right += group;
        result.values.push_back(share("mass_right", right, chains));
        for (std::size_t j = 0; j < groups && groups > 1; ++j)
            result.values.push_back(share("mass_right_start_" + std::to_string(j), census.right[j], census.size[j]));
    }

    void append_targets(ProbeResult& result, const GibbsReference* reference) const
    {
        for (std::size_t i = 0; i < landscape_.minima().size(); ++i)
            for (std::size_t k = 0; k < kLawNames.size(); ++k)
                result.values.push_back({"target_" + std::to_string(i) + "_" + kLawNames[k],
                                         reference ? reference->of[k].basins[i] : kNan, kNan});
        for (std::size_t k = 0; k < kLawNames.size() && references_.split_x(); ++k)
            result.values.push_back(
                {std::string("target_right_") + kLawNames[k], reference ? reference->of[k].right : kNan, kNan});
    }

    static void append_distances(ProbeResult& result, const GibbsReference* reference, const Histogram& x,
                                 const Histogram& y)
    {
        for (const Axis axis : {Axis::x, Axis::y}) {
            const Histogram& particles = axis == Axis::x ? x : y;
            const std::string name = axis == Axis::x ? "x_" : "y_";
            std::array<Distance, 3> distances;
            std::array<Floor, 3> floors;
            distances.fill({kNan, kNan});
            floors.fill({kNan, kNan});
            for (std::size_t k = 0; k < kLawNames.size() && reference != nullptr; ++k) {
                const LawReference& law = reference->of[k];
                distances[k] = wasserstein(particles, axis == Axis::x ? law.x : law.y);
                floors[k] = axis == Axis::x ? law.floor_x : law.floor_y;
            }
            for (std::size_t k = 0; k < kLawNames.size(); ++k)
                result.values.push_back({"w1_" + name + kLawNames[k], distances[k].value, distances[k].error});
            const double root = std::sqrt(static_cast<double>(particles.size()));
            for (std::size_t k = 0; k < kLawNames.size(); ++k)
                result.values.push_back(
                    {"floor_" + name + kLawNames[k], floors[k].mean / root, floors[k].deviation / root});
        }
    }

    /// Densities of the marginals in kDrawnBins bins, and the minima.
    void append_curves(ProbeResult& result, const GibbsReference* reference, const Histogram& x,
                       const Histogram& y) const
    {
        for (const Minimum& minimum : landscape_.minima()) {
            result.arrays["minima_x"].push_back(minimum.at.x);
            result.arrays["minima_y"].push_back(minimum.at.y);
        }
        for (const Axis axis : {Axis::x, Axis::y}) {
            const Histogram& particles = axis == Axis::x ? x : y;
            const std::string name = axis == Axis::x ? "x" : "y";
            const double width = (particles.high - particles.low) / static_cast<double>(kDrawnBins);
            const std::size_t merged = Histogram::kBins / kDrawnBins;
            for (std::size_t bin = 0; bin < kDrawnBins; ++bin) {
                const double left = particles.low + static_cast<double>(bin) * width;
                std::uint64_t sum = 0;
                for (std::size_t i = bin * merged; i < (bin + 1) * merged; ++i)
                    sum += particles.counts[i];
                const double share =
                    static_cast<double>(sum) / static_cast<double>(std::max<std::uint64_t>(1, particles.size()));
                result.arrays[name].push_back(left + 0.5 * width);
                result.arrays["density_" + name + "_particles"].push_back(share / width);
                for (std::size_t k = 0; k < kLawNames.size() && reference != nullptr; ++k) {
                    const Marginal& law = axis == Axis::x ? reference->of[k].x : reference->of[k].y;
                    result.arrays["density_" + name + "_" + kLawNames[k]].push_back(
                        (law.at(left + width) - law.at(left)) / width);
                }
            }
        }
    }

    std::string note(const GibbsLaws* laws, std::size_t outside, std::size_t escaped) const
    {
        std::string text = landscape_.minima().empty() ? "No minimum in the view" : "";
        for (std::size_t i = 0; i < landscape_.minima().size(); ++i)
            text += (i == 0 ? "Basins: " : ", ") + std::to_string(i) + " at " + place(landscape_.minima()[i].at);
        if (laws == nullptr)
            text += "; this method has no temperature, so it samples no measure that it could be compared with";
        else if (!laws->false_minima.empty())
            text += "; do not trust pi_v: the second-order expansion has put a well at " +
                    place(laws->false_minima.front()) + " where neither the loss nor the smoothed loss has one";
        else if (laws->validity() != Validity::good)
            text += "; pi_v and pi_g differ (total variation " +
                    format_number(std::round(laws->total_variation_vg * 100) / 100) +
                    "): sigma is too large for these wells";
        if (laws != nullptr && !laws->contained)
            text += "; a measure does not die out on 20 times the view, so all are cut off at the view";
        if (laws != nullptr && laws->contained && !laws->resolved)
            text += "; the narrowest well is too narrow for the grid, so targets are rough";
        if (outside > 0 || escaped > 0)
            text += "; particles are missing from the box, so W1 is a lower bound";
        return text + ".";
    }

    const Landscape& landscape_;
    double sigma_;
    GibbsReferences references_;
};

std::unique_ptr<Probe> make(const Params& params, Objective& objective)
{
    if (objective.landscape() == nullptr)
        throw std::invalid_argument("gibbs_distance: needs a landscape, whose measures can be computed, not a network");
    return std::make_unique<GibbsDistance>(*objective.landscape(), params.number("sigma"));
}

}  // namespace

const ProbeEntry& probe_entry_gibbs_distance()
{
    static const ProbeEntry entry{
        .key = "gibbs_distance",
        .label = "Basins and distance to the measures",
        .help =
            "Share of particles in each basin, and the distance W1 of their x and y to the measures of the loss, of "
            "its second-order expansion and of the smoothed loss.",
        .reference = "Exact W1 on the line; floor by the L1 norm of a Brownian bridge (del Barrio, Giné, Matrán 1999)",
        .schema = {{.key = "sigma",
                    .symbol = "σ",
                    .label = "Reference scale",
                    .help = "Perturbation scale of π_v and π_g for lanes that have none (SGLD); 0 takes the "
                            "landscape's suggestion, or couples it to β.",
                    .default_value = 0.0,
                    .minimum = 0.0,
                    .slider = {{0.0, 2.0}}}},
        .make = &make};
    return entry;
}

}  // namespace basin
