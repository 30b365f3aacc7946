#include "core/probe/gibbs_reference.h"

#include <algorithm>
#include <cmath>

#include "core/landscape/minima.h"

namespace basin {
namespace {

constexpr std::size_t kKept = 8;
constexpr std::size_t kBasinCells = 384;  // borders within a cell and a half, 0.4 % of the box

std::optional<double> split_of(const Landscape& landscape)
{
    const std::vector<Minimum>& minima = landscape.minima();
    if (minima.size() != 2)
        return std::nullopt;
    const Point a = minima[0].at;
    const Point b = minima[1].at;
    if (std::abs(a.x - b.x) <= std::abs(a.y - b.y))
        return std::nullopt;
    const std::optional<Point> saddle = find_saddle(surface_of(landscape), a, b);
    return saddle ? std::optional<double>(saddle->x) : std::nullopt;
}

}  // namespace

GibbsReferences::GibbsReferences(const Landscape& landscape) : landscape_(landscape), split_x_(split_of(landscape)) {}

std::shared_ptr<const GibbsReference> GibbsReferences::get(double beta, double sigma, const std::stop_token& stop)
{
    const auto kept = std::find_if(newest_.begin(), newest_.end(),
                                   [&](const auto& one) { return one->laws.beta == beta && one->laws.sigma == sigma; });
    if (kept != newest_.end()) {
        std::rotate(newest_.begin(), kept, kept + 1);
        return newest_.front();
    }
    std::optional<GibbsLaws> laws = gibbs_laws(landscape_, beta, sigma, stop);
    if (!laws)
        return nullptr;
    auto reference = std::make_shared<GibbsReference>();
    reference->laws = std::move(*laws);
    // Basins are the landscape's own: a new temperature in the same box needs no new ones.
    const Lattice coarse{reference->laws.lattice.box, kBasinCells, kBasinCells};
    for (const auto& known : newest_)
        if (known->basins->lattice == coarse)
            reference->basins = known->basins;
    if (reference->basins == nullptr) {
        std::optional<Basins> basins = find_basins(landscape_, coarse, stop);
        if (!basins)
            return nullptr;
        reference->basins = std::make_shared<const Basins>(std::move(*basins));
    }
    const std::array<const GibbsMeasure*, 3> measures{&reference->laws.u, &reference->laws.v, &reference->laws.g};
    for (std::size_t i = 0; i < measures.size(); ++i) {
        LawReference& law = reference->of[i];
        law.x = marginal(*measures[i], Axis::x);
        law.y = marginal(*measures[i], Axis::y);
        law.floor_x = wasserstein_floor(law.x);
        law.floor_y = wasserstein_floor(law.y);
        law.basins = basin_masses(*measures[i], *reference->basins);
        law.right = split_x_ ? 1 - law.x.at(*split_x_) : 0;
    }
    newest_.insert(newest_.begin(), std::move(reference));
    if (newest_.size() > kKept)
        newest_.pop_back();
    return newest_.front();
}

const Basins* GibbsReferences::basins_of_view(const std::stop_token& stop)
{
    if (!view_basins_) {
        const Box view = landscape_.view();
        const double x = 0.5 * (view.x_max - view.x_min);
        const double y = 0.5 * (view.y_max - view.y_min);
        const Lattice wide{{view.x_min - x, view.x_max + x, view.y_min - y, view.y_max + y}, kBasinCells, kBasinCells};
        view_basins_ = find_basins(landscape_, wide, stop);
    }
    return view_basins_ ? &*view_basins_ : nullptr;
}

}  // namespace basin
