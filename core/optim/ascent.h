// Methods over a base method: SAM and its kin. Their step is the base's own step, with every gradient that the base
// asks for taken further uphill instead: g(p) becomes g(p + e(p, g(p))) on the same mini-batch. Any method of the
// catalog whose `can_be_base` is true is a base; its parameters join those of the method, its states are the lane's.
//
// A lane's parameters stay flat: the parameter `base` says which method, and parameters of several bases that have one
// name are one parameter, described (and defaulted) as in the first base that has it, SGD before all others. Where a
// base's key is one of the method's own, it is called <base>_<key> (fsgld_eta).
#pragma once

#include "core/optim/optimizer.h"

namespace basin::optim {

/// The method's own parameters, `base`, and those of all bases, each enabled while it acts. Reads the whole catalog:
/// give the entry a function that calls this, not its result.
ParamSchema schema_over_bases(const ParamSchema& own);

const OptimizerEntry& base_of(const Params& params);
/// The base's parameters out of the flat ones. Throws std::invalid_argument for a value that the base does not take.
Params base_params(const Params& params);

// What an entry has from its base.
std::vector<StateSpec> base_states(const Params& params);
/// Each of the base's gradients costs another one.
std::size_t base_gradients_twice(const Params& params);
void check_base(const Params& params);
/// No measure, also over a sampler: the ascended gradient is that of no function, so what it samples is not known.
/// The base's perturbation scale is in force.
OptimizerEntry::Measure no_measure_over_base(const Params& params, std::uint64_t step, std::uint64_t total);

void step_over_base(StepContext& context, StepContext::Ascent ascent);

}  // namespace basin::optim
