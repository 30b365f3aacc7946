#include "core/compute/allocator.h"

#include <limits>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace basin {

void tune_allocator()
{
#ifdef __GLIBC__
    // Blocks below 1 GiB come from the heap, which is not trimmed and grows 64 MiB at a time.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace basin
