// A symmetric matrix that is known by its products with vectors alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace basin {

/// out = A v; both have the matrix' dimension and do not overlap.
using Product = std::function<void(std::span<const double> v, std::span<double> out)>;

/// Tells how far something long has come, from 0 to 1; may be empty.
using Progress = std::function<void(double)>;

/// Takes products, counts them and looks at them: a product that is not finite throws std::runtime_error with one
/// sentence, so that nothing below ever works on NaN. One caller at a time, on any thread.
class SymmetricOperator {
public:
    /// Throws std::invalid_argument when dim is 0.
    SymmetricOperator(std::size_t dim, Product product);
    std::size_t dim() const { return dim_; }
    std::uint64_t products() const { return products_; }
    void apply(std::span<const double> v, std::span<double> out);

private:
    std::size_t dim_;
    Product product_;
    std::uint64_t products_ = 0;
};

/// The diagonal block of rows and columns [offset, offset + size): its products are taken, and counted, in `whole`,
/// which must outlive it. Its eigenvalues lie between those of `whole` (Cauchy). Keeps two vectors of `whole`'s
/// dimension. Throws std::invalid_argument where the range leaves the matrix.
SymmetricOperator restricted(SymmetricOperator& whole, std::size_t offset, std::size_t size);

}  // namespace basin
