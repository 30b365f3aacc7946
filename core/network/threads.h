// LibTorch's threads.
#pragma once

namespace basin {

/// How many LibTorch takes. For the calling thread: the number is each thread's own, and callers change (probes measure
/// on a worker of their own).
void use_threads(int threads);

/// Before some work: the calling thread and those that LibTorch keeps for it, `threads` in all as set by use_threads,
/// begin it on a core each, if there are just as many cores. They wait for each other hundreds of times a step, without
/// sleeping: if the system puts two of them on one core, as it does beside busy programs, each wait lasts until it
/// takes the core from the one that waits, a step up to 80 times as long, and it may leave them there for good.
/// Does nothing within a millisecond of the last time. LibTorch's stay on their cores; the caller is as free as before,
/// and so are threads that it begins.
void spread_threads(int threads);

}  // namespace basin
