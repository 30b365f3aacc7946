// How much memory tensors take. Includes LibTorch: for this folder's few files only.
#pragma once

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace basin {

/// Counts the bytes of tensors that the calling thread makes less those it lets go, while this lives. LibTorch's CPU
/// allocator reports them; other threads are not seen (its CPU graphs run on the thread that asks).
class MemoryMeter {
public:
    MemoryMeter() : counter_(std::make_shared<Counter>()), guard_(c10::DebugInfoKind::PROFILER_STATE, counter_) {}

    std::int64_t bytes() const { return counter_->bytes; }
    /// What was made (positive) and let go, in that order.
    const std::vector<std::int64_t>& sizes() const { return counter_->sizes; }

private:
    struct Counter : c10::MemoryReportingInfoBase {
        void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device) override
        {
            bytes += size;
            sizes.push_back(size);
        }
        bool memoryProfilingEnabled() const override { return true; }
        std::int64_t bytes = 0;
        std::vector<std::int64_t> sizes;
    };
    std::shared_ptr<Counter> counter_;
    c10::DebugInfoGuard guard_;
};

}  // namespace basin
