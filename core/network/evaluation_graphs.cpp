#include "core/network/evaluation_graphs.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace basin {

void EvaluationGraphs::run(const EvaluationArrays& arrays, Want want, std::int64_t examples,
                           const std::function<void()>& work)
{
    if (!make_) {
        work();
        return;
    }
    Recording& now = kinds_.of({arrays, want, examples}, [] { return Recording(); });
    if (!now.graph && !now.refused && now.runs >= kWarmUp)
        record(now, work);
    if (now.graph) {
        now.graph->replay();
        return;
    }
    ++now.runs;
    work();
}

void EvaluationGraphs::record(Recording& recording, const std::function<void()>& work)
{
    StepGraph* beside = nullptr;
    for (const auto& [kind, other] : kinds_.entries()) {
        beside = beside == nullptr ? other.graph.get() : beside;
    }
    std::unique_ptr<StepGraph> graph = make_(beside);
    recording.refused = true;
    if (!graph) {
        make_ = {};
        return;
    }
    try {
        graph->capture(work);
    } catch (const std::exception&) {
        return;  // then it runs as it is: slower, and the same
    }
    recording.graph = std::move(graph);
}

std::size_t EvaluationGraphs::recorded() const
{
    return static_cast<std::size_t>(std::count_if(kinds_.entries().begin(), kinds_.entries().end(),
                                                  [](const auto& entry) { return bool(entry.value.graph); }));
}

}  // namespace basin
