// The flagship's fSGLD update in LibTorch tensor operations: what a PyTorch user would run.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace basin::bench {

/// Returns a function that does `steps` steps of `particles` particles, each step's mean loss and the count of
/// finite particles included, on `threads` threads; empty in a build without LibTorch.
std::function<void(std::size_t steps)> torch_flagship(std::size_t particles, int threads);

}  // namespace basin::bench
