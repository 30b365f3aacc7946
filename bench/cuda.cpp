// The flagship on a GPU: 10 million particles, many steps a launch.
#include <chrono>

#include "bench/pairs.h"
#include "core/compute/device.h"
#include "core/landscape/landscape.h"
#include "core/objective/landscape_objective.h"
#include "core/optim/stepper.h"

namespace basin::bench {

namespace {

constexpr std::size_t kParticles = 10'000'000;
constexpr std::uint64_t kSteps = 640;  // ten launches

/// Billions of particle-steps a second, once for each of `times` runs after one to warm up.
std::vector<double> rates(Backend& backend, const std::string& method, std::uint64_t record_every, std::size_t times)
{
    const LandscapeEntry& wells = find_landscape("gaussian_wells");
    LandscapeObjective objective(wells.make(Params(wells.schema)), 0, backend);
    const OptimizerEntry& optimizer = find_optimizer(method);
    Stepper stepper(backend, objective, optimizer, Params(optimizer.schema), {.chains = kParticles, .seed = 42});
    stepper.start({.points = {{-1.8, 0.0}, {1.8, 0.0}}});
    std::vector<StepRecord> records;
    std::vector<double> result;
    for (std::size_t i = 0; i <= times; ++i) {
        records.clear();
        const auto begin = std::chrono::steady_clock::now();
        stepper.advance(kSteps, record_every, records);  // returns when the last losses are here
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        if (i > 0) {
            result.push_back(static_cast<double>(kParticles * kSteps) / took.count() / 1e9);
        }
    }
    return result;
}

std::vector<Line> run(std::size_t pairs)
{
    const auto backend = make_backend(Device::cuda);
    std::vector<Line> lines;
    lines.push_back({"fSGLD with losses, billion particle-steps a second",
                     median_interval(rates(*backend, "fsgld", 1, pairs)), Bound{Bound::Kind::at_least, 50},
                     backend->name()});
    lines.push_back({"fSGLD without losses, billion particle-steps a second",
                     median_interval(rates(*backend, "fsgld", 0, pairs)), std::nullopt, "for orientation"});
    lines.push_back({"SGLD with losses, billion particle-steps a second",
                     median_interval(rates(*backend, "sgld", 1, pairs)), std::nullopt, "for orientation"});
    lines.push_back({"SAM with losses, billion particle-steps a second",
                     median_interval(rates(*backend, "sam", 1, pairs)), std::nullopt, "for orientation"});
    return lines;
}

}  // namespace

Case cuda_case()
{
    return {"cuda", "The flagship on a GPU: 10 million particles, losses and counts at every step", run, no_cuda};
}

}  // namespace basin::bench
