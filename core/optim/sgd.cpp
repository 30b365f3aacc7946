// SGD with momentum, in PyTorch's order (torch.optim.SGD):
//   d = g(θ) + w θ;   b ← d in the first step, else μ b + (1 - τ) d;   d ← d + μ b with Nesterov, else b;   θ ← θ - λ
//   d.
// The first step's buffer is not dampened, and λ multiplies the buffer at use: a new λ acts at once on the velocity.
//
// B. Polyak 1964 (heavy ball); Y. Nesterov 1983; I. Sutskever et al., "On the importance of initialization and momentum
// in deep learning", ICML 2013 (their velocity holds λ; PyTorch's does not).
#include <stdexcept>

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
    return 1;
}

void check(const Params& params)
{
    if (params.flag("nesterov") && (params.number("momentum") <= 0 || params.number("dampening") != 0)) {
        throw std::invalid_argument("nesterov: needs momentum above 0 and dampening 0");
    }
}

OptimizerEntry::Measure measure(const Params&, std::uint64_t, std::uint64_t)
{
    return {};
}

void step(StepContext& context)
{
    float* gradient = context.scratch(0);
    context.gradient(context.theta(), gradient);
    Descent descent;
    descent.step_size = static_cast<float>(context.number("step_size"));
    descent.momentum = static_cast<float>(context.number("momentum"));
    descent.dampening = static_cast<float>(context.number("dampening"));
    descent.weight_decay = static_cast<float>(context.number("weight_decay"));
    descent.nesterov = context.params().flag("nesterov");
    descent.first = context.first();
    context.backend().descend(context.theta(), context.state(0), gradient, context.size(), descent);
}

bool block(const Params& params, std::uint64_t step, std::uint64_t total, BlockNumbers& numbers)
{
    numbers.step_size = static_cast<float>(params.number("step_size", step, total));
    numbers.weight_decay = static_cast<float>(params.number("weight_decay", step, total));
    return static_cast<float>(params.number("momentum", step, total)) == 0.0F;
}

ParamSchema schema()
{
    return {optim::step_size_param(0.05),
            optim::momentum_param(0.0, "How much of the last step is kept; 0 is plain gradient descent."),
            {.key = "nesterov",
             .symbol = "",
             .label = "Nesterov",
             .help = "Looks ahead along the velocity; needs momentum above 0 and dampening 0.",
             .type = ParamType::boolean,
             .default_value = false,
             .live = true},
            {.key = "dampening",
             .symbol = "τ",
             .label = "Dampening",
             .help = "The new gradient enters the velocity with the factor 1 - τ, except in the first step.",
             .default_value = 0.0,
             .minimum = 0.0,
             .maximum = 1.0,
             .live = true},
            optim::weight_decay_param("Adds w θ to the gradient before the momentum (coupled, as in PyTorch).")};
}

}  // namespace

const OptimizerEntry& optimizer_entry_sgd()
{
    static const OptimizerEntry entry{
        .key = "sgd",
        .label = "SGD",
        .help = "Stochastic gradient descent, with momentum, Nesterov, dampening and weight decay in PyTorch's order.",
        .formula = "b ← μ b + (1 - τ)(g(θ) + w θ);  θ ← θ - λ b",
        .reference = "Polyak 1964; Nesterov 1983; torch.optim.SGD",
        .schema = schema(),
        .states = states,
        .scratch_arrays = 1,
        .gradients_per_step = gradients_per_step,
        .check = check,
        .measure = measure,
        .step = step,
        .block = block,
    };
    return entry;
}

}  // namespace basin
