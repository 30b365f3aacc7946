// What particles of a landscape are compared with: pi_u, pi_v and pi_g with everything derived from them.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/field/wasserstein.h"

namespace basin {

/// Names of the three laws, in the order of all arrays below: the loss u, v = u + sigma^2/2 tr Hess u, the smoothed g.
constexpr std::array<const char*, 3> kLawNames{"u", "v", "g"};

struct LawReference {
    Marginal x;
    Marginal y;
    Floor floor_x;
    Floor floor_y;
    std::vector<double> basins;  // masses by basin, then what belongs to none
    double right = 0;            // mass right of the split, where there is one
};

struct GibbsReference {
    GibbsLaws laws;
    std::shared_ptr<const Basins> basins;
    std::array<LawReference, 3> of;
};

/// Computes a landscape's references and keeps the newest eight, so that lanes that take turns with different beta and
/// sigma do not compute them again. One caller at a time; the landscape must outlive it.
class GibbsReferences {
public:
    explicit GibbsReferences(const Landscape& landscape);

    /// Where two wells are told apart: x of the saddle between the two minima of a landscape that has two, side by
    /// side. Empty for others.
    std::optional<double> split_x() const { return split_x_; }
    /// Null when stopped. See gibbs_laws for what is thrown.
    std::shared_ptr<const GibbsReference> get(double beta, double sigma, const std::stop_token& stop);
    /// Basins on twice the view, for lanes without a temperature. Null when stopped.
    const Basins* basins_of_view(const std::stop_token& stop);

private:
    const Landscape& landscape_;
    std::optional<double> split_x_;
    std::vector<std::shared_ptr<const GibbsReference>> newest_;  // newest first
    std::optional<Basins> view_basins_;
};

}  // namespace basin
