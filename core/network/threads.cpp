#include "core/network/threads.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/torch.h>

#include <atomic>

#include "core/compute/cores.h"

namespace basin {
namespace {

/// OpenMP's own way to run `work` on every thread of the caller's team, as compilers call it. LibTorch brings the
/// library (GNU's, or LLVM's under the same name) and offers only loops, whose shares go to whoever is free.
using Parallel = void (*)(void (*work)(void*), void* data, unsigned threads, unsigned flags);

Parallel openmp_parallel()
{
    static const auto parallel = reinterpret_cast<Parallel>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
    return parallel;
}

/// The size of the calling thread's team when its members were given their cores; 0: it is a new one.
thread_local int placed = 0;

/// The first backward pass of all begins a thread for each GPU, which is to have every core.
void begin_autograd()
{
    const at::AutoGradMode mode(true);
    const at::Tensor one = at::ones({}).requires_grad_();
    torch::autograd::grad({2 * one}, {one});
}

/// The caller has the first core.
void place_members(int threads)
{
    static const bool begun = (begin_autograd(), true);
    (void)begun;
    std::atomic<int> next{1};
    thread_local bool caller = false;
    caller = true;
    openmp_parallel()(
        [](void* data) {
            if (!caller)
                stay_on_core(static_cast<std::atomic<int>*>(data)->fetch_add(1));
        },
        &next, static_cast<unsigned>(threads), 0);
    caller = false;
    placed = threads;
}

}  // namespace

void use_threads(int threads)
{
    if (at::get_num_threads() == threads)
        return;
    at::set_num_threads(threads);
    placed = 0;
}

CoresForTeam::CoresForTeam(int threads)
{
    if (threads < 2 || threads != core_count() || openmp_parallel() == nullptr)
        return;
    if (placed != threads)
        place_members(threads);
    stay_on_core(0);
    held_ = true;
}

CoresForTeam::~CoresForTeam()
{
    if (held_)
        roam_cores();
}

}  // namespace basin
