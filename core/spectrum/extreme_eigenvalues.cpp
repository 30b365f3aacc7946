#include "core/spectrum/extreme_eigenvalues.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/spectrum/lanczos.h"
#include "core/spectrum/random_vector.h"

namespace basin {
namespace {

using Eigen::Index;

/// The products of a float network are off by 1e-6 of its norm, so a free residual this close decides nothing.
constexpr double kLookBelow = 0.9;
/// Ritz vectors that a restart keeps beside the wanted ones; fewer converge slowly, more leave no room to grow.
constexpr std::size_t kSpare = 4;
constexpr std::size_t kRoom = 8;

struct Search {
    SymmetricOperator& matrix;
    std::size_t top, bottom, columns, growth;
    double tolerance;
    bool vectors;

    std::size_t pairs() const { return top + bottom; }

    /// Columns of RitzPairs: the largest, descending, then the smallest, ascending.
    std::vector<Index> wanted(Index size, std::size_t spare = 0) const
    {
        const auto count = static_cast<std::size_t>(size);
        const std::size_t most = std::min(count, top + (top > 0 ? spare : 0));
        const std::size_t least = std::min(count - most, bottom + (bottom > 0 ? spare : 0));
        std::vector<Index> columns_of;
        for (std::size_t i = 0; i < most; ++i) {
            columns_of.push_back(size - 1 - static_cast<Index>(i));
        }
        for (std::size_t i = 0; i < least; ++i) {
            columns_of.push_back(static_cast<Index>(i));
        }
        return columns_of;
    }
};

double largest_free(const RitzPairs& ritz, const std::vector<Index>& columns)
{
    double worst = 0;
    for (const Index column : columns) {
        worst = std::max(worst, ritz.free_residuals(column));
    }
    return worst;
}

/// One product a pair.
void look(const Search& search, const Lanczos& lanczos, const RitzPairs& ritz, ExtremeEigenvalues& found)
{
    found.top.clear();
    found.bottom.clear();
    found.scale = std::max(std::abs(ritz.values(0)), std::abs(ritz.values(ritz.values.size() - 1)));
    double worst = 0;
    Eigen::VectorXd image(static_cast<Index>(search.matrix.dim()));
    for (const Index column : search.wanted(ritz.values.size())) {
        const Eigen::VectorXd x = lanczos.vector(ritz, column);
        search.matrix.apply({x.data(), search.matrix.dim()}, {image.data(), search.matrix.dim()});
        EigenPair pair;
        pair.value = x.dot(image);
        image -= pair.value * x;
        pair.residual = image.norm();
        worst = std::max(worst, pair.residual);
        if (search.vectors) {
            pair.vector.assign(x.data(), x.data() + x.size());
        }
        (found.top.size() < search.top ? found.top : found.bottom).push_back(std::move(pair));
    }
    found.worst = worst > 0 ? worst / found.scale : 0;
    found.converged = worst <= search.tolerance * found.scale;
    // A true value may change places with its neighbour by less than its residual.
    const auto less = [](const EigenPair& a, const EigenPair& b) { return a.value < b.value; };
    std::stable_sort(found.top.begin(), found.top.end(), [&](const auto& a, const auto& b) { return less(b, a); });
    std::stable_sort(found.bottom.begin(), found.bottom.end(), less);
}

Search prepare(SymmetricOperator& matrix, const ExtremeRequest& request)
{
    const std::size_t n = matrix.dim();
    const std::size_t top = std::min(request.top, n);
    const std::size_t bottom = std::min(request.bottom, n - top);
    const std::size_t pairs = top + bottom;
    if (!(request.tolerance > 0)) {
        throw std::invalid_argument("tolerance: must be above 0");
    }
    if (request.maximum_products < 2 * pairs) {
        throw std::invalid_argument("maximum_products: is " + std::to_string(request.maximum_products) + " and " +
                                    std::to_string(pairs) + " pairs need at least " + std::to_string(2 * pairs));
    }
    const std::size_t least = extreme_bytes_least(n, request);
    if (request.bytes < least) {
        throw std::invalid_argument("memory: " + std::to_string(pairs) + " eigenvalues of a matrix of " +
                                    std::to_string(n) + " rows need " + std::to_string(least) + " bytes and may take " +
                                    std::to_string(request.bytes));
    }
    const std::size_t growth = request.maximum_products - pairs;
    std::size_t columns = std::min(n, growth);
    while (Lanczos::bytes(n, columns) > request.bytes) {
        --columns;
    }
    return {matrix, top, bottom, columns, growth, request.tolerance, request.vectors};
}

}  // namespace

std::size_t extreme_bytes_least(std::size_t n, const ExtremeRequest& request)
{
    const std::size_t pairs = std::min(n, request.top) + std::min(n, request.bottom);
    return Lanczos::bytes(n, std::min(request.maximum_products, pairs + 2 * kSpare + kRoom));
}

std::size_t extreme_bytes(std::size_t n, const ExtremeRequest& request)
{
    return std::max(extreme_bytes_least(n, request),
                    std::min(request.bytes, Lanczos::bytes(n, request.maximum_products)));
}

ExtremeEigenvalues extreme_eigenvalues(SymmetricOperator& matrix, const ExtremeRequest& request, std::stop_token stop,
                                       const Progress& progress)
{
    ExtremeEigenvalues found;
    const std::uint64_t before = matrix.products();
    const Search search = prepare(matrix, request);
    if (search.pairs() == 0) {
        found.converged = true;
        return found;
    }
    const auto draw = [&](std::span<double> out, ProbeDraw purpose, std::uint32_t number) {
        fill_random(out, NoiseKind::normal, probe_key(request.seed, purpose, number));
    };
    std::vector<double> start(matrix.dim());
    draw(start, ProbeDraw::lanczos_start, 0);
    Lanczos lanczos(matrix, search.columns, start);
    double look_below = kLookBelow;  // of tolerance * scale
    bool news = false;               // the space has grown since the last look
    for (;;) {
        found.products = matrix.products() - before;
        if (stop.stop_requested()) {
            found.top.clear();
            found.bottom.clear();
            found.converged = false;
            found.stopped = true;
            return found;
        }
        // What a look costs is always left over.
        const bool spent = found.products + 1 + search.pairs() > request.maximum_products;
        const bool grown = !spent && lanczos.step([&](auto out, std::uint32_t number) {
            draw(out, ProbeDraw::lanczos_fresh, number);
        });
        news = news || grown;
        found.products = matrix.products() - before;
        const bool whole = lanczos.size() == matrix.dim();
        if (grown && lanczos.size() < search.pairs()) {
            continue;
        }
        const RitzPairs ritz = lanczos.ritz();
        const std::vector<Index> wanted = search.wanted(ritz.values.size());
        const double scale = std::max(std::abs(ritz.values(0)), std::abs(ritz.values(ritz.values.size() - 1)));
        const double free = largest_free(ritz, wanted);
        const bool last = spent || whole || (!grown && !lanczos.full());
        if (last || free <= look_below * search.tolerance * scale) {
            if (news && found.products + search.pairs() <= request.maximum_products) {
                look(search, lanczos, ritz, found);
                news = false;
            }
            found.products = matrix.products() - before;
            if (last || found.converged) {
                break;
            }
            look_below = 0.5 * free / (search.tolerance * scale);
        }
        if (progress) {
            // Free residuals fall geometrically, so their logarithm says how far it is.
            const double digits = std::log(std::max(free, 1e-300) / std::max(scale, 1e-300));
            progress(std::clamp(digits / std::log(search.tolerance), 0.0, 0.95));
        }
        if (lanczos.full() && found.products + 1 + search.pairs() <= request.maximum_products) {
            const std::size_t keep = (lanczos.size() - search.pairs()) / 4;
            lanczos.restart(ritz, search.wanted(ritz.values.size(), std::max(kSpare, keep / 2)));
        }
    }
    if (progress) {
        progress(1);
    }
    return found;
}

}  // namespace basin
