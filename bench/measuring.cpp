// What a measurement of the LeNet's spectrum is said to take before it begins, against what it takes; and the products
// that its extreme eigenvalues need, counted apart from the trace's.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "bench/pairs.h"
#include "core/compute/backend.h"
#include "core/network/network.h"
#include "core/optim/stepper.h"
#include "core/probe/probe.h"
#include "core/run/measuring_speed.h"
#include "core/run/objectives.h"
#include "core/spectrum/extreme_eigenvalues.h"

namespace basin::bench {

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kSteps = 470;  // ten epochs of "Noisy labels"
/// A density takes a minute, and a measurement's time does not scatter.
constexpr std::size_t kMostRounds = 6;

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The LeNet of "Noisy labels" after its SGD lane's first steps, seen from one thread as by a run's probes.
class Trained {
public:
    Trained()
    {
        Params params(network_schema(find_network("lenet")));
        params.set("train_size", std::int64_t{6000});
        params.set("label_noise.kind", std::string("symmetric"));
        params.set("label_noise.rate", 0.4);
        const auto all = make_cpu_backend();
        const auto training = make_network_objective(find_network("lenet"), params, *all, kSeed);
        Params sgd(find_optimizer("sgd").schema);
        sgd.set("step_size", 0.02);
        sgd.set("momentum", 0.9);
        Stepper stepper(*all, *training, find_optimizer("sgd"), sgd, {.chains = 1, .seed = kSeed});
        stepper.start({});
        std::vector<StepRecord> records;
        stepper.advance(kSteps, kSteps, records);
        input_.theta.assign(stepper.theta(), stepper.theta() + stepper.dim());
        input_.seed = kSeed;
        input_.step = kSteps;
        objective_ = training->clone(*one_);
    }
    Objective& objective() { return *objective_; }
    const ProbeInput& input() const { return input_; }

private:
    std::unique_ptr<Backend> one_ = make_cpu_backend(1);
    std::unique_ptr<Objective> objective_;
    ProbeInput input_;
};

std::string seconds_note(double stated, double taken)
{
    std::array<char, 80> note{};
    std::snprintf(note.data(), note.size(), "1 thread, last: %.1f s stated before, %.1f s taken", stated, taken);
    return note.data();
}

void append_density(std::vector<Line>& lines, Trained& lenet, std::size_t rounds)
{
    const ProbeEntry& entry = find_probe("hessian_spectrum");
    Params params(entry.schema);
    params.set("top", std::int64_t{0});
    params.set("bottom", std::int64_t{0});
    const auto probe = entry.make(params, lenet.objective());
    std::vector<double> seconds;
    std::vector<double> products;
    double stated = 0;
    double taken = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        // As a new run says it, every time from the speed of a few gradients.
        const ProbeCost cost = probe->cost(lenet.input());
        stated = cost.example_gradients * seconds_per_example(lenet.objective(), kSeed, now).value();
        const double before = now();
        const ProbeResult result = probe->measure(lenet.input(), {}, [](double) {});
        taken = now() - before;
        seconds.push_back(taken / stated);
        const auto counted =
            std::find_if(result.values.begin(), result.values.end(), [](const auto& v) { return v.key == "products"; });
        products.push_back(counted->value / static_cast<double>(cost.products));
    }
    const Bound kept{Bound::Kind::within, 0.8, 1.2};
    lines.push_back({"density of 8 probes of 80 steps, seconds taken over stated", median_interval(seconds), kept,
                     seconds_note(stated, taken)});
    lines.push_back({"density of 8 probes of 80 steps, products over stated", median_interval(products), kept, {}});
}

void append_pairs(std::vector<Line>& lines, Trained& lenet, std::size_t bottom, double wanted)
{
    const auto curvature = lenet.objective().curvature(lenet.input().theta, {}, {.seed = kSeed});
    SymmetricOperator matrix(curvature->dim(), [&](std::span<const double> v, std::span<double> out) {
        curvature->product(CurvatureMatrix::hessian, v, out);
    });
    const ExtremeEigenvalues found =
        extreme_eigenvalues(matrix, {.top = 5, .bottom = bottom, .tolerance = 1e-3, .seed = kSeed});
    std::array<char, 100> note{};
    std::snprintf(note.data(), note.size(), "%llu products, worst true relative residual %.1e%s",
                  static_cast<unsigned long long>(found.products), found.worst, found.converged ? "" : ": NOT REACHED");
    lines.push_back({bottom == 0 ? "top 5 to 1e-3, products over 30" : "top and bottom 5 to 1e-3, products over 80",
                     median_interval({static_cast<double>(found.products) / wanted}),
                     Bound{Bound::Kind::at_most, found.converged ? 1.0 : 0.0}, note.data()});
}

std::vector<Line> run(std::size_t pairs)
{
    Trained lenet;
    std::vector<Line> lines;
    append_pairs(lines, lenet, 0, 30);
    append_pairs(lines, lenet, 5, 80);
    append_density(lines, lenet, std::min(pairs, kMostRounds));
    return lines;
}

}  // namespace

Case measuring_case()
{
    return {"measuring", "LeNet: time and products of a measurement as stated before, and as taken", run};
}

}  // namespace basin::bench
