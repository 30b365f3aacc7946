#include "bench/peers.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "bench/image_set.h"
#include "core/compute/device.h"
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
constexpr std::uint64_t kSteps = 160;  // 20 epochs
constexpr std::uint64_t kResidualSteps = 24;
constexpr std::size_t kKeptBytes = std::size_t{16} << 30U;  // as the others, who keep the whole graph

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A network that has learnt something, and is not done.
class Trained {
public:
    Trained(const std::string& network, Device device)
        : backend_(make_backend(device)),
          residual_(network != "lenet"),
          entry_(find_network(residual_ ? "resnet" : "lenet")),
          params_(network_schema(entry_))
    {
        params_.set("train_size", kImages);
        if (residual_)
            params_.set("variant", network);
        data_ = residual_ ? cifar_shaped(kImages, kSeed) : make_data_set(params_, kSeed);
        objective_ = make_network_objective(entry_, params_, *backend_, data_);
        Params sgd(find_optimizer("sgd").schema);
        sgd.set("step_size", 0.02);
        sgd.set("momentum", 0.9);
        Stepper stepper(*backend_, *objective_, find_optimizer("sgd"), sgd,
                        Stepper::Options{.chains = 1, .seed = kSeed});
        stepper.start({});
        std::vector<StepRecord> records;
        stepper.advance(residual_ ? kResidualSteps : kSteps, kSteps, records);
        for (const StateArray& array : stepper.arrays())
            if (array.name == "theta" || array.name == "buffers") {
                std::vector<float>& to = array.name == "theta" ? theta : buffers;
                to.resize(array.size);
                backend_->download(to, array.data);
            }
    }

    void write(const std::filesystem::path& folder) const
    {
        const std::vector<float> labels(data_.train.labels.begin(), data_.train.labels.end());
        std::filesystem::create_directories(folder);
        write_npy(folder / "inputs.npy", data_.train.inputs, data_.train.size(),
                  data_.train.inputs.size() / data_.train.size());
        write_npy(folder / "labels.npy", labels, labels.size(), 1);
        write_npy(folder / "theta.npy", theta, 1, theta.size());
        write_npy(folder / "buffers.npy", buffers, 1, buffers.size());
    }
    bool residual() const { return residual_; }
    int threads() const { return backend_->threads(); }
    Objective& objective() { return *objective_; }

    std::vector<float> theta;
    std::vector<float> buffers;

private:
    std::unique_ptr<Backend> backend_;
    bool residual_;
    const NetworkEntry& entry_;
    Params params_;
    DataSet data_;
    std::unique_ptr<Objective> objective_;
};

}  // namespace

void measure_for_peers(const std::filesystem::path& folder, const std::string& network, Device device)
{
    Trained trained(network, device);
    trained.write(folder);

    // A clock for each question, the graph that is kept included: nobody gets it for nothing.
    const auto ask = [&](auto question) {
        const auto start = Clock::now();
        const auto curvature = trained.objective().curvature(trained.theta, trained.buffers,
                                                             {.sample = 0, .seed = kSeed, .kept_bytes = kKeptBytes});
        SymmetricOperator matrix(curvature->dim(), [&](std::span<const double> v, std::span<double> out) {
            curvature->product(CurvatureMatrix::hessian, v, out);
        });
        question(matrix);
        return seconds_since(start);
    };
    ask([](auto& m) { extreme_eigenvalues(m, {.top = 1, .seed = kSeed}); });  // libraries prepare themselves
    ExtremeEigenvalues top;
    TraceEstimate trace;
    SpectralDensity density;
    const double top_seconds = ask([&](auto& m) { top = extreme_eigenvalues(m, {.top = 5, .seed = kSeed}); });
    const auto trace_of = [&](auto& m) {
        trace = hutchinson(m, {.relative_error = 0.05, .maximum_products = 1000, .seed = kSeed});
    };
    const double trace_seconds = trained.residual() ? 0 : ask(trace_of);
    const auto density_of = [&](auto& m) { density = spectral_density(m, {.probes = 1, .steps = 80, .seed = kSeed}); };
    const double density_seconds = trained.residual() ? 0 : ask(density_of);
    std::printf("{\"threads\": %d, \"top\": [", trained.threads());
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
