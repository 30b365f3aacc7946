#include "core/slice/plane.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace basin {
namespace {

constexpr double kZero = 1e-12;
constexpr double kParallel = 1e-6;

std::vector<double> difference(std::span<const double> a, std::span<const double> b)
{
    if (a.size() != b.size()) {
        throw std::invalid_argument("directions: the two points have " + std::to_string(a.size()) + " and " +
                                    std::to_string(b.size()) + " numbers; they must be of one network");
    }
    std::vector<double> result(a.size());
    std::transform(a.begin(), a.end(), b.begin(), result.begin(), [](double x, double y) { return x - y; });
    return result;
}

template <class T>
PlanePoint projected(const Plane& plane, std::span<const T> theta)
{
    // Normal equations of at most two unknowns; the directions are far from parallel (check_plane).
    const std::vector<double>& d1 = plane.directions[0];
    const bool two = plane.directions.size() > 1;
    double a = 0;
    double b = 0;
    for (std::size_t i = 0; i < plane.dim(); ++i) {
        const double r = static_cast<double>(theta[i]) - plane.origin[i];
        a += r * d1[i];
        b += two ? r * plane.directions[1][i] : 0;
    }
    PlanePoint point;
    const double aa = dot(d1, d1);
    if (two) {
        const double ab = dot(d1, plane.directions[1]);
        const double bb = dot(plane.directions[1], plane.directions[1]);
        const double determinant = aa * bb - ab * ab;
        point.alpha = (a * bb - b * ab) / determinant;
        point.beta = (b * aa - a * ab) / determinant;
    } else {
        point.alpha = a / aa;
    }
    double left = 0;
    for (std::size_t i = 0; i < plane.dim(); ++i) {
        const double foot = plane.origin[i] + point.alpha * d1[i] + (two ? point.beta * plane.directions[1][i] : 0);
        const double r = static_cast<double>(theta[i]) - foot;
        left += r * r;
    }
    point.distance = std::sqrt(left);
    return point;
}

bool finite(std::span<const double> numbers)
{
    return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

}  // namespace

double dot(std::span<const double> a, std::span<const double> b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

double norm(std::span<const double> a)
{
    return std::sqrt(dot(a, a));
}

void Plane::at(double alpha, double beta, std::span<double> point) const
{
    const std::vector<double>& d1 = directions[0];
    if (directions.size() == 1) {
        for (std::size_t i = 0; i < point.size(); ++i) {
            point[i] = origin[i] + alpha * d1[i];
        }
        return;
    }
    const std::vector<double>& d2 = directions[1];
    for (std::size_t i = 0; i < point.size(); ++i) {
        point[i] = origin[i] + alpha * d1[i] + beta * d2[i];
    }
}

PlanePoint Plane::project(std::span<const double> theta) const
{
    return projected(*this, theta);
}

PlanePoint Plane::project(std::span<const float> theta) const
{
    return projected(*this, theta);
}

void check_plane(const Plane& plane)
{
    if (plane.directions.empty() || plane.directions.size() > 2) {
        throw std::invalid_argument("directions: there are " + std::to_string(plane.directions.size()) +
                                    "; a line has one and a plane two");
    }
    if (plane.origin.empty() || !finite(plane.origin)) {
        throw std::invalid_argument("origin: is not a point of finite numbers, so nothing can be sliced there");
    }
    for (std::size_t i = 0; i < plane.directions.size(); ++i) {
        const std::vector<double>& d = plane.directions[i];
        const std::string name = "directions[" + std::to_string(i) + "]: ";
        if (d.size() != plane.dim()) {
            throw std::invalid_argument(name + "has " + std::to_string(d.size()) + " numbers, but the origin has " +
                                        std::to_string(plane.dim()));
        }
        if (!finite(d)) {
            throw std::invalid_argument(name + "is not finite");
        }
        const double length = norm(d);
        if (length == 0 || length <= kZero * norm(plane.origin)) {
            throw std::invalid_argument(name + "is zero, so it leads nowhere; choose points that differ");
        }
    }
    if (plane.directions.size() == 2) {
        // |d1/|d1| -+ d2/|d2|| is twice the sine of half the angle: exact where 1 - cosine^2 would be rounding.
        const double n1 = norm(plane.directions[0]);
        const double n2 = norm(plane.directions[1]);
        double apart = 0;
        double together = 0;
        for (std::size_t i = 0; i < plane.dim(); ++i) {
            const double u = plane.directions[0][i] / n1;
            const double v = plane.directions[1][i] / n2;
            apart += (u - v) * (u - v);
            together += (u + v) * (u + v);
        }
        if (std::sqrt(std::min(apart, together)) <= kParallel) {
            throw std::invalid_argument("directions: the two are parallel, so they span a line and no plane");
        }
    }
}

Plane line_through(std::span<const double> a, std::span<const double> b)
{
    Plane line{"line", {a.begin(), a.end()}, {difference(b, a)}};
    check_plane(line);
    return line;
}

Plane plane_through(std::span<const double> a, std::span<const double> b, std::span<const double> c)
{
    Plane plane = plane_through_line(a, b, difference(c, a));
    plane.kind = "points";
    return plane;
}

Plane plane_through_line(std::span<const double> a, std::span<const double> b, std::span<const double> second)
{
    Plane plane{"line and direction", {a.begin(), a.end()}, {difference(b, a), {second.begin(), second.end()}}};
    check_plane(plane);
    const std::vector<double>& d1 = plane.directions[0];
    std::vector<double>& d2 = plane.directions[1];
    const double length = norm(d1);
    for (int pass = 0; pass < 2; ++pass) {  // the second pass removes what rounding left of a small angle
        const double share = dot(d1, d2) / (length * length);
        for (std::size_t i = 0; i < d2.size(); ++i) {
            d2[i] -= share * d1[i];
        }
    }
    const double scale = length / norm(d2);
    for (double& x : d2) {
        x *= scale;
    }
    return plane;
}

}  // namespace basin
