#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/spectrum/lanczos.h"
#include "core/spectrum/random_vector.h"
#include "core/spectrum/trace.h"

namespace basin {
namespace {

using Eigen::Index;

/// A sketch column of which less than this is left after orthogonalisation is rounding (see Lanczos::kBreakdown).
constexpr double kDependent = 1e-12;

struct Counter {
    const TraceRequest& request;
    const std::stop_token& stop;
    const Progress& progress;
    std::size_t planned;
    std::size_t done = 0;
    bool next()
    {
        if (stop.stop_requested()) {
            return false;
        }
        if (progress) {
            progress(static_cast<double>(done) / static_cast<double>(planned));
        }
        ++done;
        return true;
    }
};

}  // namespace

std::size_t hutch_plus_plus_bytes(std::size_t n, std::size_t maximum_products)
{
    return sizeof(double) * n * (std::min(n, maximum_products / 3) + 3);
}

TraceEstimate hutch_plus_plus(SymmetricOperator& matrix, const TraceRequest& request, std::stop_token stop,
                              const Progress& progress)
{
    if (request.maximum_products < 6) {
        throw std::invalid_argument(
            "maximum_products: Hutch++ needs at least 6, two each for sketch, exact part and the rest");
    }
    const std::size_t dim = matrix.dim();
    const auto n = static_cast<Index>(dim);
    const std::size_t third = request.maximum_products / 3;
    const std::size_t columns = std::min(third, dim);
    const bool whole = columns == dim;
    Counter counter{request, stop, progress, whole ? dim : 2 * columns + third};
    Eigen::MatrixXd q(n, static_cast<Index>(columns));
    Eigen::VectorXd z(n);
    Eigen::VectorXd image(n);
    TraceEstimate estimate;
    const auto stopped = [&] {
        estimate.products = counter.done;
        estimate.stopped = true;
        return estimate;
    };
    const auto draw = [&](ProbeDraw purpose, std::size_t number) {
        fill_random({z.data(), dim}, NoiseKind::rademacher,
                    probe_key(request.seed, purpose, static_cast<std::uint32_t>(number)));
    };
    const auto product = [&] { matrix.apply({z.data(), dim}, {image.data(), dim}); };

    Index rank = 0;
    if (whole) {
        q.setIdentity();
        rank = n;
    }
    for (std::size_t i = 0; i < columns && !whole; ++i) {
        if (!counter.next()) {
            return stopped();
        }
        draw(ProbeDraw::sketch, i);
        product();
        const double before = image.norm();
        orthogonalise(q.leftCols(rank), image);
        const double after = image.norm();
        if (after > kDependent * before) {
            q.col(rank++) = image / after;
        }
    }
    double exact = 0;
    for (Index i = 0; i < rank; ++i) {
        if (!counter.next()) {
            return stopped();
        }
        z = q.col(i);
        product();
        exact += z.dot(image);
    }
    RunningMean terms;
    while (rank < n && terms.count() < third && !estimate.converged) {
        if (!counter.next()) {
            return stopped();
        }
        draw(ProbeDraw::trace, terms.count());
        orthogonalise(q.leftCols(rank), z);
        product();
        terms.add(z.dot(image));
        const double enough = std::max(request.absolute_error, request.relative_error * std::abs(exact + terms.mean()));
        estimate.converged = terms.count() >= kFewestProbes && terms.error() <= enough;
    }
    estimate.value = exact + terms.mean();
    estimate.error = rank == n ? 0 : terms.error();
    estimate.converged = estimate.converged || rank == n;
    estimate.products = counter.done;
    if (progress) {
        progress(1);
    }
    return estimate;
}

}  // namespace basin
