#include "core/compute/cores.h"

#include <algorithm>
#include <cassert>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

namespace basin {

#ifdef __linux__

namespace {

cpu_set_t all_cores()
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof cores, &cores) != 0)  // more cores than the set has room for
        CPU_ZERO(&cores);
    return cores;
}

const cpu_set_t& cores()
{
    static const cpu_set_t all = all_cores();
    return all;
}

void run_on(const cpu_set_t& cores)
{
    if (CPU_COUNT(&cores) > 0)
        sched_setaffinity(0, sizeof cores, &cores);
}

}  // namespace

int core_count()
{
    const int count = CPU_COUNT(&cores());
    return count > 0 ? count : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void stay_on_core(int which)
{
    assert(which >= 0 && which < core_count());
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(core, &cores()) && which-- == 0)
            CPU_SET(core, &one);
    }
    run_on(one);
}

void roam_cores()
{
    run_on(cores());
}

#else

int core_count()
{
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void stay_on_core(int) {}
void roam_cores() {}

#endif

}  // namespace basin
