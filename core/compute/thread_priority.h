// Who goes first when there are more threads than cores.
#pragma once

namespace basin {

/// From now on the calling thread, and threads that it begins, give way to the others of this machine: a window stays
/// smooth while all cores compute, and they still compute all the time that nobody else wants. Cannot be taken back.
/// Does nothing where the system has no priority a thread (only Linux has one here).
void let_others_go_first();

/// The same for a single thread that works beside a team of `threads` at the caller's priority now. Members of a team
/// wait for their slowest at every step, so one thread more of equal priority on one of its cores slows all of them as
/// if it took its share of every core: on n cores 2 times for n threads, where a fair split would be (n + 1) / n. With
/// 1/n of the weight of a member it takes 1 / (n + 1) of its core, and the team is slowed by that fair (n + 1) / n.
/// Where the team leaves a core free this changes nothing.
void give_way_to_team(int threads);
/// How many times longer such a thread takes while the team computes: n + 1, or 1 where a core is free.
double slowdown_beside_team(int threads);
/// Steps of niceness that this takes: the least k with 1.25^k >= cores, and none with fewer threads than cores.
int niceness_beside_team(int threads, int cores);

}  // namespace basin
