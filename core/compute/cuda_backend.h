// The backend of an NVIDIA GPU, over the plug-in's table.
#pragma once

#include <memory>

#include "core/compute/backend.h"
#include "core/compute/cuda_library.h"

namespace basin {

/// Verbs on the first GPU, on a stream of its own. Results are the CPU's, to the byte (a NaN's bits aside): integers,
/// polynomials and orders of addition are the same, and nothing is contracted. `library` must be usable. Buffers and
/// landscape kernels may not outlive the program's end, buffers may outlive the backend.
std::unique_ptr<Backend> make_cuda_backend(const CudaLibrary& library, int threads);

}  // namespace basin
