// The plane of the Hessian's extreme eigenvectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "core/objective/curvature.h"
#include "core/slice/plane.h"
#include "core/spectrum/symmetric_operator.h"

namespace basin {

enum class HessianPair : std::uint8_t {
    top_two,         // the two largest eigenvalues
    top_and_bottom,  // the largest and the smallest, which is where a saddle goes down
};

struct HessianPlaneRequest {
    HessianPair pair = HessianPair::top_two;
    double tolerance = 1e-3;  // relative residual
    std::size_t maximum_products = 400;
    std::uint64_t seed = 1;
};

/// Curvature::theta() and two unit eigenvectors (their largest components positive), so alpha and beta are distances
/// and along an axis L = L0 + g t + eigenvalue t^2 / 2 + O(t^3). Numbers "eigenvalue 1", "residual 1" (|Hx - eigenvalue
/// x|), "eigenvalue 2", "residual 2", "products". A plane without directions when it was stopped. Throws
/// std::runtime_error where products are not finite, std::invalid_argument as check_plane.
Plane hessian_plane(Curvature& curvature, const HessianPlaneRequest& request, const std::stop_token& stop = {},
                    const Progress& progress = {});

}  // namespace basin
