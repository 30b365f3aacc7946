// SGLD, stochastic gradient Langevin dynamics:
//   θ ← θ - λ (g(θ) + w θ) + √(2 λ / β) ξ,   ξ ~ N(0, I).
// It samples exp(-β u), up to an error of order λ. On a quadratic with Hessian A the stationary covariance is
// (β A (I - λ A / 2))^-1 exactly.
//
// M. Welling, Y. W. Teh, "Bayesian learning via stochastic gradient Langevin dynamics", ICML 2011, eq. 4: their step is
// 2 λ here, with β the number of examples and u the mean loss.
#include "core/optim/optimizer.h"
#include "core/optim/parameters.h"

namespace basin {
namespace {

std::vector<StateSpec> states(const Params&)
{
    return {};
}

std::size_t gradients_per_step(const Params&)
{
    return 1;
}

void check(const Params&) {}

OptimizerEntry::Measure measure(const Params& params, std::uint64_t step, std::uint64_t total)
{
    return {.beta = params.number("beta", step, total), .sigma = 0};
}

void step(StepContext& context)
{
    float* gradient = context.scratch(0);
    context.gradient(context.theta(), gradient);
    const double step_size = context.number("step_size");
    Descent descent;
    descent.step_size = static_cast<float>(step_size);
    descent.weight_decay = static_cast<float>(context.number("weight_decay"));
    descent.noise_scale = static_cast<float>(optim::langevin_scale(step_size, context.number("beta")));
    descent.noise = context.key(Stream::langevin);
    context.backend().descend(context.theta(), nullptr, gradient, context.size(), descent);
}

bool block(const Params& params, std::uint64_t step, std::uint64_t total, BlockNumbers& numbers)
{
    const double step_size = params.number("step_size", step, total);
    numbers.step_size = static_cast<float>(step_size);
    numbers.weight_decay = static_cast<float>(params.number("weight_decay", step, total));
    numbers.noise_scale = static_cast<float>(optim::langevin_scale(step_size, params.number("beta", step, total)));
    return numbers.noise_scale > 0;
}

ParamSchema schema()
{
    return {optim::step_size_param(0.05), optim::beta_param(),
            optim::weight_decay_param("Adds w θ to the gradient: a Gaussian prior of precision β w.")};
}

}  // namespace

const OptimizerEntry& optimizer_entry_sgld()
{
    static const OptimizerEntry entry{
        .key = "sgld",
        .label = "SGLD",
        .help = "Gradient descent with Gaussian noise: samples exp(-β u), so it stays where the loss is low.",
        .formula = "θ ← θ - λ (g(θ) + w θ) + √(2λ/β) ξ",
        .reference = "Welling, Teh, ICML 2011, eq. 4",
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
