// LeNet on 6,000 Fashion-MNIST images, batch 128: Basin's SGD beside a hand-written LibTorch loop, and what fSGLD and
// SAM cost beside Basin's SGD; on the CPU, and on the GPU where there is one.
#include <stdexcept>

#include "bench/lenet_torch.h"
#include "bench/pairs.h"
#include "core/compute/device.h"
#include "core/network/network.h"
#include "core/optim/stepper.h"

namespace basin::bench {

namespace {

constexpr std::size_t kSteps = 20;  // some 0.15 s: long beside the clock, short beside a machine's moods
constexpr std::size_t kCudaSteps = 512;
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
    Lane(Backend& backend, Objective& objective, const char* optimizer, double beta, std::size_t steps)
        : steps_(steps),
          objective_(objective.clone(backend)),
          stepper_(backend, *objective_, find_optimizer(optimizer), params(optimizer, beta),
                   Stepper::Options{.chains = 1, .seed = kSeed})
    {
        stepper_.start({});
    }

    void run()
    {
        records_.clear();
        stepper_.advance(steps_, 1, records_);
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

    std::size_t steps_;
    std::unique_ptr<Objective> objective_;
    Stepper stepper_;
    std::vector<StepRecord> records_;
};

struct Wanted {
    double sgd;
    double fsgld;
    double sam;
};

std::vector<Line> run_on(Device device, std::size_t steps, const Wanted& wanted, std::size_t pairs)
{
    const auto backend = make_backend(device);
    const auto objective = make_network_objective(lenet(), data_params(), *backend, kSeed);
    std::vector<float> theta(objective->dim());
    objective->start(theta, {}, 1, {}, kSeed);
    const auto by_hand = torch_lenet({.data = std::make_shared<const DataSet>(make_data_set(data_params(), kSeed)),
                                      .theta = theta,
                                      .batch_size = 128,
                                      .seed = kSeed,
                                      .threads = backend->threads(),
                                      .cuda = device == Device::cuda});
    Lane sgd(*backend, *objective, "sgd", 0, steps);
    Lane fsgld(*backend, *objective, "fsgld", 1e8, steps);
    Lane sam(*backend, *objective, "sam", 0, steps);
    const Contender ours{"SGD", [&] { sgd.run(); }};
    const std::string where = device == Device::cpu ? std::to_string(backend->threads()) + " threads" : backend->name();
    const auto at_most = [](double ratio) { return Bound{Bound::Kind::at_most, ratio}; };
    return {{"SGD step over torch::optim::SGD by hand, seconds",
             time_pairs(ours, {"by hand", [&] { by_hand(steps); }}, pairs), at_most(wanted.sgd), where},
            {"fSGLD step over SGD step, seconds", time_pairs({"fSGLD", [&] { fsgld.run(); }}, ours, pairs),
             at_most(wanted.fsgld), where},
            {"SAM step over SGD step, seconds", time_pairs({"SAM", [&] { sam.run(); }}, ours, pairs),
             at_most(wanted.sam), where}};
}

std::vector<Line> run(std::size_t pairs)
{
    return run_on(Device::cpu, kSteps, {1.02, 1.03, 2.1}, pairs);
}

std::vector<Line> run_on_cuda(std::size_t pairs)
{
    return run_on(Device::cuda, kCudaSteps, {0.7, 1.10, 2.05}, pairs);
}

std::string no_cuda()
{
    const DeviceInfo info = find_device(Device::cuda);
    return info.usable ? std::string() : "no GPU: " + info.reason;
}

}  // namespace

Case lenet_case()
{
    return {"lenet", "LeNet, batch 128, losses of each step read: SGD by hand, fSGLD, SAM", run};
}

Case cuda_lenet_case()
{
    return {"cuda_lenet", "the same on the GPU, losses read every 16 steps: fused SGD by hand, fSGLD, SAM", run_on_cuda,
            no_cuda};
}

}  // namespace basin::bench
