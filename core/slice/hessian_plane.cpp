#include "core/slice/hessian_plane.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/spectrum/extreme_eigenvalues.h"

namespace basin {

Plane hessian_plane(Curvature& curvature, const HessianPlaneRequest& request, const std::stop_token& stop,
                    const Progress& progress)
{
    const bool both_ends = request.pair == HessianPair::top_and_bottom;
    SymmetricOperator hessian(curvature.dim(), [&](std::span<const double> v, std::span<double> out) {
        curvature.product(CurvatureMatrix::hessian, v, out);
    });
    ExtremeRequest wanted;
    wanted.top = both_ends ? 1 : 2;
    wanted.bottom = both_ends ? 1 : 0;
    wanted.tolerance = request.tolerance;
    wanted.maximum_products = request.maximum_products;
    wanted.seed = request.seed;
    wanted.vectors = true;
    ExtremeEigenvalues found = extreme_eigenvalues(hessian, wanted, stop, progress);
    const std::span<const double> theta = curvature.theta();
    Plane plane{both_ends ? "hessian top and bottom" : "hessian top", {theta.begin(), theta.end()}, {}};
    if (found.stopped) {
        return plane;
    }
    std::vector<EigenPair> pairs = std::move(found.top);
    std::move(found.bottom.begin(), found.bottom.end(), std::back_inserter(pairs));
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        std::vector<double>& x = pairs[i].vector;
        const auto largest =
            std::max_element(x.begin(), x.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
        if (*largest < 0) {
            std::transform(x.begin(), x.end(), x.begin(), [](double number) { return -number; });
        }
        const std::string which = std::to_string(i + 1);
        plane.numbers.emplace_back("eigenvalue " + which, pairs[i].value);
        plane.numbers.emplace_back("residual " + which, pairs[i].residual);
        plane.directions.push_back(std::move(x));
    }
    plane.numbers.emplace_back("products", static_cast<double>(found.products));
    check_plane(plane);
    return plane;
}

}  // namespace basin
