#include "core/field/measure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "core/catalog/params.h"
#include "core/landscape/minima.h"

namespace basin {
namespace {

constexpr double kDiedOut = 40;     // e^-40 = 4e-18, below rounding of the sum
constexpr double kGrowth = 0.15;    // of the width, at each side that is not yet dead
constexpr double kLargestBox = 20;  // times the view; beyond, the law is taken not to exist on the plane
constexpr std::size_t kBorderPoints = 128;
constexpr std::size_t kCoarse = 65;  // points a side that look for the lowest value in a box
/// Of the narrowest standard deviation: the sum's error is 2 exp(-2 pi^2 / kCell^2) = 1e-15, with every second cell
/// left out 3e-4.
constexpr double kCell = 0.75;
constexpr std::size_t kFewestCells = 256;
constexpr std::size_t kMostCells = 2048;
/// Allowed change of log Z when every second cell is left out. The error at full resolution is about its fourth power.
constexpr double kDecimationError = 1e-3;
/// A false minimum with less than e^-7 = 1e-3 of the highest density shows nowhere and alarms nobody.
constexpr double kNoticed = 7;

using Field = std::function<double(Point)>;

/// Sides of a box whose border `f` still has mass on: left, right, bottom, top.
std::array<bool, 4> alive(const Field& f, const Box& box, double beta)
{
    const double width = box.x_max - box.x_min;
    const double height = box.y_max - box.y_min;
    double low = std::numeric_limits<double>::infinity();
    for (std::size_t row = 0; row < kCoarse; ++row) {
        for (std::size_t column = 0; column < kCoarse; ++column) {
            const double x = static_cast<double>(column) / (kCoarse - 1);
            const double y = static_cast<double>(row) / (kCoarse - 1);
            const double value = f({box.x_min + x * width, box.y_min + y * height});
            if (value < low)
                low = value;
        }
    }
    std::array<bool, 4> sides{};
    for (std::size_t i = 0; i < kBorderPoints; ++i) {
        const double t = static_cast<double>(i) / (kBorderPoints - 1);
        const double x = box.x_min + t * width;
        const double y = box.y_min + t * height;
        const std::array<Point, 4> places{Point{box.x_min, y}, {box.x_max, y}, {x, box.y_min}, {x, box.y_max}};
        for (std::size_t side = 0; side < 4; ++side)
            sides[side] = sides[side] || beta * (f(places[side]) - low) < kDiedOut;
    }
    return sides;
}

/// Empty when a law does not die out.
std::optional<Box> containing_box(const std::array<Field, 3>& laws, const Box& view, double beta)
{
    Box box = view;
    while (true) {
        std::array<bool, 4> sides{};
        for (const Field& law : laws) {
            const std::array<bool, 4> its = alive(law, box, beta);
            for (std::size_t side = 0; side < 4; ++side)
                sides[side] = sides[side] || its[side];
        }
        if (std::none_of(sides.begin(), sides.end(), [](bool side) { return side; }))
            return box;
        const double width = box.x_max - box.x_min;
        const double height = box.y_max - box.y_min;
        if (width > kLargestBox * (view.x_max - view.x_min) || height > kLargestBox * (view.y_max - view.y_min))
            return std::nullopt;
        box.x_min -= sides[0] ? kGrowth * width : 0;
        box.x_max += sides[1] ? kGrowth * width : 0;
        box.y_min -= sides[2] ? kGrowth * height : 0;
        box.y_max += sides[3] ? kGrowth * height : 0;
    }
}

std::size_t cells_for(double extent, double cell)
{
    const double wanted = std::ceil(extent / cell);
    return wanted > static_cast<double>(kMostCells) ? kMostCells
                                                    : std::max(kFewestCells, static_cast<std::size_t>(wanted));
}

/// Change of log Z when only cells with even column and row are summed.
double decimation_error(const GibbsMeasure& measure)
{
    const Lattice& cells = measure.mass.lattice;
    double kept = 0;
    std::size_t count = 0;
    for (std::size_t row = 0; row < cells.rows; row += 2) {
        for (std::size_t column = 0; column < cells.columns; column += 2) {
            kept += measure.mass.at(column, row);
            ++count;
        }
    }
    const double every = static_cast<double>(cells.size()) / static_cast<double>(count);
    return std::abs(std::log(kept * every));
}

/// True minima that the pits of a sampled field lead to; derivatives by differences, which is enough to tell places.
std::vector<Point> minima_of(const Grid& grid, const Field& f, double floor)
{
    const Lattice& cells = grid.lattice;
    const double cell = std::hypot(cells.cell_width(), cells.cell_height());
    const double d = 1e-2 * cell;
    const Surface surface{f,
                          [&f, d](Point p) {
                              return Point{(f({p.x + d, p.y}) - f({p.x - d, p.y})) / (2 * d),
                                           (f({p.x, p.y + d}) - f({p.x, p.y - d})) / (2 * d)};
                          },
                          [&f, d](Point p) {
                              const double twice = 2 * f(p);
                              return Hessian2{(f({p.x + d, p.y}) - twice + f({p.x - d, p.y})) / (d * d),
                                              (f({p.x + d, p.y + d}) - f({p.x + d, p.y - d}) - f({p.x - d, p.y + d}) +
                                               f({p.x - d, p.y - d})) /
                                                  (4 * d * d),
                                              (f({p.x, p.y + d}) - twice + f({p.x, p.y - d})) / (d * d)};
                          }};
    std::vector<Point> found;
    for (std::size_t row = 1; row + 1 < cells.rows; ++row) {
        for (std::size_t column = 1; column + 1 < cells.columns; ++column) {
            const double here = grid.at(column, row);
            bool pit = here < floor;
            for (std::size_t k = 0; k < 9 && pit; ++k)
                pit = k == 4 || here < grid.at(column + k % 3 - 1, row + k / 3 - 1);
            if (!pit)
                continue;
            if (const std::optional<Point> at = descend(surface, {cells.x(column), cells.y(row)}, cell))
                found.push_back(*at);
        }
    }
    return found;
}

}  // namespace

GibbsMeasure gibbs(const Grid& f, double beta)
{
    double low = std::numeric_limits<double>::infinity();
    for (std::size_t cell = 0; cell < f.values.size(); ++cell) {
        const double value = f.values[cell];
        if (std::isnan(value) || value == -std::numeric_limits<double>::infinity()) {
            const Point at = f.lattice.middle(cell);
            throw std::runtime_error("the loss is " + format_number(value) + " at (" + format_number(at.x) + ", " +
                                     format_number(at.y) + "), so it has no Gibbs measure");
        }
        low = std::min(low, value);
    }
    if (!std::isfinite(low))
        throw std::runtime_error("the loss is infinite everywhere in the box, so it has no Gibbs measure");
    GibbsMeasure measure;
    measure.mass = Grid(f.lattice);
    double sum = 0;
    for (std::size_t cell = 0; cell < f.values.size(); ++cell) {
        const double weight = std::exp(-beta * (f.values[cell] - low));
        measure.mass.values[cell] = weight;
        sum += weight;
    }
    for (double& mass : measure.mass.values)
        mass /= sum;
    measure.log_normaliser = -beta * low + std::log(sum * f.lattice.cell_area());
    return measure;
}

double total_variation(const GibbsMeasure& a, const GibbsMeasure& b)
{
    double sum = 0;
    for (std::size_t cell = 0; cell < a.mass.values.size(); ++cell)
        sum += std::abs(a.mass.values[cell] - b.mass.values[cell]);
    return 0.5 * sum;
}

std::vector<double> basin_masses(const GibbsMeasure& measure, const Basins& basins)
{
    std::vector<double> masses(basins.count + 1, 0.0);
    for (std::size_t cell = 0; cell < measure.mass.values.size(); ++cell) {
        const std::int16_t basin = basins.at(measure.mass.lattice.middle(cell));
        masses[basin == Basins::kNone ? basins.count : static_cast<std::size_t>(basin)] += measure.mass.values[cell];
    }
    return masses;
}

double coupled_sigma(double beta, double eta)
{
    return std::pow(beta, -(1 + eta) / 4);
}

Validity GibbsLaws::validity() const
{
    if (total_variation_vg > 0.3 || !false_minima.empty())
        return Validity::wrong;
    return total_variation_vg < 0.1 ? Validity::good : Validity::doubtful;
}

std::optional<GibbsLaws> gibbs_laws(const Landscape& landscape, double beta, double sigma, const std::stop_token& stop)
{
    if (!(beta > 0) || !std::isfinite(beta) || !(sigma >= 0) || !std::isfinite(sigma))
        throw std::invalid_argument("a Gibbs measure needs beta > 0 and sigma >= 0, not beta " + format_number(beta) +
                                    " and sigma " + format_number(sigma));
    const std::array<Field, 3> fields{[&](Point p) { return landscape.value(p); },
                                      [&](Point p) { return landscape.second_order(p, sigma); },
                                      [&](Point p) { return landscape.smoothed(p, sigma); }};
    GibbsLaws laws;
    laws.beta = beta;
    laws.sigma = sigma;
    const std::optional<Box> box = containing_box(fields, landscape.view(), beta);
    laws.contained = box.has_value();
    laws.lattice.box = box.value_or(landscape.view());
    double stiffest = 0;
    for (const Minimum& minimum : landscape.minima())
        stiffest = std::max(stiffest, minimum.eigenvalues[1]);
    const double cell = stiffest > 0 ? kCell / std::sqrt(beta * stiffest) : std::numeric_limits<double>::infinity();
    laws.lattice.columns = cells_for(laws.lattice.box.x_max - laws.lattice.box.x_min, cell);
    laws.lattice.rows = cells_for(laws.lattice.box.y_max - laws.lattice.box.y_min, cell);

    std::array<Grid, 3> grids;
    while (true) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            grids[i] = Grid(laws.lattice);
            if (!fill(grids[i], fields[i], stop))
                return std::nullopt;
        }
        laws.u = gibbs(grids[0], beta);
        laws.v = gibbs(grids[1], beta);
        laws.g = gibbs(grids[2], beta);
        const double error = std::max({decimation_error(laws.u), decimation_error(laws.v), decimation_error(laws.g)});
        laws.resolved = error < kDecimationError;
        // A law that fills its box has an edge, which no number of cells makes smooth.
        if (laws.resolved || !laws.contained || std::min(laws.lattice.columns, laws.lattice.rows) == kMostCells)
            break;
        laws.lattice.columns = std::min(2 * laws.lattice.columns, kMostCells);
        laws.lattice.rows = std::min(2 * laws.lattice.rows, kMostCells);
    }
    laws.total_variation_vg = total_variation(laws.v, laws.g);
    const double lowest_v = *std::min_element(grids[1].values.begin(), grids[1].values.end());
    const std::vector<Point> true_ones = minima_of(grids[2], fields[2], std::numeric_limits<double>::infinity());
    for (const Point& at : minima_of(grids[1], fields[1], lowest_v + kNoticed / beta)) {
        const auto near = [&](Point other) { return std::hypot(other.x - at.x, other.y - at.y) <= sigma; };
        if (std::none_of(true_ones.begin(), true_ones.end(), near))
            laws.false_minima.push_back(at);
    }
    return laws;
}

}  // namespace basin
