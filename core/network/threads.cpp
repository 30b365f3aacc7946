#include "core/network/threads.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <chrono>

#include "core/compute/cores.h"

namespace basin {
namespace {

/// What compilers call where a program says `omp parallel`: LibTorch brings the library (GNU's, or LLVM's, which has
/// the same name for it) and itself offers only loops, whose shares go to whoever is free.
struct OpenMp {
    void (*parallel)(void (*work)(void*), void* data, unsigned threads, unsigned flags);
    int (*thread)();

    bool found() const { return parallel != nullptr && thread != nullptr; }
};

template <typename Function>
void find(const char* name, Function& function)
{
    function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

const OpenMp& open_mp()
{
    static const OpenMp functions = [] {
        OpenMp all{};
        find("GOMP_parallel", all.parallel);
        find("omp_get_thread_num", all.thread);
        return all;
    }();
    return functions;
}

/// Takes 5 us; a small network's step takes a hundred.
constexpr std::chrono::milliseconds kBetween{1};

/// OpenMP ends members that a smaller team does without, and later begins others: each is new once.
void take_core(void*)
{
    thread_local int core = 0;  // the caller's
    if (const int own = open_mp().thread(); own != core) {
        core = own;
        stay_on_core(core);
    }
}

}  // namespace

void use_threads(int threads)
{
    if (at::get_num_threads() != threads)
        at::set_num_threads(threads);
}

void spread_threads(int threads)
{
    if (threads < 2 || threads != core_count() || !open_mp().found())
        return;
    using Clock = std::chrono::steady_clock;
    thread_local Clock::time_point last;
    const Clock::time_point now = Clock::now();
    if (now - last < kBetween)
        return;
    last = now;
    open_mp().parallel(take_core, nullptr, static_cast<unsigned>(threads), 0);
    // Not for longer: what begins on this thread, members too, would be born to its core alone.
    stay_on_core(0);
    roam_cores();
}

}  // namespace basin
