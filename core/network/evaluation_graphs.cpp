#include "core/network/evaluation_graphs.h"

#include <algorithm>
#include <exception>
#include <new>

namespace basin {
namespace {

bool same(const EvaluationArrays& a, const EvaluationArrays& b)
{
    return a.theta == b.theta && a.buffers == b.buffers && a.losses == b.losses && a.gradient == b.gradient;
}

bool same(const Want& a, const Want& b)
{
    return a.losses == b.losses && a.gradient == b.gradient && a.full_data == b.full_data &&
           a.update_buffers == b.update_buffers;
}

}  // namespace

EvaluationGraphs::Entry& EvaluationGraphs::entry(const EvaluationArrays& arrays, Want want, std::int64_t examples)
{
    const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return same(entry.arrays, arrays) && same(entry.want, want) && entry.examples == examples;
    });
    if (known != entries_.end()) {
        entries_.splice(entries_.begin(), entries_, known);
        return entries_.front();
    }
    entries_.push_front({.arrays = arrays, .want = want, .examples = examples});
    if (entries_.size() > kMost)
        entries_.pop_back();
    return entries_.front();
}

void EvaluationGraphs::run(const EvaluationArrays& arrays, Want want, std::int64_t examples,
                           const std::function<void()>& work)
{
    if (!make_) {
        work();
        return;
    }
    Entry& now = entry(arrays, want, examples);
    if (!now.graph && !now.refused && now.runs >= kWarmUp)
        record(now, work);
    if (now.graph) {
        now.graph->replay();
        return;
    }
    ++now.runs;
    work();
}

void EvaluationGraphs::record(Entry& entry, const std::function<void()>& work)
{
    const auto beside =
        std::find_if(entries_.begin(), entries_.end(), [](const Entry& other) { return bool(other.graph); });
    std::unique_ptr<StepGraph> graph = make_(beside != entries_.end() ? beside->graph.get() : nullptr);
    entry.refused = true;
    if (!graph) {
        make_ = {};
        return;
    }
    try {
        graph->capture(work);
    } catch (const std::exception&) {
        return;  // then it runs as it is: slower, and the same
    }
    entry.graph = std::move(graph);
}

std::size_t EvaluationGraphs::recorded() const
{
    return static_cast<std::size_t>(
        std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) { return bool(entry.graph); }));
}

}  // namespace basin
