// Work that is queued on a GPU again and again at the cost of one call.
#pragma once

#include <functional>
#include <memory>

namespace basin {

/// A recording of what LibTorch queues on this thread's current CUDA stream. One thread at a time.
class StepGraph {
public:
    virtual ~StepGraph() = default;
    /// Records what `work` queues; nothing of it is done. All memory that it reads and writes must stay where it is.
    /// Throws what LibTorch throws when something in it cannot be recorded.
    virtual void capture(const std::function<void()>& work) = 0;
    /// Queues it.
    virtual void replay() = 0;
};

using MakeStepGraph = std::function<std::unique_ptr<StepGraph>(StepGraph* beside)>;

}  // namespace basin
