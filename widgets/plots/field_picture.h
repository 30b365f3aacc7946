// What a landscape's map is painted from; computed away from the window's thread.
#pragma once

#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/field/contours.h"
#include "core/field/grid.h"

namespace basin {

/// Which field is shown: the loss u, the paper's second-order expansion v = u + sigma^2/2 tr Hess u, or the smoothed
/// loss g = E u(theta + sigma eps).
enum class FieldKind : std::uint8_t { loss, second_order, smoothed };

double field_value(const Landscape& landscape, FieldKind kind, double sigma, Point at);
/// "loss u", "smoothed loss g, σ = 0.469".
QString field_title(FieldKind kind, double sigma);

/// From a value to a place on the colour map: the square root of the share of the map that lies below it. Colours are
/// then used evenly however steep the walls are, and fall into step with contour_levels().
class FieldScale {
public:
    FieldScale() = default;
    explicit FieldScale(const FloatGrid& grid);

    double place(double value) const;  // 0 to 1; 1 for what is not finite
    double value(double place) const;  // its inverse
    bool empty() const { return quantiles_.empty(); }

private:
    std::vector<float> quantiles_;  // values at even places
};

struct FieldRequest {
    std::shared_ptr<const Landscape> landscape;
    FieldKind kind = FieldKind::loss;
    double sigma = 0;
    Box box;
    std::size_t columns = 0;
    std::size_t rows = 0;
    std::size_t levels = 14;
};

struct FieldPicture {
    FieldRequest request;
    FloatGrid values;
    /// Place on the colour map of every cell, 0 to 255.
    std::vector<std::uint8_t> places;
    FieldScale scale;
    ContourSet lines;
};

/// Any thread. Nothing when it was stopped.
std::optional<FieldPicture> compute_field(const FieldRequest& request, const std::stop_token& stop);

}  // namespace basin
