// LeNet on 6,000 Fashion-MNIST images, batch 128: Basin's SGD beside a hand-written LibTorch loop, and what fSGLD and
// SAM cost beside Basin's SGD.
#include <stdexcept>

#include "bench/lenet_torch.h"
#include "bench/pairs.h"
#include "core/compute/backend.h"
#include "core/network/network.h"
#include "core/optim/stepper.h"

namespace basin::bench {

namespace {

constexpr std::size_t kSteps = 20;  // some 0.15 s: long beside the clock, short beside a machine's moods
constexpr std::uint64_t kSeed = 1;

const NetworkEntry& lenet()
{
    for (const NetworkEntry* entry : network_entries())
        if (entry->key == "lenet")
            return *entry;
    throw std::logic_error("no lenet");
}

Params data_params()
{
    Params params(network_schema(lenet()));
    params.set("train_size", std::int64_t{6000});
    params.set("label_noise.kind", std::string("symmetric"));
    return params;
}

class Lane {
public:
    Lane(Backend& backend, Objective& objective, const char* optimizer, double beta)
        : objective_(objective.clone(backend)),
          stepper_(backend, *objective_, find_optimizer(optimizer), params(optimizer, beta),
                   Stepper::Options{.chains = 1, .seed = kSeed})
    {
        stepper_.start({});
    }

    void run()
    {
        records_.clear();
        stepper_.advance(kSteps, 1, records_);
    }

private:
    static Params params(const char* optimizer, double beta)
    {
        Params params(find_optimizer(optimizer).schema);
        params.set("step_size", 0.02);
        params.set("momentum", 0.9);
        if (beta > 0)
            params.set("beta", beta);
        return params;
    }

    std::unique_ptr<Objective> objective_;
    Stepper stepper_;
    std::vector<StepRecord> records_;
};

std::vector<Line> run(std::size_t pairs)
{
    const auto backend = make_cpu_backend();
    const auto objective = make_network_objective(lenet(), data_params(), *backend, kSeed);
    std::vector<float> theta(objective->dim());
    objective->start(theta, {}, 1, {}, kSeed);
    const auto by_hand = torch_lenet({.data = std::make_shared<const DataSet>(make_data_set(data_params(), kSeed)),
                                      .theta = theta,
                                      .batch_size = 128,
                                      .seed = kSeed,
                                      .threads = backend->threads()});
    Lane sgd(*backend, *objective, "sgd", 0);
    Lane fsgld(*backend, *objective, "fsgld", 1e8);
    Lane sam(*backend, *objective, "sam", 0);
    const Contender ours{"SGD", [&] { sgd.run(); }};
    const std::string threads = std::to_string(backend->threads()) + " threads";
    return {
        {"SGD step over torch::optim::SGD by hand, seconds",
         time_pairs(ours, {"by hand", [&] { by_hand(kSteps); }}, pairs), Bound{Bound::Kind::at_most, 1.02}, threads},
        {"fSGLD step over SGD step, seconds", time_pairs({"fSGLD", [&] { fsgld.run(); }}, ours, pairs),
         Bound{Bound::Kind::at_most, 1.03}, threads},
        {"SAM step over SGD step, seconds", time_pairs({"SAM", [&] { sam.run(); }}, ours, pairs),
         Bound{Bound::Kind::at_most, 2.1}, threads}};
}

}  // namespace

Case lenet_case()
{
    return {"lenet", "LeNet, batch 128, losses of each step read: SGD by hand, fSGLD, SAM", run};
}

}  // namespace basin::bench
