// Evaluations of a batch that are recorded once and then repeated.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/network/recently_used.h"
#include "core/network/step_graph.h"
#include "core/objective/objective.h"

namespace basin {

/// Runs evaluations, or repeats the recording of an equal one. Two are equal when they read and write the same arrays,
/// want the same, and look at as many examples. The first kWarmUp of a kind run as they are, because libraries prepare
/// themselves then; what cannot be recorded always does. One caller at a time, always on the same stream.
class EvaluationGraphs {
public:
    static constexpr int kWarmUp = 3;
    /// An epoch's batches and its smaller last one, with and without losses, of eight lanes.
    static constexpr std::size_t kMost = 32;

    /// `make` may be empty or give nothing: then nothing is recorded.
    explicit EvaluationGraphs(MakeStepGraph make) : make_(std::move(make)) {}

    /// `work` does what the arguments say, and reads nothing else that changes.
    void run(const EvaluationArrays& arrays, Want want, std::int64_t examples, const std::function<void()>& work);
    std::size_t recorded() const;

private:
    struct Kind {
        EvaluationArrays arrays;
        Want want;
        std::int64_t examples = 0;
        bool operator==(const Kind&) const = default;
    };
    struct Recording {
        int runs = 0;
        bool refused = false;
        std::unique_ptr<StepGraph> graph{};
    };
    void record(Recording& recording, const std::function<void()>& work);

    MakeStepGraph make_;
    RecentlyUsed<Kind, Recording> kinds_{kMost};
};

}  // namespace basin
