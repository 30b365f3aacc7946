// Lanczos' method with full re-orthogonalisation, in double.
//
//   u = A q_j;  a_j = q_j.u;  u -= Q (Q'u), twice;  b_j = |u|;  q_{j+1} = u / b_j;   T = tridiag(b, a, b) = Q'AQ.
// C. Lanczos, J. Res. Nat. Bur. Stand. 45 (1950); B. Parlett, "The Symmetric Eigenvalue Problem" (1998), 13.
// The twice repeated classical Gram-Schmidt keeps |Q'Q - I| at rounding (Giraud, Langou, Rozloznik 2005), so no
// eigenvalue is found twice because of rounding ("ghosts"). A thick restart keeps chosen Ritz vectors and goes on from
// the residual that they share; T then starts with an arrow (K. Wu, H. Simon, SIAM J. Matrix Anal. 22, 2000).
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "core/spectrum/symmetric_operator.h"

namespace basin {

/// Ritz values in ascending order, the eigenvectors of T that belong to them (columns), and |A x - theta x| of each as
/// exact arithmetic would have it: b_m |y_m|, free of products.
struct RitzPairs {
    Eigen::VectorXd values;
    Eigen::MatrixXd vectors;
    Eigen::VectorXd free_residuals;
};

/// An orthonormal basis of a Krylov space that grows by one vector a product. One caller at a time.
class Lanczos {
public:
    /// b_j <= kBreakdown * |T| (largest row sum) counts as 0: the space is invariant.
    static constexpr double kBreakdown = 1e-12;
    /// Products whose q_i.(A q_j) and q_j.(A q_i) differ by more than this times |T| belong to no symmetric matrix;
    /// networks in float reach 1e-6.
    static constexpr double kAsymmetry = 1e-3;
    /// Draws the `number`-th fresh vector (0, 1, ...).
    using Fresh = std::function<void(std::span<double>, std::uint32_t number)>;

    /// At most `columns` basis vectors at a time (capped at dim). Throws std::invalid_argument when start is zero.
    /// `matrix` must outlive this.
    Lanczos(SymmetricOperator& matrix, std::size_t columns, std::span<const double> start);

    /// Bytes that a basis of `columns` vectors of dim n takes, T and its eigenvectors included.
    static std::size_t bytes(std::size_t n, std::size_t columns);

    /// One product and one basis vector more. In an invariant space: goes on with a fresh vector orthogonal to it
    /// (b = 0) where `fresh` is given, else returns false without a product. Also false when the basis is full or
    /// spans everything. Throws std::runtime_error where the products are not finite or not symmetric.
    bool step(const Fresh& fresh = {});

    std::size_t size() const { return size_; }
    bool full() const { return size_ == columns_; }
    /// The space is invariant: Ritz pairs are eigenpairs.
    bool invariant() const { return invariant_; }
    /// dim x size.
    auto basis() const { return basis_.leftCols(static_cast<Eigen::Index>(size_)); }
    /// Q'AQ (size x size, lower triangle).
    auto projected() const
    {
        return projected_.topLeftCorner(static_cast<Eigen::Index>(size_), static_cast<Eigen::Index>(size_));
    }
    /// b_m; 0 when the space is invariant.
    double next() const { return next_; }
    RitzPairs ritz() const;
    /// The Ritz vector of a column of RitzPairs::vectors, of length 1.
    Eigen::VectorXd vector(const RitzPairs& ritz, Eigen::Index column) const;

    /// Keeps the Ritz vectors of these columns and forgets the rest of the space. Needs less than `columns` of them.
    void restart(const RitzPairs& ritz, std::span<const Eigen::Index> kept);

private:
    bool draw_fresh(const Fresh& fresh);

    SymmetricOperator& matrix_;
    std::size_t columns_;
    Eigen::MatrixXd basis_;  // dim x (columns + 1): the last used column is q_{m+1}
    Eigen::MatrixXd projected_;
    Eigen::VectorXd image_;
    std::size_t size_ = 0;
    double next_ = 0;
    double norm_ = 0;  // of T, a running largest row sum
    bool invariant_ = false;
    std::uint32_t drawn_ = 0;
};

/// v -= Q (Q'v), twice; returns the coefficients of both passes together. Matrix-vector products only: their order of
/// summation does not depend on the size of the processor's caches.
Eigen::VectorXd orthogonalise(const Eigen::Ref<const Eigen::MatrixXd>& basis, Eigen::Ref<Eigen::VectorXd> v);

}  // namespace basin
