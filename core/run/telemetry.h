// How a run talks to whoever watches it: a ring for every recorded step, a mailbox for the newest snapshot.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace basin {

/// Bounded queue for one writer and one reader; neither ever blocks nor allocates after construction.
template <class T>
class Ring {
public:
    /// `capacity` must be a power of two.
    explicit Ring(std::size_t capacity) : items_(capacity), mask_(capacity - 1) {}

    /// Writer: false when full.
    bool push(const T& item)
    {
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        if (tail - head_.load(std::memory_order_acquire) == items_.size())
            return false;
        items_[tail & mask_] = item;
        tail_.store(tail + 1, std::memory_order_release);
        return true;
    }

    /// Reader: moves up to out.size() items, oldest first; returns how many.
    std::size_t pop(std::span<T> out)
    {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        const std::size_t ready = tail_.load(std::memory_order_acquire) - head;
        const std::size_t count = ready < out.size() ? ready : out.size();
        for (std::size_t i = 0; i < count; ++i)
            out[i] = items_[(head + i) & mask_];
        head_.store(head + count, std::memory_order_release);
        return count;
    }

    std::size_t free_space() const
    {
        return items_.size() - (tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_acquire));
    }

private:
    std::vector<T> items_;
    std::size_t mask_;
    alignas(64) std::atomic<std::size_t> head_{0};
    alignas(64) std::atomic<std::size_t> tail_{0};
};

/// Triple buffer: the writer always has a free slot, the reader always gets the newest whole value.
template <class T>
class Mailbox {
public:
    /// Writer: fill back(), then publish().
    T& back() { return slots_[back_]; }
    void publish() { back_ = middle_.exchange(back_ | kFresh, std::memory_order_acq_rel) & kIndex; }
    /// Writer: true while the reader has not yet taken the newest value (publishing more would be wasted).
    bool waiting() const { return (middle_.load(std::memory_order_acquire) & kFresh) != 0; }
    /// Reader: true when front() has become a newer value.
    bool take()
    {
        if ((middle_.load(std::memory_order_acquire) & kFresh) == 0)
            return false;
        front_ = middle_.exchange(front_, std::memory_order_acq_rel) & kIndex;
        return true;
    }
    const T& front() const { return slots_[front_]; }

private:
    static constexpr unsigned kFresh = 4;
    static constexpr unsigned kIndex = 3;
    std::array<T, 3> slots_{};
    unsigned back_ = 0;
    std::atomic<unsigned> middle_{1};
    unsigned front_ = 2;
};

/// One recorded step of a lane. `loss`: a landscape's mean loss over the particles that have not escaped; a
/// network's mini-batch loss where the method first evaluated it.
struct RecordRow {
    std::uint64_t step = 0;
    std::uint64_t gradients = 0;
    double loss = 0;
    double seconds = 0;  // of this lane's own turns
    std::uint64_t escaped = 0;
};

/// Data-set metrics of a lane at a scheduled step, in the order of the run's metric keys.
struct MetricsRow {
    std::uint64_t step = 0;
    std::uint64_t gradients = 0;
    double seconds = 0;
    std::vector<double> values;
};

/// Newest state of a lane for drawing: up to kMaximumParticles chains' positions (the first, second, ... n-th of
/// equal strides), chains x dim. Escaped particles are NaN here and counted in `escaped`.
struct Snapshot {
    static constexpr std::size_t kMaximumParticles = 100000;
    std::uint64_t step = 0;
    std::uint64_t escaped = 0;
    std::size_t dim = 0;
    std::vector<float> theta;
};

}  // namespace basin
