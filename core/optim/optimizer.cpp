#include "core/optim/optimizer.h"

#include <algorithm>
#include <string>

namespace basin {

StepContext::StepContext(Backend& backend, Objective& objective, const Params& params, std::span<float* const> states,
                         std::span<float* const> scratch, float* theta, float* buffers, float* losses,
                         std::size_t chains, std::uint64_t seed, std::uint32_t lane, std::uint64_t step,
                         std::uint64_t total, Counts& counts)
    : backend_(backend),
      objective_(objective),
      params_(&params),
      states_(states),
      scratch_(scratch),
      theta_(theta),
      buffers_(buffers),
      losses_(losses),
      chains_(chains),
      dim_(objective.dim()),
      seed_(seed),
      lane_(lane),
      step_(step),
      total_(total),
      counts_(counts)
{
}

RngKey StepContext::key(Stream stream, std::uint32_t draw) const
{
    return {.seed = seed_, .stream = stream, .step = static_cast<std::uint32_t>(step_), .draw = draw, .lane = lane_};
}

StepContext StepContext::over(const Params& base_params, Ascent ascent) const
{
    StepContext inner = *this;
    inner.params_ = &base_params;
    inner.outer_ = this;
    inner.ascent_ = ascent;
    return inner;
}

void StepContext::gradient(const float* at, float* out, std::uint32_t batch_draw)
{
    evaluate(at, out, batch_draw);
    if (ascent_ != nullptr) {
        float* higher = scratch_.back();
        ascent_(*outer_, higher, at, out);
        evaluate(higher, out, batch_draw);
    }
}

void StepContext::evaluate(const float* at, float* out, std::uint32_t batch_draw)
{
    const BatchKey key{.seed = seed_, .step = step_, .draw = batch_draw, .lane = lane_};
    const Want want{.losses = losses_ != nullptr && !asked_, .gradient = true, .update_buffers = !asked_};
    objective_.evaluate({.theta = at,
                         .buffers = buffers_,
                         .chains = chains_,
                         .losses = want.losses ? losses_ : nullptr,
                         .gradient = out},
                        key, want);
    asked_ = true;
    ++counts_.gradients;
    counts_.examples += objective_.examples(key, want);
}

std::size_t scratch_arrays(const OptimizerEntry& entry, const Params& params)
{
    return entry.scratch_arrays + (entry.base != nullptr ? entry.base(params).scratch_arrays : 0);
}

const OptimizerEntry& find_optimizer(std::string_view key)
{
    const auto entries = optimizer_entries();
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto* entry) { return entry->key == key; });
    if (found != entries.end()) {
        return **found;
    }
    std::vector<std::string> keys;
    for (const OptimizerEntry* entry : entries) {
        keys.push_back(entry->key);
    }
    throw_unknown("optimizer", "optimizer", key, keys);
}

}  // namespace basin
