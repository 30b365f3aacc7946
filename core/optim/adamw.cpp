// AdamW, in PyTorch's order (torch.optim.AdamW), k counts steps from 1:
//   θ ← (1 - λ w) θ;   m ← m + (1 - β₁)(g - m);   v ← β₂ v + (1 - β₂) g²;
//   θ ← θ - λ/(1 - β₁^k) · m / (√v / √(1 - β₂^k) + ε),
// with g taken before the decay. The decay is decoupled: it never enters the moments, and the λ in force multiplies it.
// ε is added after the root is corrected. amsgrad: the largest v so far, not corrected, stands in the root. The first
// step moves every coordinate by λ g/(|g| + ε), whatever the gradient's size.
//
// D. Kingma, J. Ba, "Adam", ICLR 2015; I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019,
// algorithm 2 (their decay is not multiplied by λ, PyTorch's is); S. Reddi, S. Kale, S. Kumar, ICLR 2018 (amsgrad).
#include <cmath>

#include "core/optim/optimizer.h"
#include "core/optim/parameters.h"

namespace basin {
namespace {

std::vector<StateSpec> states(const Params& params)
{
    std::vector<StateSpec> result{{"first_moment", StateSpec::Scope::parameter, 1},
                                  {"second_moment", StateSpec::Scope::parameter, 1}};
    if (params.flag("amsgrad")) {
        result.push_back({"largest_second_moment", StateSpec::Scope::parameter, 1});
    }
    return result;
}

std::size_t gradients_per_step(const Params&)
{
    return 1;
}

void check(const Params&) {}

OptimizerEntry::Measure measure(const Params&, std::uint64_t, std::uint64_t)
{
    return {};
}

/// 1 - base^exponent by squaring: the C library's pow may differ in the last bit from machine to machine.
double bias_correction(double base, std::uint64_t exponent)
{
    double power = 1;
    for (; exponent > 0; exponent /= 2) {
        power *= exponent % 2 == 1 ? base : 1;
        base *= base;
    }
    return 1 - power;
}

void step(StepContext& context)
{
    float* gradient = context.scratch(0);
    context.gradient(context.theta(), gradient);
    const double step_size = context.number("step_size");
    const double beta1 = context.number("beta1");
    const double beta2 = context.number("beta2");
    const std::uint64_t count = context.step() + 1;
    Adaptation now;
    now.keep = static_cast<float>(1 - step_size * context.number("weight_decay"));
    now.first_share = static_cast<float>(1 - beta1);
    now.second_keep = static_cast<float>(beta2);
    now.second_share = static_cast<float>(1 - beta2);
    now.step_size = static_cast<float>(step_size / bias_correction(beta1, count));
    now.root_correction = static_cast<float>(std::sqrt(bias_correction(beta2, count)));
    now.epsilon = static_cast<float>(context.number("epsilon"));
    float* largest = context.params().flag("amsgrad") ? context.state(2) : nullptr;
    context.backend().adapt(context.theta(), context.state(0), context.state(1), largest, gradient, context.size(),
                            now);
}

ParamSpec decay_rate(std::string key, std::string symbol, std::string label, std::string help, double value)
{
    return {.key = std::move(key),
            .symbol = std::move(symbol),
            .label = std::move(label),
            .help = std::move(help),
            .default_value = value,
            .minimum = 0.0,
            .maximum = 0.999999,  // at 1 the bias corrections would be 0
            .slider = {{0.0, 0.999}},
            .live = true};
}

ParamSchema schema()
{
    ParamSpec weight_decay =
        optim::weight_decay_param("Shrinks θ by the factor 1 - λ w each step, apart from the gradient (decoupled).");
    weight_decay.default_value = 0.01;
    return {optim::step_size_param(0.001),
            decay_rate("beta1", "β₁", "First decay rate", "How much of the gradient's running mean is kept.", 0.9),
            decay_rate("beta2", "β₂", "Second decay rate", "How much of the squared gradient's running mean is kept.",
                       0.999),
            {.key = "epsilon",
             .symbol = "ε",
             .label = "Denominator",
             .help = "Added to the root of the second moment, so that tiny gradients do not make large steps.",
             .default_value = 1e-8,
             .minimum = 0.0,
             .maximum = 1.0,
             .exclusive_minimum = true,
             .scale = ParamScale::log,
             .slider = {{1e-10, 1e-2}},
             .live = true},
            weight_decay,
            {.key = "amsgrad",
             .symbol = "",
             .label = "AMSGrad",
             .help = "Divides by the root of the largest second moment so far.",
             .type = ParamType::boolean,
             .default_value = false}};
}

}  // namespace

const OptimizerEntry& optimizer_entry_adamw()
{
    static const OptimizerEntry entry{
        .key = "adamw",
        .label = "AdamW",
        .help = "Adam with decoupled weight decay: every coordinate has a step size of its own.",
        .formula = "θ ← (1 - λ w) θ - λ m̂ / (√v̂ + ε),  m, v: running means of g, g²",
        .reference = "Kingma, Ba, ICLR 2015; Loshchilov, Hutter, ICLR 2019; torch.optim.AdamW",
        .schema = schema(),
        .states = states,
        .scratch_arrays = 1,
        .gradients_per_step = gradients_per_step,
        .check = check,
        .measure = measure,
        .step = step,
    };
    return entry;
}

}  // namespace basin
