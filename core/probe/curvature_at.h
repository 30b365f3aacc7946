// What the probes of a network's curvature share: their parameters, and the curvature at the theta that was copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/objective/objective.h"
#include "core/probe/probe.h"
#include "core/spectrum/symmetric_operator.h"

namespace basin {

/// "sample", "matrix" and "memory".
ParamSpec sample_parameter();
ParamSpec matrix_parameter();
ParamSpec memory_parameter();
/// A whole number from `least` to `most`.
ParamSpec count_parameter(std::string key, std::string label, std::string help, std::int64_t value, double least,
                          double most);

CurvatureMatrix chosen_matrix(const Params& params);

/// What a measurement of its own takes of "memory"; the rest is the network's, for cheaper products. Throws
/// std::invalid_argument with both figures when it does not fit; `smaller` says what would need less.
void check_memory(std::size_t bytes, const Params& params, const char* smaller);
std::size_t memory_limit(const Params& params);

/// The loss around the first chain of `input`, on "sample" examples that the run's seed draws: the same for all lanes
/// and steps. Throws std::invalid_argument where the objective offers no second derivatives, std::runtime_error where
/// the loss or its gradient is not finite.
std::unique_ptr<Curvature> curvature_at(Objective& objective, const ProbeInput& input, const Params& params,
                                        std::size_t own_bytes);

/// Fills in what is known before of memory kept and of the work: `cost.products` products, `gradients` and `losses` on
/// the sample.
void add_work(ProbeCost& cost, const Objective& objective, const Params& params, CurvatureMatrix matrix,
              std::uint64_t gradients, std::uint64_t losses);

/// `curvature` must outlive it.
SymmetricOperator curvature_operator(Curvature& curvature, CurvatureMatrix matrix);

double gradient_norm(Curvature& curvature);

/// What a probe answers when its token was set.
ProbeResult stopped_result();

/// Splits a progress from 0 to 1 into parts, by their weights (planned products).
class ProgressParts {
public:
    ProgressParts(const Progress& progress, std::uint64_t total) : progress_(progress), total_(total) {}
    /// The part that comes now; `progress` must outlive it.
    Progress next(std::uint64_t weight);

private:
    const Progress& progress_;
    std::uint64_t total_;
    std::uint64_t begun_ = 0;
};

}  // namespace basin
