#include "core/network/threads.h"

#include <ATen/Parallel.h>

namespace basin {

void use_threads(int threads)
{
    if (at::get_num_threads() != threads)
        at::set_num_threads(threads);
}

}  // namespace basin
