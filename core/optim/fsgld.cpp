// fSGLD, flatness-aware stochastic gradient Langevin dynamics:
//   g = mean over M draws of g(θ + σ ε);   θ ← θ - λ (g + w θ) + √(2 λ / β) ξ,   ε, ξ ~ N(0, I).
// Coupled: σ = β^(-(1 + η) / 4), 0 < η < 1. It samples exp(-β E u(θ + σ ε)) as λ goes to 0, which the paper replaces by
// exp(-β (u + σ²/2 tr Hess u)): flat minima weigh more.
//
// "Flatness-aware stochastic gradient Langevin dynamics", arXiv 2510.02174 v3, ICML 2026. η defaults to 0.01 as in the
// authors' code (their text says 0.1). Beyond the paper: M > 1 draws, each used with both signs when antithetic, on one
// mini-batch; Rademacher ε; weight decay at θ, not at θ + σ ε; momentum is the heavy ball on the perturbed gradient
// with the Langevin noise on θ, to which the theorem does not apply.
#include <cmath>

#include "core/optim/optimizer.h"
#include "core/optim/parameters.h"

namespace basin {
namespace {

std::vector<StateSpec> states(const Params&)
{
    return {{"momentum", StateSpec::Scope::parameter, 1}};
}

std::size_t gradients_per_step(const Params& params)
{
    return static_cast<std::size_t>(params.integer("perturbations")) * (params.flag("antithetic") ? 2 : 1);
}

void check(const Params&) {}

double sigma_at(const Params& params, std::uint64_t step, std::uint64_t total)
{
    if (!params.flag("coupling")) {
        return params.number("sigma", step, total);
    }
    return std::pow(params.number("beta", step, total), -(1 + params.number("eta", step, total)) / 4);
}

OptimizerEntry::Measure measure(const Params& params, std::uint64_t step, std::uint64_t total)
{
    return {.beta = params.number("beta", step, total), .sigma = sigma_at(params, step, total)};
}

/// The mean gradient over all draws and signs into scratch(1).
float* mean_gradient(StepContext& context, float sigma)
{
    Backend& backend = context.backend();
    const Params& params = context.params();
    const NoiseKind kind = params.text("noise") == "rademacher" ? NoiseKind::rademacher : NoiseKind::normal;
    const auto draws = static_cast<std::uint32_t>(params.integer("perturbations"));
    const int signs = params.flag("antithetic") ? 2 : 1;
    float* at = context.scratch(0);
    float* sum = context.scratch(1);
    float* gradient = sum;  // the first one is the sum itself
    for (std::uint32_t draw = 0; draw < draws; ++draw) {
        for (int sign = 0; sign < signs; ++sign) {
            backend.perturb(at, context.theta(), context.size(), sign == 0 ? sigma : -sigma, kind,
                            context.key(Stream::perturbation, draw));
            context.gradient(at, gradient);
            if (gradient != sum) {
                backend.add_scaled(sum, 1, gradient, context.size());
            }
            gradient = context.scratch(2);
        }
    }
    const std::size_t count = gradients_per_step(params);
    if (count > 1) {
        backend.scale(sum, 1.0F / static_cast<float>(count), context.size());
    }
    return sum;
}

void step(StepContext& context)
{
    const double step_size = context.number("step_size");
    const OptimizerEntry::Measure now = measure(context.params(), context.step(), context.total());
    const float* gradient = mean_gradient(context, static_cast<float>(now.sigma));
    Descent descent;
    descent.step_size = static_cast<float>(step_size);
    descent.momentum = static_cast<float>(context.number("momentum"));
    descent.weight_decay = static_cast<float>(context.number("weight_decay"));
    descent.first = context.first();
    descent.noise_scale = static_cast<float>(optim::langevin_scale(step_size, now.beta));
    descent.noise = context.key(Stream::langevin);
    context.backend().descend(context.theta(), context.state(0), gradient, context.size(), descent);
}

bool block(const Params& params, std::uint64_t step, std::uint64_t total, BlockNumbers& numbers)
{
    const double step_size = params.number("step_size", step, total);
    const OptimizerEntry::Measure now = measure(params, step, total);
    numbers.step_size = static_cast<float>(step_size);
    numbers.weight_decay = static_cast<float>(params.number("weight_decay", step, total));
    numbers.noise_scale = static_cast<float>(optim::langevin_scale(step_size, now.beta));
    numbers.perturbation = static_cast<float>(now.sigma);
    numbers.kind = params.text("noise") == "rademacher" ? NoiseKind::rademacher : NoiseKind::normal;
    return numbers.noise_scale > 0 && gradients_per_step(params) == 1 &&
           static_cast<float>(params.number("momentum", step, total)) == 0.0F;
}

ParamSchema schema()
{
    return {optim::step_size_param(0.05),
            optim::beta_param(),
            {.key = "coupling",
             .symbol = "",
             .label = "Couple σ to β",
             .help = "The theorem's choice, σ = β^(-(1+η)/4); off: σ is free.",
             .type = ParamType::boolean,
             .default_value = true,
             .live = true},
            {.key = "eta",
             .symbol = "η",
             .label = "Coupling exponent",
             .help = "Between 0 and 1: the larger, the faster σ shrinks as β grows.",
             .default_value = 0.01,
             .minimum = 0.0,
             .maximum = 0.999,
             .exclusive_minimum = true,
             .scale = ParamScale::log,
             .slider = {{0.001, 0.999}},
             .enabled_if = when("coupling", true),
             .live = true},
            {.key = "sigma",
             .symbol = "σ",
             .label = "Perturbation",
             .help = "How far from θ the gradient is taken; wells narrower than this are smoothed away.",
             .default_value = 0.1,
             .minimum = 0.0,
             .maximum = 1e6,
             .scale = ParamScale::log,
             .slider = {{1e-4, 2.0}},
             .enabled_if = when("coupling", false),
             .live = true},
            {.key = "perturbations",
             .symbol = "M",
             .label = "Perturbations",
             .help = "Draws of ε whose gradients are averaged; each costs a gradient.",
             .type = ParamType::integer,
             .default_value = std::int64_t{1},
             .minimum = 1.0,
             .maximum = 64.0,
             .slider = {{1.0, 8.0}},
             .live = true},
            {.key = "antithetic",
             .symbol = "±",
             .label = "Antithetic",
             .help = "Takes every draw with both signs, +ε and -ε: twice the gradients, odd errors cancel.",
             .type = ParamType::boolean,
             .default_value = false,
             .live = true},
            {.key = "noise",
             .symbol = "ε",
             .label = "Law of ε",
             .help = "Standard normal, or fair signs (Rademacher).",
             .type = ParamType::choice,
             .default_value = std::string("normal"),
             .choices = {"normal", "rademacher"},
             .live = true},
            optim::momentum_param(0.0,
                                  "Heavy ball on the perturbed gradient, Langevin noise on θ; above 0 it is outside "
                                  "the theorem."),
            optim::weight_decay_param("Adds w θ to the gradient, at θ and not at θ + σ ε.")};
}

}  // namespace

const OptimizerEntry& optimizer_entry_fsgld()
{
    static const OptimizerEntry entry{
        .key = "fsgld",
        .label = "fSGLD",
        .help = "SGLD with the gradient taken at a randomly perturbed point: flat minima are sampled more often.",
        .formula = "θ ← θ - λ (g(θ + σ ε) + w θ) + √(2λ/β) ξ,  σ = β^(-(1+η)/4)",
        .reference = "arXiv 2510.02174 v3, ICML 2026",
        .schema = schema(),
        .states = states,
        .scratch_arrays = 3,
        .gradients_per_step = gradients_per_step,
        .check = check,
        .measure = measure,
        .step = step,
        .block = block,
    };
    return entry;
}

}  // namespace basin
