// Five steps of every method on u = theta' A theta / 2, A = [[2, 0.5], [0.5, 1]], from (1.5, -0.8), step size 0.1.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tests/core/optim/lane.h"

namespace basin::testing {

struct KnownAnswer {
    std::string name;
    std::string optimizer;
    Values values;
    /// theta after steps 1 to 5 in double.
    std::array<std::array<double, 2>, 5> theta;
};

/// Rows of stored numbers: computed in double by numpy and by torch 2.15.0 (torch.optim.SGD; SAM written out with
/// autograd and the same SGD), which agreed to 2.3e-16; SAM, ASAM and AdamW by tests/golden/make_optimizers.py.
const std::vector<KnownAnswer>& stored_answers();

/// Rows of the methods that draw noise: the update rule written out in double in known_answers.cpp, on the noise that
/// rng.h defines, drawn with the C library's log, sqrt, sin and cos.
std::vector<KnownAnswer> langevin_answers(std::uint64_t seed);

}  // namespace basin::testing
