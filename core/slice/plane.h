// Lines and planes in the space of theta.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace basin {

/// Where a known theta lies: its foot in the plane, and how far it is from there (0 when it lies in the plane).
struct PlanePoint {
    double alpha = 0;
    double beta = 0;  // 0 on a line
    double distance = 0;
};

/// A theta worth drawing: a lane's solution, or one point of its path.
struct PlaneMark {
    std::string label;
    std::uint64_t step = 0;
    PlanePoint at;
};

/// The points origin + alpha * directions[0] + beta * directions[1]; with one direction, a line. A value.
struct Plane {
    std::string kind;                             // how it was made: "line", "random", ...
    std::vector<double> origin;                   // dim
    std::vector<std::vector<double>> directions;  // one or two, dim each
    /// What belongs to it: "cosine" (of the angle between the directions), "share 1", "eigenvalue 1", ...
    std::vector<std::pair<std::string, double>> numbers{};
    std::vector<PlaneMark> marks{};

    std::size_t dim() const { return origin.size(); }
    /// point = origin + alpha d1 + beta d2 (dim).
    void at(double alpha, double beta, std::span<double> point) const;
    /// Least squares, so also right for directions at any angle.
    PlanePoint project(std::span<const double> theta) const;
    PlanePoint project(std::span<const float> theta) const;
};

double dot(std::span<const double> a, std::span<const double> b);
double norm(std::span<const double> a);

/// Throws std::invalid_argument, one sentence, when the directions are none, too many, of another length than origin,
/// not finite, zero (at most 1e-12 of the origin's length) or parallel (sine of their angle at most 1e-6, which theta
/// in float cannot tell from 0).
void check_plane(const Plane& plane);

/// t = alpha runs from a (0) to b (1): origin a, direction b - a.
Plane line_through(std::span<const double> a, std::span<const double> b);

/// Origin a; alpha runs along b - a, so that b is (1, 0); beta along the part of c - a that is orthogonal to b - a, of
/// the same length as b - a, so that both axes have one unit and angles in pictures are true. Three solutions.
Plane plane_through(std::span<const double> a, std::span<const double> b, std::span<const double> c);

/// The same with any direction in the place of c - a.
Plane plane_through_line(std::span<const double> a, std::span<const double> b, std::span<const double> second);

}  // namespace basin
