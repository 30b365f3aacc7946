// SAM, sharpness-aware minimization, on SGD with momentum:
//   g = g(θ);   h = g(θ + ρ g / (|g| + 1e-12)) on the same mini-batch;   b ← μ b + h + w θ;   θ ← θ - λ b.
// The norm is taken over all parameters of a chain. On a quadratic SAM does not converge: it ends in a 2-cycle ±x along
// the top eigenvector with |x| = λ a ρ / (2 - λ a), a the top eigenvalue.
//
// P. Foret, A. Kleiner, H. Mobahi, B. Neyshabur, "Sharpness-aware minimization for efficiently improving
// generalization", ICLR 2021, eq. 2 and algorithm 1; weight decay in the base step only, as in github.com/davda54/sam.
#include "core/optim/optimizer.h"
#include "core/optim/parameters.h"

namespace basin {
namespace {

std::vector<StateSpec> states(const Params&)
{
    return {{"momentum", StateSpec::Scope::parameter, 1}};
}

std::size_t gradients_per_step(const Params&)
{
    return 2;
}

void check(const Params&) {}

OptimizerEntry::Measure measure(const Params&, std::uint64_t, std::uint64_t)
{
    return {};
}

void step(StepContext& context)
{
    float* gradient = context.scratch(0);
    float* at = context.scratch(1);
    context.gradient(context.theta(), gradient);
    context.backend().ascend(at, context.theta(), gradient, context.chains(), context.dim(),
                             static_cast<float>(context.number("rho")));
    context.gradient(at, gradient);
    Descent descent;
    descent.step_size = static_cast<float>(context.number("step_size"));
    descent.momentum = static_cast<float>(context.number("momentum"));
    descent.weight_decay = static_cast<float>(context.number("weight_decay"));
    descent.first = context.first();
    context.backend().descend(context.theta(), context.state(0), gradient, context.size(), descent);
}

bool block(const Params& params, std::uint64_t step, std::uint64_t total, BlockNumbers& numbers)
{
    numbers.step_size = static_cast<float>(params.number("step_size", step, total));
    numbers.weight_decay = static_cast<float>(params.number("weight_decay", step, total));
    numbers.radius = static_cast<float>(params.number("rho", step, total));
    return static_cast<float>(params.number("momentum", step, total)) == 0.0F;
}

ParamSchema schema()
{
    return {optim::step_size_param(0.05),
            {.key = "rho",
             .symbol = "ρ",
             .label = "Radius",
             .help = "How far uphill the second gradient is taken.",
             .default_value = 0.05,
             .minimum = 0.0,
             .maximum = 1e6,
             .scale = ParamScale::log,
             .slider = {{1e-3, 2.0}},
             .live = true},
            optim::momentum_param(0.0, "Momentum of the SGD step that SAM's gradient is given to."),
            optim::weight_decay_param("Adds w θ to the second gradient only.")};
}

}  // namespace

const OptimizerEntry& optimizer_entry_sam()
{
    static const OptimizerEntry entry{
        .key = "sam",
        .label = "SAM",
        .help = "Descends along the gradient at the worst point within a radius ρ: two gradients a step.",
        .formula = "θ ← θ - λ g(θ + ρ g(θ)/|g(θ)|)",
        .reference = "Foret et al., ICLR 2021, algorithm 1",
        .schema = schema(),
        .states = states,
        .scratch_arrays = 2,
        .gradients_per_step = gradients_per_step,
        .check = check,
        .measure = measure,
        .step = step,
        .block = block,
    };
    return entry;
}

}  // namespace basin
