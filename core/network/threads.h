// LibTorch's threads.
#pragma once

namespace basin {

/// How many LibTorch takes. For the calling thread: the number is each thread's own, and callers change (probes measure
/// on a worker of their own).
void use_threads(int threads);

/// While it lives, the calling thread and those that LibTorch keeps for it, `threads` in all as set by use_threads,
/// have a core each where there are just as many cores. They wait for each other hundreds of times a step, without
/// sleeping: if the system puts two of them on one core, as it does beside busy programs, each wait lasts until it
/// takes the core from the one that waits, and a step up to 80 times as long.
class CoresForTeam {
public:
    explicit CoresForTeam(int threads);
    ~CoresForTeam();
    CoresForTeam(const CoresForTeam&) = delete;
    CoresForTeam& operator=(const CoresForTeam&) = delete;

private:
    bool held_ = false;
};

}  // namespace basin
