#include "core/slice/principal_plane.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace basin {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Coordinates at a time: 64 rows of them are half a megabyte.
constexpr std::size_t kColumns = 1024;
/// Variance of a second direction, as a share, that is rounding of theta in float and not a direction.
constexpr double kFlat = 1e-12;

template <class T>
using Rows = std::span<const std::span<const T>>;

/// Calls body(first, M) for blocks of columns of M.
template <class T, class Body>
void for_blocks(Rows<T> rows, std::span<const double> centre, Body&& body)
{
    const std::size_t dim = rows[0].size();
    for (std::size_t first = 0; first < dim; first += kColumns) {
        const std::size_t count = std::min(kColumns, dim - first);
        MatrixXd block(static_cast<Index>(rows.size()), static_cast<Index>(count));
        for (std::size_t r = 0; r < rows.size(); ++r) {
            for (std::size_t c = 0; c < count; ++c) {
                block(static_cast<Index>(r), static_cast<Index>(c)) =
                    static_cast<double>(rows[r][first + c]) - centre[first + c];
            }
        }
        body(first, block);
    }
}

template <class T>
std::vector<double> mean(Rows<T> rows)
{
    std::vector<double> sum(rows[0].size());
    for (const std::span<const T> row : rows) {
        for (std::size_t i = 0; i < sum.size(); ++i) {
            sum[i] += static_cast<double>(row[i]);
        }
    }
    for (double& x : sum) {
        x /= static_cast<double>(rows.size());
    }
    return sum;
}

template <class T>
void check(Rows<T> rows, std::span<const double> centre)
{
    if (rows.size() < 3) {
        throw std::invalid_argument("paths: have " + std::to_string(rows.size()) +
                                    " points together; a plane needs at least three");
    }
    for (const std::span<const T> row : rows) {
        if (row.size() != rows[0].size() || (!centre.empty() && centre.size() != row.size())) {
            throw std::invalid_argument("paths: have points of different length; they must be of one network");
        }
        if (!std::all_of(row.begin(), row.end(), [](T x) { return std::isfinite(x); })) {
            throw std::invalid_argument("paths: a point is not finite; leave out the lanes that diverged");
        }
    }
}

template <class T>
PrincipalPlane made(Rows<T> rows, std::span<const double> centre)
{
    check(rows, centre);
    PrincipalPlane result;
    Plane& plane = result.plane;
    plane.kind = "principal";
    plane.origin = centre.empty() ? mean(rows) : std::vector<double>(centre.begin(), centre.end());
    const auto count = static_cast<Index>(rows.size());
    MatrixXd gram = MatrixXd::Zero(count, count);
    for_blocks(rows, plane.origin,
               [&](std::size_t, const MatrixXd& block) { gram.selfadjointView<Eigen::Lower>().rankUpdate(block); });
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(gram);
    const VectorXd values = solver.eigenvalues().reverse().cwiseMax(0.0);
    const double total = values.sum();
    if (!(total > 0) || values(1) <= kFlat * total) {
        throw std::invalid_argument("paths: their points lie on a line, so they span no plane; go on for some steps");
    }
    for (Index i = 0; i < count; ++i) {
        result.singular_values.push_back(std::sqrt(values(i)));
        result.shares.push_back(values(i) / total);
        if (i < 5) {
            plane.numbers.emplace_back("share " + std::to_string(i + 1), result.shares.back());
        }
    }
    MatrixXd two(count, 2);  // u_j / sqrt(k_j)
    result.coordinates.resize(rows.size());
    for (Index j = 0; j < 2; ++j) {
        VectorXd u = solver.eigenvectors().col(count - 1 - j);
        Index largest = 0;
        u.cwiseAbs().maxCoeff(&largest);
        u *= u(largest) < 0 ? -1.0 : 1.0;
        for (Index r = 0; r < count; ++r) {
            result.coordinates[static_cast<std::size_t>(r)][static_cast<std::size_t>(j)] = std::sqrt(values(j)) * u(r);
        }
        two.col(j) = u / std::sqrt(values(j));
    }
    plane.directions.assign(2, std::vector<double>(plane.dim()));
    for_blocks(rows, plane.origin, [&](std::size_t first, const MatrixXd& block) {
        const MatrixXd part = block.transpose() * two;
        for (Index j = 0; j < 2; ++j) {
            std::copy_n(part.col(j).data(), part.rows(),
                        plane.directions[static_cast<std::size_t>(j)].begin() + static_cast<std::ptrdiff_t>(first));
        }
    });
    check_plane(plane);
    return result;
}

}  // namespace

PrincipalPlane principal_plane(Rows<float> rows, std::span<const double> centre)
{
    return made(rows, centre);
}

PrincipalPlane principal_plane(Rows<double> rows, std::span<const double> centre)
{
    return made(rows, centre);
}

}  // namespace basin
