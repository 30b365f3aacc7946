#include "core/spectrum/lanczos.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace basin {
namespace {

using Eigen::Index;

std::span<const double> read(const auto& column)
{
    return {column.data(), static_cast<std::size_t>(column.size())};
}

Index index(std::size_t i)
{
    return static_cast<Index>(i);
}

}  // namespace

Eigen::VectorXd orthogonalise(const Eigen::Ref<const Eigen::MatrixXd>& basis, Eigen::Ref<Eigen::VectorXd> v)
{
    Eigen::VectorXd sum = basis.transpose() * v;
    v.noalias() -= basis * sum;
    const Eigen::VectorXd again = basis.transpose() * v;
    v.noalias() -= basis * again;
    return sum + again;
}

std::size_t Lanczos::bytes(std::size_t n, std::size_t columns)
{
    columns = std::min(columns, n);
    return sizeof(double) * (n * (columns + 2) + 3 * columns * columns);
}

Lanczos::Lanczos(SymmetricOperator& matrix, std::size_t columns, std::span<const double> start)
    : matrix_(matrix),
      columns_(std::clamp<std::size_t>(columns, 1, matrix.dim())),
      basis_(index(matrix.dim()), index(columns_ + 1)),
      projected_(Eigen::MatrixXd::Zero(index(columns_ + 1), index(columns_ + 1))),
      image_(index(matrix.dim()))
{
    const Eigen::Map<const Eigen::VectorXd> given(start.data(), index(start.size()));
    const double length = given.norm();
    if (start.size() != matrix.dim() || !(length > 0) || !std::isfinite(length)) {
        throw std::invalid_argument("Lanczos' start must be a finite vector of the matrix' dimension that is not zero");
    }
    basis_.col(0) = given / length;
}

bool Lanczos::draw_fresh(const Fresh& fresh)
{
    if (!fresh || size_ == matrix_.dim()) {
        return false;
    }
    // A draw that lies almost in the space would leave rounding alone; three in a row do not happen.
    for (int attempt = 0; attempt < 3; ++attempt) {
        auto column = basis_.col(index(size_));
        fresh({column.data(), matrix_.dim()}, drawn_++);
        const double before = column.norm();
        orthogonalise(basis(), column);
        const double after = column.norm();
        if (after > 1e-8 * before) {
            column /= after;
            orthogonalise(basis(), column);
            column.normalize();
            return true;
        }
    }
    return false;
}

bool Lanczos::step(const Fresh& fresh)
{
    if (full() || (invariant_ && !draw_fresh(fresh))) {
        return false;
    }
    const Index j = index(size_);
    matrix_.apply(read(basis_.col(j)), {image_.data(), matrix_.dim()});
    const Eigen::VectorXd coefficients = orthogonalise(basis_.leftCols(j + 1), image_);
    projected_(j, j) = coefficients(j);
    next_ = image_.norm();
    const Eigen::VectorXd expected = projected_.row(j).head(j).transpose();
    norm_ = std::max(norm_, expected.lpNorm<1>() + std::abs(coefficients(j)) + next_);
    const double difference = j > 0 ? (coefficients.head(j) - expected).lpNorm<Eigen::Infinity>() : 0.0;
    if (difference > kAsymmetry * norm_) {
        throw std::runtime_error(
            "the products are not those of one symmetric matrix: x.(A y) and y.(A x) differ by more than a thousandth "
            "of its norm, as with a batch or dropout mask that changes");
    }
    ++size_;
    invariant_ = next_ <= kBreakdown * norm_ || size_ == matrix_.dim();
    if (invariant_) {
        next_ = 0;
    } else {
        basis_.col(j + 1) = image_ / next_;
    }
    projected_.row(j + 1).head(j + 1).setZero();
    projected_(j + 1, j) = next_;
    return true;
}

RitzPairs Lanczos::ritz() const
{
    RitzPairs pairs;
    if (size_ == 0) {
        return pairs;
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(projected());
    pairs.values = solver.eigenvalues();
    pairs.vectors = solver.eigenvectors();
    pairs.free_residuals = next_ * pairs.vectors.row(index(size_) - 1).transpose().cwiseAbs();
    return pairs;
}

Eigen::VectorXd Lanczos::vector(const RitzPairs& ritz, Index column) const
{
    Eigen::VectorXd x = basis() * ritz.vectors.col(column);
    x.normalize();
    return x;
}

void Lanczos::restart(const RitzPairs& ritz, std::span<const Index> kept)
{
    const Index count = index(kept.size());
    if (kept.size() >= columns_) {
        throw std::invalid_argument("a thick restart must keep fewer vectors than the basis may have");
    }
    Eigen::MatrixXd y(index(size_), count);
    Eigen::VectorXd values(count);
    for (Index i = 0; i < count; ++i) {
        y.col(i) = ritz.vectors.col(kept[static_cast<std::size_t>(i)]);
        values(i) = ritz.values(kept[static_cast<std::size_t>(i)]);
    }
    // Row by row, in blocks, so that no second basis is needed.
    constexpr Index kRows = 256;
    for (Index row = 0; row < basis_.rows(); row += kRows) {
        const Index rows = std::min(kRows, basis_.rows() - row);
        const Eigen::MatrixXd old = basis_.block(row, 0, rows, index(size_));
        for (Index i = 0; i < count; ++i) {
            basis_.col(i).segment(row, rows) = old * y.col(i);
        }
    }
    if (!invariant_) {
        basis_.col(count) = basis_.col(index(size_));
    }
    const Eigen::VectorXd coupling = next_ * y.row(index(size_) - 1).transpose();
    projected_.setZero();
    projected_.diagonal().head(count) = values;
    projected_.row(count).head(count) = coupling.transpose();
    size_ = kept.size();
}

}  // namespace basin
