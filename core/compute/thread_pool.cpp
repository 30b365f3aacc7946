#include "core/compute/thread_pool.h"

#include <cstdint>
#include <utility>

namespace basin {
namespace {

constexpr std::uint32_t kOpen = 1;
constexpr std::uint32_t kHelper = 2;
/// Looks before a thread sleeps: some 20 us, about what waking it would cost.
constexpr int kLooks = 500;

void relax()
{
#ifdef __x86_64__
    __builtin_ia32_pause();
#endif
}

}  // namespace

ThreadPool::ThreadPool(int threads)
{
    for (int i = 1; i < threads; ++i) {
        workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
}

ThreadPool::~ThreadPool()
{
    for (std::jthread& worker : workers_) {
        worker.request_stop();
    }
    calls_.fetch_add(1);
    calls_.notify_all();
}

void ThreadPool::run(std::size_t tasks, const std::function<void(std::size_t)>& task)
{
    if (tasks <= 1 || workers_.empty()) {
        for (std::size_t i = 0; i < tasks; ++i) {
            task(i);
        }
        return;
    }
    task_ = &task;
    tasks_ = tasks;
    next_.store(0);
    error_ = nullptr;
    state_.store(kOpen);
    calls_.fetch_add(1);
    calls_.notify_all();
    take_tasks();
    std::uint32_t state = state_.fetch_sub(kOpen) - kOpen;
    for (int look = 0; state != 0; state = state_.load()) {
        if (++look < kLooks) {
            relax();
        } else {
            state_.wait(state);
        }
    }
    if (error_) {
        std::rethrow_exception(std::exchange(error_, nullptr));
    }
}

void ThreadPool::take_tasks()
{
    for (std::size_t i = next_.fetch_add(1); i < tasks_; i = next_.fetch_add(1)) {
        try {
            (*task_)(i);
        } catch (...) {
            const std::lock_guard lock(error_mutex_);
            if (!error_ || i < error_task_) {
                error_ = std::current_exception();
                error_task_ = i;
            }
        }
    }
}

void ThreadPool::work(const std::stop_token& stop)
{
    std::uint32_t seen = 0;
    while (true) {
        for (int look = 0; look < kLooks && calls_.load() == seen; ++look) {
            relax();
        }
        calls_.wait(seen);
        seen = calls_.load();
        if (stop.stop_requested()) {
            return;
        }
        std::uint32_t state = state_.load();
        while ((state & kOpen) != 0 && !state_.compare_exchange_weak(state, state + kHelper)) {
        }
        if ((state & kOpen) == 0) {
            continue;  // came too late: the call is over
        }
        take_tasks();
        if (state_.fetch_sub(kHelper) == kHelper) {
            state_.notify_all();
        }
    }
}

}  // namespace basin
