// A landscape's kernels for memory that is not the host's: what LandscapeObjective and BlockRunner ask for there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/compute/block.h"

namespace basin {

/// Many steps of many chains at once; see BlockJob for the meaning of what both have.
struct EnsembleJob {
    const void* functor = nullptr;  // on the host
    float* theta = nullptr;         // chains x 2, the backend's
    std::uint64_t chains = 0;
    std::uint64_t seed = 0;
    std::uint32_t lane = 0;
    std::uint32_t first_step = 0;
    const BlockNumbers* numbers = nullptr;  // on the host, one a step
    std::uint32_t steps = 0;                // at most kMaximumSteps
    float gradient_noise = 0;
    EscapeBox box;

    static constexpr std::uint32_t kMaximumSteps = 64;  // their numbers travel as a launch's parameters
};

/// What one step left: how many particles have not escaped, and where it was asked for the sum of their values. Added
/// up in the order in which the CPU does: blocks of kBlockChains, then the blocks.
struct EnsembleTotals {
    std::uint64_t alive = 0;
    double loss_sum = 0;
};

/// Belongs to the backend that gave it; same thread. Results are those of the CPU's kernels, to the byte, but for the
/// bits of a NaN.
class DeviceLandscape {
public:
    virtual ~DeviceLandscape() = default;
    /// Values (chains) and gradients (chains x 2) at theta (chains x 2); either may be null. Queued.
    virtual void evaluate(const void* functor, const float* theta, std::size_t chains, float* values,
                          float* gradient) = 0;
    /// Applies the escape rule to theta and counts; returns when it is done.
    virtual EnsembleTotals measure(const void* functor, const EscapeBox& box, float* theta, std::size_t chains,
                                   bool losses) = 0;
    /// Whether steps() knows the method.
    virtual bool has(std::string_view method) const = 0;
    /// Fused steps; returns when they are done. One entry a step, valid until the next call.
    virtual const std::vector<EnsembleTotals>& steps(std::string_view method, const EnsembleJob& job) = 0;
};

}  // namespace basin
