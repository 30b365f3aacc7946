// The trace of a matrix from products with random vectors, with its standard error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "core/spectrum/symmetric_operator.h"

namespace basin {

struct TraceRequest {
    /// It is enough when the standard error is below relative_error * |estimate| or below absolute_error.
    double relative_error = 0.05;
    double absolute_error = 0;
    std::size_t maximum_products = 300;
    std::uint64_t seed = 1;
};

struct TraceEstimate {
    double value = 0;
    double error = 0;  // one standard error; NaN from fewer than two probes
    std::uint64_t products = 0;
    bool converged = false;  // the wanted error was reached
    bool stopped = false;    // by the token; value and error are then of what had been drawn
};

/// Probes before the first decision to stop: the deviation of ten terms is itself known to 24 %, so a run that ends
/// here by luck understates its error a little; with fewer it would often.
inline constexpr std::size_t kFewestProbes = 10;

/// M. Hutchinson, Commun. Stat. Simul. Comput. 19 (1990): the mean of z'Az over Rademacher vectors z. Its variance for
/// one probe is 2 (|A|_F^2 - sum a_ii^2); the standard error is the sample's deviation / sqrt(probes). Equal arguments
/// give equal bytes. Throws std::invalid_argument with fewer than two products allowed.
TraceEstimate hutchinson(SymmetricOperator& matrix, const TraceRequest& request, std::stop_token stop = {},
                         const Progress& progress = {});

/// R. Meyer, C. Musco, C. Musco, D. Woodruff, "Hutch++", SOSA 2021. A third of the products makes Q = orth(A S) of a
/// Rademacher sketch S, a third takes tr(Q'AQ) exactly, and up to a third are Hutchinson probes of what is left,
/// G_p = (I - QQ') G. S and G are independent, so for any Q the estimate is unbiased and the deviation of the probes'
/// terms / sqrt(probes) is its standard error (given Q; the exact part has none). It ends early when that is small
/// enough. Directions that A S spans only by rounding are dropped. With a third of at least dim products Q is the
/// identity and the trace exact.
TraceEstimate hutch_plus_plus(SymmetricOperator& matrix, const TraceRequest& request, std::stop_token stop = {},
                              const Progress& progress = {});
/// Bytes that it keeps.
std::size_t hutch_plus_plus_bytes(std::size_t n, std::size_t maximum_products);

/// Mean and standard error of numbers that come one by one (Welford).
class RunningMean {
public:
    void add(double x);
    std::size_t count() const { return count_; }
    double mean() const { return mean_; }
    /// Deviation / sqrt(count); NaN from fewer than two.
    double error() const;

private:
    std::size_t count_ = 0;
    double mean_ = 0;
    double squares_ = 0;
};

}  // namespace basin
