// A few threads that share the tasks of one call.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace basin {

/// Runs tasks 0, 1, ... of one call at a time on `threads` threads, the caller's among them. A call never waits for a
/// thread that has not begun to help, so a busy machine costs help and no time. Idle threads sleep. run() is called by
/// one thread at a time and not from a task.
class ThreadPool {
public:
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int threads() const { return static_cast<int>(workers_.size()) + 1; }

    /// Returns when every task is done; rethrows the exception of the lowest task that threw.
    void run(std::size_t tasks, const std::function<void(std::size_t)>& task);

private:
    void work(const std::stop_token& stop);
    void take_tasks();

    const std::function<void(std::size_t)>* task_ = nullptr;
    std::size_t tasks_ = 0;
    alignas(64) std::atomic<std::size_t> next_{0};
    /// Bit 0: a call is open; the rest: twice the number of helpers inside it.
    alignas(64) std::atomic<std::uint32_t> state_{0};
    alignas(64) std::atomic<std::uint32_t> calls_{0};
    std::mutex error_mutex_;
    std::exception_ptr error_;
    std::size_t error_task_ = 0;
    std::vector<std::jthread> workers_;
};

}  // namespace basin
