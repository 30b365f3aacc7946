#include "core/slice/make_plane.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <span>
#include <stdexcept>
#include <utility>

#include "core/slice/filter_normalised.h"
#include "core/slice/hessian_plane.h"
#include "core/slice/principal_plane.h"

namespace basin {
namespace {

constexpr std::array<std::string_view, 7> kNames{
    "line", "random", "points", "line_and_random", "hessian_top", "hessian_top_and_bottom", "principal"};

std::size_t lanes_needed(PlaneKind kind)
{
    switch (kind) {
        case PlaneKind::line:
        case PlaneKind::line_and_random:
            return 2;
        case PlaneKind::points:
            return 3;
        default:
            return 1;
    }
}

void check(const PlaneRequest& request, std::size_t dim)
{
    const std::size_t needed = lanes_needed(request.kind);
    if (request.lanes.size() < needed) {
        throw std::invalid_argument("lanes: a slice of kind " + std::string(plane_kind_name(request.kind)) + " needs " +
                                    std::to_string(needed) + ", and there are " + std::to_string(request.lanes.size()));
    }
    for (const LanePath& lane : request.lanes) {
        if (lane.thetas.empty() || lane.steps.size() != lane.thetas.size()) {
            throw std::invalid_argument("lane \"" + lane.label + "\": has no solution yet; let it do some steps");
        }
        for (std::size_t i = 0; i < lane.thetas.size(); ++i) {
            const std::vector<float>& theta = *lane.thetas[i];
            if (theta.size() != dim) {
                throw std::invalid_argument("lane \"" + lane.label + "\": has " + std::to_string(theta.size()) +
                                            " parameters, and this network has " + std::to_string(dim));
            }
            if (!std::all_of(theta.begin(), theta.end(), [](float x) { return std::isfinite(x); })) {
                throw std::invalid_argument("lane \"" + lane.label + "\": its theta at step " +
                                            std::to_string(lane.steps[i]) + " is not finite; slice another lane");
            }
        }
    }
}

std::vector<double> solution(const LanePath& lane)
{
    return {lane.thetas.back()->begin(), lane.thetas.back()->end()};
}

Plane of_hessian(const PlaneRequest& request, Objective& objective, const std::stop_token& stop,
                 const Progress& progress)
{
    const auto curvature = objective.curvature(*request.lanes[0].thetas.back(), request.buffers,
                                               {.sample = request.sample, .seed = request.seed});
    if (!curvature) {
        throw std::invalid_argument("kind: this objective has no second derivatives; choose random directions");
    }
    const HessianPair pair =
        request.kind == PlaneKind::hessian_top ? HessianPair::top_two : HessianPair::top_and_bottom;
    return hessian_plane(*curvature, {.pair = pair, .seed = request.seed}, stop, progress);
}

Plane of_paths(const PlaneRequest& request)
{
    std::vector<std::span<const float>> rows;
    for (const LanePath& lane : request.lanes) {
        for (const SharedTheta& theta : lane.thetas) {
            rows.emplace_back(*theta);
        }
    }
    const std::vector<double> centre = request.centre_on_last ? solution(request.lanes[0]) : std::vector<double>{};
    return principal_plane(rows, centre).plane;
}

Plane unmarked(const PlaneRequest& request, Objective& objective, const std::stop_token& stop, const Progress& progress)
{
    const auto at = [&](std::size_t lane) { return solution(request.lanes[lane]); };
    switch (request.kind) {
        case PlaneKind::line:
            return line_through(at(0), at(1));
        case PlaneKind::random:
            return random_plane(objective.layout(), at(0), request.seed);
        case PlaneKind::points:
            return plane_through(at(0), at(1), at(2));
        case PlaneKind::line_and_random:
            return plane_through_line(at(0), at(1), random_direction(objective.layout(), at(0), request.seed, 0));
        case PlaneKind::principal:
            return of_paths(request);
        default:
            return of_hessian(request, objective, stop, progress);
    }
}

}  // namespace

std::string_view plane_kind_name(PlaneKind kind)
{
    return kNames[static_cast<std::size_t>(kind)];
}

std::vector<PlaneMark> marks_of(const Plane& plane, const std::vector<LanePath>& lanes)
{
    std::vector<PlaneMark> marks;
    for (const LanePath& lane : lanes) {
        for (std::size_t i = 0; i < lane.thetas.size(); ++i) {
            marks.push_back({lane.label, lane.steps[i], plane.project(std::span<const float>(*lane.thetas[i]))});
        }
    }
    return marks;
}

Plane make_plane(const PlaneRequest& request, Objective& objective, const std::stop_token& stop,
                 const Progress& progress)
{
    check(request, objective.dim());
    Plane plane = unmarked(request, objective, stop, progress);
    plane.kind = plane_kind_name(request.kind);
    if (!plane.directions.empty()) {
        plane.marks = marks_of(plane, request.lanes);
    }
    return plane;
}

std::vector<SliceAxis> suggested_axes(const Plane& plane, std::size_t count)
{
    if (plane.directions.size() == 1) {
        return {{0, 1, count}};
    }
    if (plane.kind == "random") {
        return {{-1, 1, count}, {-1, 1, count}};
    }
    for (const auto& [name, value] : plane.numbers) {
        if (name == "eigenvalue 1") {
            // Both alike, so that the picture shows how much flatter the second one is.
            const double reach = std::sqrt(2 / std::max(std::abs(value), 1e-6));
            return {{-reach, reach, count}, {-reach, reach, count}};
        }
    }
    std::vector<PlanePoint> points;
    std::transform(plane.marks.begin(), plane.marks.end(), std::back_inserter(points),
                   [](const PlaneMark& mark) { return mark.at; });
    return axes_around(points, count);
}

}  // namespace basin
