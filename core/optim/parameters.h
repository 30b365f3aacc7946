// Parameters that several methods share, described once.
#pragma once

#include <string>

#include "core/catalog/params.h"

namespace basin::optim {

ParamSpec step_size_param(double value);
ParamSpec momentum_param(double value, std::string help);
ParamSpec weight_decay_param(std::string help);
ParamSpec beta_param();
ParamSpec radius_param(double value);

/// Standard deviation of the Langevin noise, sqrt(2 step_size / beta).
double langevin_scale(double step_size, double beta);

}  // namespace basin::optim
