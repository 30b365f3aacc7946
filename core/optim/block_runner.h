// Fused steps: blocks of particles go several steps each while they stay in cache, or in a GPU's registers.
#pragma once

#include <cstdint>
#include <vector>

#include "core/objective/landscape_objective.h"
#include "core/optim/optimizer.h"

namespace basin {

/// Runs one method's block functor over all particles of a landscape. Sums and counts are added in a fixed order, so
/// they depend neither on threads nor on how steps are cut into calls. Used by one Stepper, on its thread.
class BlockRunner {
public:
    /// Steps of one pass over the particles: 64 are some 50 us a block, against which handing out a task is nothing.
    static constexpr std::size_t kSteps = EnsembleJob::kMaximumSteps;

    /// Null where the objective is no landscape, or the method has no block functor (on the objective's device).
    static std::unique_ptr<BlockRunner> make(Backend& backend, Objective& objective, const OptimizerEntry& optimizer);

    /// What one step left; loss_sum where numbers.record.
    using Outcome = EnsembleTotals;
    /// Goes numbers.size() steps, at most kSteps, from `first_step`; the outcomes are valid until the next call.
    const std::vector<Outcome>& run(float* theta, std::size_t chains, std::uint64_t seed, std::uint32_t lane,
                                    std::uint64_t first_step, const std::vector<BlockNumbers>& numbers);

private:
    BlockRunner(Backend& backend, const LandscapeObjective& objective, const BlockKernel& kernel);
    void run_blocks(float* theta, std::size_t chains, const BlockJob& pattern);

    Backend& backend_;
    const LandscapeObjective& objective_;
    const char* method_;
    void (*kernel_)(const BlockJob& job);
    std::vector<double> loss_sums_;
    std::vector<std::uint32_t> alive_;
    std::vector<Outcome> outcomes_;
};

}  // namespace basin
