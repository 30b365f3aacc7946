// Tells the time an objective takes from the time its optimizer takes.
#pragma once

#include <chrono>

#include "core/objective/objective.h"

namespace basin {

/// The same objective, with the time spent in evaluate() summed up. Same rules for threads as the objective's.
class TimedObjective final : public Objective {
public:
    explicit TimedObjective(Objective& objective) : objective_(objective) {}

    double seconds() const { return std::chrono::duration<double>(spent_).count(); }

    const Layout& layout() const override { return objective_.layout(); }
    const Layout& buffer_layout() const override { return objective_.buffer_layout(); }
    void start(std::span<float> theta, std::span<float> buffers, std::size_t chains, const StartSpec& spec,
               std::uint64_t seed) override
    {
        objective_.start(theta, buffers, chains, spec, seed);
    }
    void evaluate(const EvaluationArrays& arrays, BatchKey key, Want want) override
    {
        const auto begin = Clock::now();
        objective_.evaluate(arrays, key, want);
        spent_ += Clock::now() - begin;
    }
    std::size_t examples(BatchKey key, Want want) const override { return objective_.examples(key, want); }
    std::size_t steps_per_epoch() const override { return objective_.steps_per_epoch(); }
    std::vector<std::string> metric_keys() const override { return objective_.metric_keys(); }
    std::optional<std::vector<double>> metrics(std::span<const float> theta, std::span<const float> buffers,
                                               const std::stop_token& stop,
                                               const std::function<void(double)>& progress) override
    {
        return objective_.metrics(theta, buffers, stop, progress);
    }
    std::vector<std::pair<std::string, std::string>> file_hashes() const override { return objective_.file_hashes(); }
    MemoryNeed memory() const override { return objective_.memory(); }
    const Landscape* landscape() const override { return objective_.landscape(); }
    std::vector<std::string> point_value_keys() const override { return objective_.point_value_keys(); }
    std::unique_ptr<PointValues> point_values(std::span<const float> buffers, const PointRequest& request) override
    {
        return objective_.point_values(buffers, request);
    }
    std::unique_ptr<Objective> clone(Backend& backend) const override { return objective_.clone(backend); }

private:
    using Clock = std::chrono::steady_clock;
    Objective& objective_;
    Clock::duration spent_{};
};

}  // namespace basin
