#include "core/spectrum/trace.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "core/spectrum/random_vector.h"

namespace basin {

void RunningMean::add(double x)
{
    ++count_;
    const double away = x - mean_;
    mean_ += away / static_cast<double>(count_);
    squares_ += away * (x - mean_);
}

double RunningMean::error() const
{
    if (count_ < 2) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const auto n = static_cast<double>(count_);
    return std::sqrt(squares_ / (n - 1) / n);
}

TraceEstimate hutchinson(SymmetricOperator& matrix, const TraceRequest& request, std::stop_token stop,
                         const Progress& progress)
{
    if (request.maximum_products < 2) {
        throw std::invalid_argument("maximum_products: must be at least 2, so that there is a standard error");
    }
    const auto n = static_cast<Eigen::Index>(matrix.dim());
    Eigen::VectorXd z(n);
    Eigen::VectorXd image(n);
    RunningMean terms;
    TraceEstimate estimate;
    while (terms.count() < request.maximum_products && !estimate.converged) {
        if (stop.stop_requested()) {
            estimate.stopped = true;
            break;
        }
        fill_random({z.data(), matrix.dim()}, NoiseKind::rademacher,
                    probe_key(request.seed, ProbeDraw::trace, static_cast<std::uint32_t>(terms.count())));
        matrix.apply({z.data(), matrix.dim()}, {image.data(), matrix.dim()});
        terms.add(z.dot(image));
        const double enough = std::max(request.absolute_error, request.relative_error * std::abs(terms.mean()));
        estimate.converged = terms.count() >= kFewestProbes && terms.error() <= enough;
        if (progress) {
            progress(static_cast<double>(terms.count()) / static_cast<double>(request.maximum_products));
        }
    }
    estimate.value = terms.mean();
    estimate.error = terms.error();
    estimate.products = terms.count();
    return estimate;
}

}  // namespace basin
