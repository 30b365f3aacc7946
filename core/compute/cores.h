// Which cores the calling thread runs on.
#pragma once

namespace basin {

/// Cores that this process may use: as at the first call, so ask before a thread stays on one.
int core_count();

/// The calling thread, and threads that it begins, run on core `which` of those alone, until roam_cores. Does nothing
/// where the system cannot (only Linux can, here).
void stay_on_core(int which);
/// On all of them.
void roam_cores();

}  // namespace basin
