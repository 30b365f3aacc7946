// One landscape with its backend and one method on it, for the tests of this folder.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/objective/landscape_objective.h"
#include "core/optim/stepper.h"

namespace basin::testing {

using Values = std::vector<std::pair<std::string, ParamValue>>;

inline Params params_of(const ParamSchema& schema, const Values& values)
{
    Params params(schema);
    for (const auto& [key, value] : values) {
        params.set(key, value);
    }
    return params;
}

/// What a lane needs; the members of `options` have the Stepper's defaults.
struct LaneSetting {
    std::string landscape = "quadratic";
    Values landscape_values{};
    double gradient_noise = 0;
    std::string optimizer = "sgd";
    Values values{};
    StartSpec start{};
    Stepper::Options options{};
    int threads = 1;
    Isa isa = choose_isa();
};

/// A stepper with everything it points at, started.
struct Lane {
    explicit Lane(const LaneSetting& setting)
        : backend(make_cpu_backend(setting.threads, setting.isa)),
          objective(make_landscape(setting), setting.gradient_noise, *backend),
          stepper(*backend, objective, find_optimizer(setting.optimizer),
                  params_of(find_optimizer(setting.optimizer).schema, setting.values), setting.options)
    {
        records.push_back(stepper.start(setting.start));
    }

    void advance(std::uint64_t steps, std::uint64_t record_every = 1) { stepper.advance(steps, record_every, records); }
    std::vector<float> theta() const { return {stepper.theta(), stepper.theta() + stepper.chains() * stepper.dim()}; }

    static std::shared_ptr<const Landscape> make_landscape(const LaneSetting& setting)
    {
        const LandscapeEntry& entry = find_landscape(setting.landscape);
        return entry.make(params_of(entry.schema, setting.landscape_values));
    }

    std::unique_ptr<Backend> backend;
    LandscapeObjective objective;
    Stepper stepper;
    std::vector<StepRecord> records;
};

inline bool same_bytes(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Equal in every bit, NaN included.
inline bool same_records(const std::vector<StepRecord>& a, const std::vector<StepRecord>& b)
{
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].step != b[i].step || a[i].gradients != b[i].gradients || a[i].escaped != b[i].escaped ||
            std::memcmp(&a[i].loss, &b[i].loss, sizeof a[i].loss) != 0) {
            return false;
        }
    }
    return true;
}

inline std::vector<Isa> available_isas()
{
    std::vector<Isa> result;
    for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
        try {
            make_cpu_backend(1, isa);
            result.push_back(isa);
        } catch (const std::invalid_argument&) {  // this CPU does not have it
        }
    }
    return result;
}

}  // namespace basin::testing
