// From what somebody wants to see to a line or a plane with everything marked on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/objective/objective.h"
#include "core/slice/plane.h"
#include "core/slice/slice_spec.h"
#include "core/spectrum/symmetric_operator.h"

namespace basin {

using SharedTheta = std::shared_ptr<const std::vector<float>>;

/// Thetas of one lane in the order of its steps; the last one is its solution. Copies are cheap: thetas are shared and
/// never change.
struct LanePath {
    std::string label;
    std::vector<std::uint64_t> steps;
    std::vector<SharedTheta> thetas;
};

enum class PlaneKind : std::uint8_t {
    line,                    // from the first lane's solution (0) to the second's (1)
    random,                  // filter-normalised directions around the first lane's solution
    points,                  // through three lanes' solutions
    line_and_random,         // through two, the other direction random (of the first one's filters)
    hessian_top,             // the two largest eigenvalues' directions at the first lane's solution
    hessian_top_and_bottom,  // the largest and the smallest
    principal,               // of all lanes' paths together
};

/// "line", "random", ...: the enumerators' names, as files and forms spell them.
std::string_view plane_kind_name(PlaneKind kind);

struct PlaneRequest {
    PlaneKind kind = PlaneKind::random;
    std::vector<LanePath> lanes;   // those that the kind needs come first; all are marked
    std::vector<float> buffers{};  // of the first lane
    std::uint64_t seed = 1;        // of random directions and of the Hessian's sample and start
    std::size_t sample = 1024;     // training examples of the Hessian; 0: all
    bool centre_on_last = false;   // principal: on the first lane's solution, not on the mean
};

/// Projects every lane's path onto `plane`: one mark a theta, so that paths can be drawn.
std::vector<PlaneMark> marks_of(const Plane& plane, const std::vector<LanePath>& lanes);

/// Directions and marks. May take long for Hessian directions, which can be stopped (a plane without directions comes
/// back) and tell their progress. Throws std::invalid_argument, one sentence, when lanes are missing, a theta is not
/// finite or of another network, directions are zero or parallel, or the objective has no second derivatives;
/// std::runtime_error where Hessian products are not finite.
Plane make_plane(const PlaneRequest& request, Objective& objective, const std::stop_token& stop = {},
                 const Progress& progress = {});

/// Axes that show it: a line from 0 to 1, random directions from -1 to 1, Hessian directions as far as the quadratic
/// model of the largest eigenvalue rises by 1, the others around their marks.
std::vector<SliceAxis> suggested_axes(const Plane& plane, std::size_t count);

}  // namespace basin
