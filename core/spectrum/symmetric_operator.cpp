#include "core/spectrum/symmetric_operator.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace basin {

SymmetricOperator::SymmetricOperator(std::size_t dim, Product product) : dim_(dim), product_(std::move(product))
{
    if (dim == 0) {
        throw std::invalid_argument("the matrix has no rows; it must have at least one");
    }
}

void SymmetricOperator::apply(std::span<const double> v, std::span<double> out)
{
    product_(v, out);
    ++products_;
    const auto lost = std::find_if(out.begin(), out.end(), [](double x) { return !std::isfinite(x); });
    if (lost != out.end()) {
        throw std::runtime_error("product " + std::to_string(products_) + " with the matrix is not finite (number " +
                                 std::to_string(lost - out.begin()) + " of " + std::to_string(dim_) +
                                 "), so it has no spectrum");
    }
}

SymmetricOperator restricted(SymmetricOperator& whole, std::size_t offset, std::size_t size)
{
    if (size > whole.dim() || offset > whole.dim() - size) {
        throw std::invalid_argument("a block of " + std::to_string(size) + " rows from row " + std::to_string(offset) +
                                    " on does not fit in a matrix of " + std::to_string(whole.dim()));
    }
    struct Vectors {
        std::vector<double> in, out;
    };
    auto vectors =
        std::make_shared<Vectors>(Vectors{std::vector<double>(whole.dim()), std::vector<double>(whole.dim())});
    return {size, [&whole, offset, size, vectors](std::span<const double> v, std::span<double> out) {
                // Outside the block `in` stays zero from its making.
                std::copy(v.begin(), v.end(), vectors->in.begin() + static_cast<std::ptrdiff_t>(offset));
                whole.apply(vectors->in, vectors->out);
                std::copy_n(vectors->out.begin() + static_cast<std::ptrdiff_t>(offset), size, out.begin());
            }};
}

}  // namespace basin
