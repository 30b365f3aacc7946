// RWP, random weight perturbation:
//   g = g(θ + ε),   b ← g + w θ in the first step, else μ b + g + w θ;   θ ← θ - λ b.
// Isotropic: ε ~ N(0, σ² I). Filter-wise: the numbers of one filter f have ε ~ N(0, σ² |θ_f|² I); a filter is a row of
// a weight seen as outputs x rest, a tensor of one axis as a whole, and a landscape's point as a whole (of a single
// coordinate the rule would put no noise across an axis). The gradient is applied at θ, and weight decay acts there.
// In the mean it descends E u(θ + ε). On a quadratic with Hessian A the mean is that of SGD, and one step adds the
// covariance λ² A S A, S that of ε.
//
// Isotropic RWP is fSGLD with one free σ at β = ∞: the same draws of ε and the same step, without Langevin noise.
//
// T. Li, Q. Tao, W. Yan, Z. Lei, Y. Wu, K. Fang, M. He, X. Huang, "Revisiting random weight perturbation for
// efficiently improving generalization", TMLR 2024, arXiv 2404.00357: filter-wise, without their mixing and adaptive
// variance.
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

void check(const Params&) {}

bool filter_wise(const Params& params)
{
    return params.text("scale") == "filter";
}

/// Filter-wise there is no one scale, hence none to show.
OptimizerEntry::Measure measure(const Params& params, std::uint64_t step, std::uint64_t total)
{
    return {.beta = 0, .sigma = filter_wise(params) ? 0 : params.number("sigma", step, total)};
}

void step(StepContext& context)
{
    Backend& backend = context.backend();
    const auto sigma = static_cast<float>(context.number("sigma"));
    const RngKey key = context.key(Stream::perturbation);
    float* at = context.scratch(0);
    float* gradient = context.scratch(1);
    if (filter_wise(context.params())) {
        backend.perturb_filters(at, context.theta(), context.chains(), context.dim(), context.layout().filters(), sigma,
                                key);
    } else {
        backend.perturb(at, context.theta(), context.size(), sigma, NoiseKind::normal, key);
    }
    context.gradient(at, gradient);
    Descent descent;
    descent.step_size = static_cast<float>(context.number("step_size"));
    descent.momentum = static_cast<float>(context.number("momentum"));
    descent.weight_decay = static_cast<float>(context.number("weight_decay"));
    descent.first = context.first();
    backend.descend(context.theta(), context.state(0), gradient, context.size(), descent);
}

ParamSchema schema()
{
    return {optim::step_size_param(0.05),
            {.key = "sigma",
             .symbol = "σ",
             .label = "Perturbation",
             .help = "How far from θ the gradient is taken; filter-wise in units of each filter's norm.",
             .default_value = 0.01,
             .minimum = 0.0,
             .maximum = 1e6,
             .scale = ParamScale::log,
             .slider = {{1e-4, 2.0}},
             .live = true},
            {.key = "scale",
             .symbol = "",
             .label = "Scale of ε",
             .help = "In proportion to the norm of each filter (the paper's), or the same everywhere.",
             .type = ParamType::choice,
             .default_value = std::string("filter"),
             .choices = {"filter", "isotropic"},
             .live = true},
            optim::momentum_param(0.0, "How much of the last step is kept; 0 is plain gradient descent."),
            optim::weight_decay_param("Adds w θ to the gradient, at θ and not at θ + ε.")};
}

}  // namespace

const OptimizerEntry& optimizer_entry_rwp()
{
    static const OptimizerEntry entry{
        .key = "rwp",
        .label = "RWP",
        .help = "Descends along the gradient at a randomly perturbed point, which smooths narrow wells away.",
        .formula = "θ ← θ - λ (g(θ + ε) + w θ),  ε ~ N(0, σ² s²),  s: 1, or the filter's norm",
        .reference = "Li et al., TMLR 2024, arXiv 2404.00357",
        .schema = schema(),
        .states = states,
        .scratch_arrays = 2,
        .gradients_per_step = gradients_per_step,
        .check = check,
        .measure = measure,
        .step = step,
    };
    return entry;
}

}  // namespace basin
