#include "core/compute/thread_priority.h"

#include <algorithm>
#include <cmath>
#include <thread>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace basin {

// Linux keeps a niceness for every thread, and 0 is the calling one.

void let_others_go_first()
{
#ifdef __linux__
    // 10 is a tenth of the share of a thread at 0.
    constexpr int kNiceness = 10;
    if (getpriority(PRIO_PROCESS, 0) < kNiceness) {
        setpriority(PRIO_PROCESS, 0, kNiceness);
    }
#endif
}

int niceness_beside_team(int threads, int cores)
{
    // A step of niceness is a factor of 1.25 in the share of a core.
    const double wanted = std::ceil(std::log(std::max(cores, 1)) / std::log(1.25));
    return threads < cores ? 0 : static_cast<int>(wanted);
}

double slowdown_beside_team(int threads)
{
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    return threads < cores ? 1 : cores + 1;
}

void give_way_to_team(int threads)
{
#ifdef __linux__
    constexpr int kLowest = 19;
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int now = getpriority(PRIO_PROCESS, 0);
    setpriority(PRIO_PROCESS, 0, std::min(kLowest, now + niceness_beside_team(threads, cores)));
#else
    (void)threads;
#endif
}

}  // namespace basin
