// Who goes first when there are more threads than cores.
#pragma once

namespace basin {

/// From now on the calling thread, and threads that it begins, give way to the others of this machine: a window stays
/// smooth while all cores compute, and they still compute all the time that nobody else wants. Cannot be taken back.
/// Does nothing where the system has no priority a thread (only Linux has one here).
void let_others_go_first();

/// The same, and further down, for a thread that works beside a team of `threads` that has all cores; where the team
/// leaves a core free nothing changes. Members of a team wait for their slowest many times a step, so what this thread
/// takes of one core the team loses on all of them: of equal priority it would double their time, where a fair split is
/// (n + 1) / n for n cores. It gets a sixth of one core.
void give_way_to_team(int threads);
/// Whether a team has all cores.
bool team_fills_machine(int threads);

}  // namespace basin
