// How the C library's heap treats large blocks.
#pragma once

namespace basin {

/// Keeps large blocks in the process instead of handing them back to the kernel at every step (LibTorch's tensors: the
/// gradient of the LeNet at batch 1,024 took 68 ms without and 38 ms with it). Call once at the start of a program,
/// before threads; nothing to do where the C library is not glibc.
void tune_allocator();

}  // namespace basin
