// How theta moves. Samplers are optimizers here: same interface, same folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalog/params.h"
#include "core/compute/block.h"
#include "core/objective/objective.h"

namespace basin {

/// An array that an optimizer keeps from step to step. The runner allocates it (zero), checkpoints and exports it.
struct StateSpec {
    enum class Scope : std::uint8_t { parameter, chain, lane };
    std::string name;
    Scope scope = Scope::parameter;
    std::size_t per = 1;  // numbers per scope unit
};

/// Evaluations so far, counted apart. `losses` are those that a method asked for by themselves: the loss that comes
/// with a gradient, and what is only recorded, is not counted.
struct Counts {
    std::uint64_t losses = 0;
    std::uint64_t gradients = 0;
    std::uint64_t products = 0;
    std::uint64_t examples = 0;
    bool operator==(const Counts&) const = default;
};

/// Everything one step may use. Made by the Stepper; lives for one step.
class StepContext {
public:
    StepContext(Backend& backend, Objective& objective, const Params& params, std::span<float* const> states,
                std::span<float* const> scratch, float* theta, float* buffers, float* losses, std::size_t chains,
                std::uint64_t seed, std::uint32_t lane, std::uint64_t step, std::uint64_t total, Counts& counts);

    Backend& backend() const { return backend_; }
    float* theta() const { return theta_; }
    std::size_t chains() const { return chains_; }
    std::size_t dim() const { return dim_; }
    std::size_t size() const { return chains_ * dim_; }
    std::uint64_t step() const { return step_; }
    /// The run's planned number of steps, 0: endless; schedules need it.
    std::uint64_t total() const { return total_; }
    bool first() const { return step_ == 0; }

    /// Live value at this step (schedules evaluated).
    double number(std::string_view key) const { return params_->number(key, step_, total_); }
    const Params& params() const { return *params_; }
    /// The i-th array of the entry's `states`.
    float* state(std::size_t i) const { return states_[i]; }
    /// chains x dim floats that nobody keeps; i < the entry's `scratch_arrays`.
    float* scratch(std::size_t i) const { return scratch_[i]; }
    RngKey key(Stream stream, std::uint32_t draw = 0) const;
    /// The blocks of a chain's numbers.
    const Layout& layout() const { return objective_.layout(); }

    /// Gradient at `at` on this step's batch (`batch_draw` names another one); losses at the first point asked for go
    /// to the lane's telemetry, and only there a network may update its buffers. Counted.
    void gradient(const float* at, float* out, std::uint32_t batch_draw = 0);

    /// Goes uphill: `to` from the point `at`, where the gradient is `gradient`.
    using Ascent = void (*)(const StepContext& context, float* to, const float* at, const float* gradient);
    /// This step for a base method: with the base's own parameters, and each gradient that it asks for taken where
    /// `ascent` (which gets this context) goes from there, on the same batch. Takes the last scratch array. Both
    /// arguments and this context must outlive it.
    StepContext over(const Params& base_params, Ascent ascent) const;

private:
    void evaluate(const float* at, float* out, std::uint32_t batch_draw);

    Backend& backend_;
    Objective& objective_;
    const Params* params_;
    std::span<float* const> states_;
    std::span<float* const> scratch_;
    float* theta_;
    float* buffers_;
    float* losses_;
    std::size_t chains_;
    std::size_t dim_;
    std::uint64_t seed_;
    std::uint32_t lane_;
    std::uint64_t step_;
    std::uint64_t total_;
    Counts& counts_;
    bool asked_ = false;
    const StepContext* outer_ = nullptr;
    Ascent ascent_ = nullptr;
};

/// One method. `step` reads the context and moves theta; it keeps nothing itself.
struct OptimizerEntry {
    std::string key;
    std::string label;
    std::string help;       // one sentence
    std::string formula;    // one line of Unicode text
    std::string reference;  // paper, equation
    EntrySchema schema;
    std::vector<StateSpec> (*states)(const Params& params);
    /// Arrays that a step needs for itself, those of its base method not counted.
    std::size_t scratch_arrays = 1;
    bool couples_chains = false;
    /// Gradient evaluations of one step.
    std::size_t (*gradients_per_step)(const Params& params);
    /// Checks between parameters, throws std::invalid_argument (Nesterov without momentum, ...).
    void (*check)(const Params& params);
    /// The inverse temperature and perturbation scale in force, for target measures; sigma 0 where there is none,
    /// beta 0 where no measure is sampled.
    struct Measure {
        double beta = 0;
        double sigma = 0;
    };
    Measure (*measure)(const Params& params, std::uint64_t step, std::uint64_t total);
    void (*step)(StepContext& context);
    /// Where the method has a block functor (see core/compute/block.h): fills in one step's numbers; false when these
    /// parameters need the verbs. Must give the same bytes as `step`.
    bool (*block)(const Params& params, std::uint64_t step, std::uint64_t total, BlockNumbers& numbers) = nullptr;
    /// Of a method over another one (see ascent.h): the method whose step it takes. Null for all others.
    const OptimizerEntry& (*base)(const Params& params) = nullptr;
    /// Whether such a method may take this one's step: all it knows of the objective are gradients.
    bool can_be_base = true;
};

/// All the arrays that one step needs.
std::size_t scratch_arrays(const OptimizerEntry& entry, const Params& params);

std::span<const OptimizerEntry* const> optimizer_entries();
/// Throws std::invalid_argument that names the nearest known key.
const OptimizerEntry& find_optimizer(std::string_view key);

}  // namespace basin
