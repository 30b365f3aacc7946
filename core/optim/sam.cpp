// SAM, sharpness-aware minimization, over any base method (SGD by default):
//   every gradient g(p) that the base asks for becomes g(p + ρ g(p) / (|g(p)| + 1e-12)) on the same mini-batch.
// Over SGD: h = g(θ + ρ g / |g|);   b ← μ b + h + w θ;   θ ← θ - λ b.
// The norm is taken over all parameters of a chain. On a quadratic SAM does not converge: it ends in a 2-cycle ±x along
// the top eigenvector with |x| = λ a ρ / (2 - λ a), a the top eigenvalue.
//
// P. Foret, A. Kleiner, H. Mobahi, B. Neyshabur, "Sharpness-aware minimization for efficiently improving
// generalization", ICLR 2021, eq. 2 and algorithm 1; weight decay in the base step only, as in github.com/davda54/sam.
// Over a sampler it is a method of our own, which samples no measure that is known.
#include "core/optim/ascent.h"
#include "core/optim/parameters.h"

namespace basin {
namespace {

void ascend(const StepContext& context, float* to, const float* at, const float* gradient)
{
    context.backend().ascend(to, at, gradient, context.chains(), context.dim(),
                             static_cast<float>(context.number("rho")));
}

void step(StepContext& context)
{
    optim::step_over_base(context, ascend);
}

bool block(const Params& params, std::uint64_t step, std::uint64_t total, BlockNumbers& numbers)
{
    const OptimizerEntry& base = optim::base_of(params);
    numbers.radius = static_cast<float>(params.number("rho", step, total));
    return base.key == "sgd" && base.block(optim::base_params(params), step, total, numbers);
}

ParamSchema schema()
{
    return optim::schema_over_bases({optim::radius_param(0.05)});
}

}  // namespace

const OptimizerEntry& optimizer_entry_sam()
{
    static const OptimizerEntry entry{
        .key = "sam",
        .label = "SAM",
        .help =
            "Descends along the gradient at the worst point within a radius ρ, at twice the gradients of its base "
            "method.",
        .formula = "θ ← θ - λ g(θ + ρ g(θ)/|g(θ)|)",
        .reference = "Foret et al., ICLR 2021, algorithm 1",
        .schema = schema,
        .states = optim::base_states,
        .scratch_arrays = 1,
        .gradients_per_step = optim::base_gradients_twice,
        .check = optim::check_base,
        .measure = optim::no_measure_over_base,
        .step = step,
        .block = block,
        .base = optim::base_of,
        .can_be_base = false,
    };
    return entry;
}

}  // namespace basin
