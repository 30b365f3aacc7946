// LibTorch's CUDA part, loaded when there is something to compute on.
#pragma once

#include <memory>
#include <string>

#include "core/network/step_graph.h"

namespace basin {

/// Loads libtorch_cuda.so and what it is linked with from where LibTorch is, and sets what makes runs repeatable. Empty
/// when networks can compute on the GPU, else the reason in one sentence. Only the first call does something. Must be
/// called before anything asks LibTorch about CUDA or differentiates, because LibTorch remembers the first answer; so
/// nothing here calls it where no NVIDIA driver is. Any thread.
const std::string& load_torch_cuda();

/// Where there is a GPU that can be used, the above; else nothing. What every maker of networks calls first.
void prepare_torch();

/// A graph that shares its memory with `beside` (may be null). Null where our module for them was not built.
std::unique_ptr<StepGraph> make_step_graph(StepGraph* beside);

}  // namespace basin
