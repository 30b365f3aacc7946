#include "core/compute/thread_priority.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace basin {

void let_others_go_first()
{
#ifdef __linux__
    // Linux keeps a niceness for every thread, and 0 is the calling one. 10 is a tenth of the share of a thread at 0.
    constexpr int kNiceness = 10;
    if (getpriority(PRIO_PROCESS, 0) < kNiceness) {
        setpriority(PRIO_PROCESS, 0, kNiceness);
    }
#endif
}

}  // namespace basin
