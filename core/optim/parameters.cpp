#include "core/optim/parameters.h"

#include <cmath>

namespace basin::optim {

ParamSpec step_size_param(double value)
{
    return {.key = "step_size",
            .symbol = "λ",
            .label = "Learning rate",
            .help = "How far one step goes along the negative gradient.",
            .default_value = value,
            .minimum = 0.0,
            .maximum = 1e6,
            .scale = ParamScale::log,
            .slider = {{1e-5, 1.0}},
            .live = true};
}

ParamSpec momentum_param(double value, std::string help)
{
    return {.key = "momentum",
            .symbol = "μ",
            .label = "Momentum",
            .help = std::move(help),
            .default_value = value,
            .minimum = 0.0,
            .maximum = 1.0,
            .slider = {{0.0, 0.99}},
            .live = true};
}

ParamSpec weight_decay_param(std::string help)
{
    return {.key = "weight_decay",
            .symbol = "w",
            .label = "Weight decay",
            .help = std::move(help),
            .default_value = 0.0,
            .minimum = 0.0,
            .maximum = 1e6,
            .slider = {{0.0, 0.1}},
            .live = true};
}

ParamSpec beta_param()
{
    return {.key = "beta",
            .symbol = "β",
            .label = "Inverse temperature",
            .help =
                "The larger, the less noise: each step adds √(2λ/β) ξ. Welling and Teh's step is 2λ, with β the number "
                "of examples.",
            .default_value = 20.0,
            .minimum = 0.0,
            .maximum = 1e30,
            .exclusive_minimum = true,
            .scale = ParamScale::log,
            .slider = {{0.1, 1e10}},
            .live = true};
}

ParamSpec radius_param(double value)
{
    return {.key = "rho",
            .symbol = "ρ",
            .label = "Radius",
            .help = "How far uphill the second gradient is taken.",
            .default_value = value,
            .minimum = 0.0,
            .maximum = 1e6,
            .scale = ParamScale::log,
            .slider = {{1e-3, 2.0}},
            .live = true};
}

double langevin_scale(double step_size, double beta)
{
    return std::sqrt(2 * step_size / beta);
}

}  // namespace basin::optim
