// What the measure panel says, as plain values.
#pragma once

#include <QString>
#include <QStringList>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "core/run/runner.h"

namespace basin {

class Landscape;

/// The three measures of methods' theory, in the order of every array here: u, v, g.
inline constexpr std::size_t kMeasures = 3;
/// "the loss itself (π_u)" and so on.
QString measure_name(std::size_t measure);
/// "π_u" and so on.
QString measure_symbol(std::size_t measure);

/// A number with its standard error; not finite where it was not measured.
struct Measured {
    double value = std::numeric_limits<double>::quiet_NaN();
    double error = std::numeric_limits<double>::quiet_NaN();
    bool known() const;
};

struct BasinShare {
    Measured share;
    std::array<double, kMeasures> target{};  // NaN where the lane samples no measure
};

/// W1 of one coordinate to one measure, and the W1 that as many independent draws would have.
struct MeasureDistance {
    Measured w1;
    double floor = std::numeric_limits<double>::quiet_NaN();
    double floor_deviation = std::numeric_limits<double>::quiet_NaN();
    /// Inside floor + 2 deviations: the particles can not be told from draws of the measure.
    bool reached() const;
};

/// Whether the second-order measure may be trusted; `unknown` without a temperature.
enum class ValidityLight : std::uint8_t { good, doubtful, wrong, unknown };

/// One measurement of one lane.
struct LaneMeasure {
    bool measured = false;
    std::uint64_t step = 0;
    bool live = false;
    std::vector<BasinShare> basins;
    Measured none;  // in no basin
    std::array<MeasureDistance, kMeasures> x;
    std::array<MeasureDistance, kMeasures> y;
    /// Shares right of the split by the start point the particles had; empty when there was one.
    std::vector<double> right_by_start;
    double beta = 0;
    double sigma = 0;
    double total_variation = 0;
    ValidityLight validity = ValidityLight::unknown;
    std::uint64_t escaped = 0;
    std::uint64_t outside = 0;
    QString note;
    QString error;
};

/// From the values of the probe `gibbs_distance`; keys that are missing stay unknown.
LaneMeasure read_measure(const ProbeReport& report);

/// One row of the panel.
struct MeasureRow {
    QString label;
    int style = 0;
    bool visible = true;
    double perturbation = 0;  // the lane's own sigma, 0 for a method without one
    LaneMeasure newest;
};

/// Barriers on the straight way between the two lowest minima, out of the lower one: of the loss and of the smoothed
/// loss. 0 where nothing stands in the way.
struct Barriers {
    bool two_wells = false;
    double loss = 0;
    double smoothed = 0;
};
Barriers find_barriers(const Landscape& landscape, double sigma);

/// Sentences for under the numbers: what smoothing does to the barrier, and which lanes have not mixed yet.
QStringList explain(const std::vector<MeasureRow>& rows, const Landscape& landscape);

/// "basin at (−1.66, 0.00)".
QStringList basin_names(const Landscape& landscape);

}  // namespace basin
