// A training step of a network, batch 128: Basin's SGD beside a hand-written LibTorch loop, and what fSGLD and SAM cost
// beside Basin's SGD; on the CPU, and on the GPU where there is one.
#include <chrono>
#include <cmath>

#include "bench/image_set.h"
#include "bench/pairs.h"
#include "bench/torch_loop.h"
#include "core/compute/device.h"
#include "core/network/network.h"
#include "core/optim/stepper.h"
#include "core/run/objectives.h"

namespace basin::bench {

namespace {

constexpr std::uint64_t kSeed = 1;

/// What is measured, and the largest ratios wanted.
struct Setting {
    Device device = Device::cpu;
    const char* network = "lenet";
    const char* variant = "";  // of a ResNet
    double step_size = 0.02;
    std::size_t steps = 1;  // a measurement: long beside the clock, short beside a machine's moods
    double sgd = 0;
    double fsgld = 0;
    double sam = 0;

    std::string name() const { return *variant != '\0' ? variant : network; }
};

/// 6,000 images: Fashion-MNIST's, for a ResNet of CIFAR's shape.
DataSet data_of(const Setting& setting, const Params& params)
{
    return *setting.variant != '\0' ? cifar_shaped(6000, kSeed) : make_data_set(params, kSeed);
}

Params data_params(const Setting& setting)
{
    Params params(network_schema(find_network(setting.network)));
    params.set("train_size", std::int64_t{6000});
    params.set("label_noise.kind", std::string("symmetric"));
    if (*setting.variant != '\0')
        params.set("variant", std::string(setting.variant));
    return params;
}

class Lane {
public:
    Lane(Backend& backend, Objective& objective, const char* optimizer, double beta, const Setting& setting)
        : steps_(setting.steps),
          objective_(objective.clone(backend)),
          stepper_(backend, *objective_, find_optimizer(optimizer), params(optimizer, beta, setting.step_size),
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
    static Params params(const char* optimizer, double beta, double step_size)
    {
        Params params(find_optimizer(optimizer).schema);
        params.set("step_size", step_size);
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

/// Work of some steps, and what it took in all.
class Clocked {
public:
    Clocked(std::size_t steps, std::function<void()> work) : steps_(steps), work_(std::move(work)) {}

    Contender contender(const char* name)
    {
        return {name, [this] {
                    const auto begin = std::chrono::steady_clock::now();
                    work_();
                    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
                    done_ += steps_;
                }};
    }
    /// The mean, with the first measurements, in which libraries prepare themselves.
    std::string microseconds() const
    {
        return std::to_string(std::lround(1e6 * seconds_ / static_cast<double>(done_))) + " us";
    }

private:
    std::size_t steps_;
    std::function<void()> work_;
    double seconds_ = 0;
    std::size_t done_ = 0;
};

std::vector<Line> run(const Setting& setting, std::size_t pairs)
{
    const auto backend = make_backend(setting.device);
    const Params params = data_params(setting);
    const auto data = std::make_shared<const DataSet>(data_of(setting, params));
    const auto objective = make_network_objective(find_network(setting.network), params, *backend, *data);
    std::vector<float> theta(objective->dim());
    std::vector<float> buffers(objective->buffer_layout().size());
    objective->start(theta, buffers, 1, {}, kSeed);
    const auto by_hand = torch_steps({.network = setting.name(),
                                      .data = data,
                                      .theta = theta,
                                      .batch_size = 128,
                                      .seed = kSeed,
                                      .step_size = setting.step_size,
                                      .threads = backend->threads(),
                                      .cuda = setting.device == Device::cuda});
    Lane sgd(*backend, *objective, "sgd", 0, setting);
    Lane fsgld(*backend, *objective, "fsgld", 1e8, setting);
    Lane sam(*backend, *objective, "sam", 0, setting);
    Clocked ours(setting.steps, [&] { sgd.run(); });
    const auto line = [&](const char* name, const char* text, std::function<void()> work, double at_most,
                          bool over_ours = true) {
        Clocked other(setting.steps, std::move(work));
        const Ratio ratio = over_ours ? time_pairs(other.contender(name), ours.contender("SGD"), pairs)
                                      : time_pairs(ours.contender("SGD"), other.contender(name), pairs);
        const std::string where =
            setting.device == Device::cpu ? std::to_string(backend->threads()) + " threads" : backend->name();
        return Line{text, ratio, Bound{Bound::Kind::at_most, at_most},
                    where + ", a step takes " + other.microseconds() + " and SGD's " + ours.microseconds()};
    };
    return {line(
                "by hand", "SGD step over torch::optim::SGD by hand, seconds", [&] { by_hand(setting.steps); },
                setting.sgd, false),
            line(
                "fSGLD", "fSGLD step over SGD step, seconds", [&] { fsgld.run(); }, setting.fsgld),
            line(
                "SAM", "SAM step over SGD step, seconds", [&] { sam.run(); }, setting.sam)};
}

}  // namespace

Case lenet_case()
{
    return {"lenet", "LeNet, batch 128, losses of each step read: SGD by hand, fSGLD, SAM",
            [](std::size_t pairs) { return run({.steps = 20, .sgd = 1.02, .fsgld = 1.03, .sam = 2.1}, pairs); }};
}

Case resnet_case()
{
    return {
        "resnet", "ResNet-20 on 3 x 32 x 32 images, batch 128, losses of each step read: SGD by hand, fSGLD, SAM",
        [](std::size_t pairs) {
            return run(
                {.network = "resnet", .variant = "resnet20", .step_size = 0.1, .sgd = 1.0, .fsgld = 1.03, .sam = 2.1},
                pairs);
        }};
}

Case cuda_lenet_case()
{
    return {"cuda_lenet", "LeNet on the GPU, batch 128, losses read every 16 steps: fused SGD by hand, fSGLD, SAM",
            [](std::size_t pairs) {
                return run({.device = Device::cuda, .steps = 512, .sgd = 0.7, .fsgld = 1.10, .sam = 2.05}, pairs);
            },
            no_cuda};
}

Case cuda_resnet_case()
{
    return {"cuda_resnet", "ResNet-18 on 3 x 32 x 32 images on the GPU, batch 128: fused SGD by hand, fSGLD, SAM",
            [](std::size_t pairs) {
                return run({.device = Device::cuda,
                            .network = "resnet",
                            .variant = "resnet18",
                            .step_size = 0.1,
                            .steps = 32,
                            .sgd = 1.0,
                            .fsgld = 1.03,
                            .sam = 2.05},
                           pairs);
            },
            no_cuda};
}

}  // namespace basin::bench
