// Who goes first when there are more threads than cores.
#pragma once

namespace basin {

/// From now on the calling thread, and threads that it begins, give way to the others of this machine: a window stays
/// smooth while all cores compute, and they still compute all the time that nobody else wants. Cannot be taken back.
/// Does nothing where the system has no priority a thread (only Linux has one here).
void let_others_go_first();

}  // namespace basin
