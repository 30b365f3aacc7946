#include "core/compute/thread_priority.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "core/compute/cores.h"

namespace basin {
namespace {

/// Linux keeps a niceness for every thread, and 0 is the calling one.
int niceness()
{
#ifdef __linux__
    return getpriority(PRIO_PROCESS, 0);
#else
    return 0;
#endif
}

void lower_to(int wanted)
{
#ifdef __linux__
    if (niceness() < wanted) {
        setpriority(PRIO_PROCESS, 0, wanted);
    }
#else
    (void)wanted;
#endif
}

}  // namespace

void let_others_go_first()
{
    lower_to(10);  // a tenth of the share of a thread at 0
}

void give_way_to_team(int threads)
{
    if (team_fills_machine(threads)) {
        lower_to(niceness() + 7);  // a sixth of the core that it shares
    }
}

bool team_fills_machine(int threads)
{
    return threads >= core_count();
}

}  // namespace basin
