// Gibbs measures exp(-beta f)/Z of the plane on a lattice, and the three that a landscape's samplers are compared with.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/field/basins.h"
#include "core/field/grid.h"

namespace basin {

/// Mass of each cell (sum 1). The densities are smooth and vanish at the box's border, so the plain sum is accurate far
/// beyond the cells' size as soon as a cell is smaller than the narrowest standard deviation.
struct GibbsMeasure {
    Grid mass;
    double log_normaliser = 0;  // log of the integral of exp(-beta f)
};

/// f may be +infinity (mass 0). Throws std::runtime_error that names the place where f is NaN or -infinity, and where
/// no cell is finite.
GibbsMeasure gibbs(const Grid& f, double beta);

/// Half the sum of absolute differences: 0 for equal measures, 1 for measures with nothing in common.
double total_variation(const GibbsMeasure& a, const GibbsMeasure& b);

/// Mass of each basin, then of what belongs to none.
std::vector<double> basin_masses(const GibbsMeasure& measure, const Basins& basins);

/// May v = u + sigma^2/2 tr Hess u be trusted instead of the smoothed loss g?
enum class Validity : std::uint8_t { good, doubtful, wrong };

/// pi_u, pi_v and pi_g of a landscape on one lattice.
struct GibbsLaws {
    double beta = 0;
    double sigma = 0;
    Lattice lattice;
    GibbsMeasure u;
    GibbsMeasure v;
    GibbsMeasure g;
    double total_variation_vg = 0;
    /// Minima of v with mass about them and no minimum of g within sigma: wells that the expansion has made up.
    std::vector<Point> false_minima;
    /// False: a law does not die out on 20 times the view; the lattice is then the view.
    bool contained = true;
    /// False: the lattice's cells are too wide for the narrowest well even at the largest size.
    bool resolved = true;

    /// `good`: total variation of pi_v and pi_g below 0.1; `wrong`: above 0.3 or a false minimum.
    Validity validity() const;
};

/// Grows the landscape's view until all three laws have died out at its border. Empty when stopped.
/// Throws std::invalid_argument unless beta > 0 and sigma >= 0.
std::optional<GibbsLaws> gibbs_laws(const Landscape& landscape, double beta, double sigma,
                                    const std::stop_token& stop = {});

/// sigma = beta^(-(1 + eta)/4): the scale at which perturbation and temperature belong together.
double coupled_sigma(double beta, double eta);

}  // namespace basin
