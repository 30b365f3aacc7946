// How many threads LibTorch takes.
#pragma once

namespace basin {

/// For the calling thread: the number is each thread's own, and callers change (probes measure on a worker of their
/// own).
void use_threads(int threads);

}  // namespace basin
