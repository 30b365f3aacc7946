#include "bench/peers.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "core/compute/backend.h"
#include "core/network/data/data_set.h"
#include "core/network/network.h"
#include "core/optim/stepper.h"
#include "core/run/npy.h"
#include "core/run/objectives.h"
#include "core/spectrum/density.h"
#include "core/spectrum/extreme_eigenvalues.h"
#include "core/spectrum/trace.h"

namespace basin::bench {

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::int64_t kImages = 1024;
constexpr std::uint64_t kSteps = 160;  // 20 epochs: a network that has learnt something, and is not done

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<float> trained(Backend& backend, Objective& objective)
{
    Params sgd(find_optimizer("sgd").schema);
    sgd.set("step_size", 0.02);
    sgd.set("momentum", 0.9);
    Stepper stepper(backend, objective, find_optimizer("sgd"), sgd, Stepper::Options{.chains = 1, .seed = kSeed});
    stepper.start({});
    std::vector<StepRecord> records;
    stepper.advance(kSteps, kSteps, records);
    return {stepper.theta(), stepper.theta() + stepper.dim()};
}

}  // namespace

void measure_for_peers(const std::filesystem::path& folder)
{
    const NetworkEntry& lenet = find_network("lenet");
    Params params(network_schema(lenet));
    params.set("train_size", kImages);
    const auto backend = make_cpu_backend();
    const auto objective = make_network_objective(lenet, params, *backend, kSeed);
    const std::vector<float> theta = trained(*backend, *objective);

    const DataSet data = make_data_set(params, kSeed);
    const std::vector<float> labels(data.train.labels.begin(), data.train.labels.end());
    std::filesystem::create_directories(folder);
    write_npy(folder / "inputs.npy", data.train.inputs, data.train.size(),
              data.train.inputs.size() / data.train.size());
    write_npy(folder / "labels.npy", labels, labels.size(), 1);
    write_npy(folder / "theta.npy", theta, 1, theta.size());

    // A clock for each question, the graph that is kept included: nobody gets it for nothing.
    const auto ask = [&](auto question) {
        const auto start = Clock::now();
        const auto curvature = objective->curvature(theta, {}, {.sample = 0, .seed = kSeed});
        SymmetricOperator matrix(curvature->dim(), [&](std::span<const double> v, std::span<double> out) {
            curvature->product(CurvatureMatrix::hessian, v, out);
        });
        question(matrix);
        return seconds_since(start);
    };
    ExtremeEigenvalues top;
    TraceEstimate trace;
    SpectralDensity density;
    const double top_seconds = ask([&](auto& m) { top = extreme_eigenvalues(m, {.top = 5, .seed = kSeed}); });
    const double trace_seconds =
        ask([&](auto& m) { trace = hutchinson(m, {.relative_error = 0.05, .maximum_products = 1000, .seed = kSeed}); });
    const double density_seconds =
        ask([&](auto& m) { density = spectral_density(m, {.probes = 1, .steps = 80, .seed = kSeed}); });
    std::printf("{\"threads\": %d, \"top\": [", backend->threads());
    for (std::size_t i = 0; i < top.top.size(); ++i)
        std::printf("%s%.9g", i == 0 ? "" : ", ", top.top[i].value);
    std::printf("], \"top_products\": %llu, \"top_worst_residual\": %.3g, \"top_seconds\": %.4f",
                static_cast<unsigned long long>(top.products), top.worst, top_seconds);
    std::printf(", \"trace\": %.6g, \"trace_error\": %.3g, \"trace_products\": %llu, \"trace_seconds\": %.4f",
                trace.value, trace.error, static_cast<unsigned long long>(trace.products), trace_seconds);
    std::printf(", \"density_products\": %llu, \"density_seconds\": %.4f}\n",
                static_cast<unsigned long long>(density.products), density_seconds);
}

}  // namespace basin::bench
