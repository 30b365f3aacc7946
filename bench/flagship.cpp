// fSGLD on the flagship, 100,000 particles, 2 threads: Basin beside LibTorch tensor operations and a hand-written loop.
#include <array>
#include <thread>

#include "bench/flagship_torch.h"
#include "bench/handwritten_flagship.h"
#include "bench/pairs.h"
#include "core/compute/backend.h"
#include "core/landscape/landscape.h"
#include "core/objective/landscape_objective.h"
#include "core/optim/stepper.h"

namespace basin::bench {

namespace {

constexpr std::size_t kBlock = 512;
// A multiple of two blocks near 100,000, so that nobody has a ragged end.
constexpr std::size_t kParticles = 98 * 2 * kBlock;
constexpr int kThreads = 2;
constexpr std::size_t kSteps = 100;

class Flagship {
public:
    Flagship() : backend_(make_cpu_backend(kThreads))
    {
        const LandscapeEntry& wells = find_landscape("gaussian_wells");
        objective_ = std::make_unique<LandscapeObjective>(wells.make(Params(wells.schema)), 0.0, *backend_);
        const OptimizerEntry& fsgld = find_optimizer("fsgld");
        Params params(fsgld.schema);
        params.set("step_size", 0.05);
        params.set("beta", 20.0);
        stepper_ = std::make_unique<Stepper>(*backend_, *objective_, fsgld, params,
                                             Stepper::Options{.chains = kParticles, .seed = 42});
        stepper_->start({.points = {{-1.8, 0.0}, {1.8, 0.0}}});
    }

    void run()
    {
        records_.clear();
        stepper_->advance(kSteps, 1, records_);
    }

private:
    std::unique_ptr<Backend> backend_;
    std::unique_ptr<Objective> objective_;
    std::unique_ptr<Stepper> stepper_;
    std::vector<StepRecord> records_;
};

class ByHand {
public:
    explicit ByHand(bool losses) : losses_(losses)
    {
        for (std::size_t i = 0; i < kParticles; ++i)
            x_[i] = i < kParticles / 2 ? -1.8F : 1.8F;
    }

    void run()
    {
        constexpr std::size_t kHalf = kParticles / kThreads;
        std::array<std::array<double, kSteps>, kThreads> sums{};
        const auto part = [&](std::size_t t) {
            loop_(x_.data(), y_.data(), t * kHalf, (t + 1) * kHalf, kSteps, step_, losses_, sums[t].data());
        };
        std::jthread other(part, 1);
        part(0);
        other.join();
        step_ += kSteps;
    }

private:
    bool losses_;
    HandwrittenLoop loop_ = handwritten_flagship();
    std::vector<float> x_ = std::vector<float>(kParticles);
    std::vector<float> y_ = std::vector<float>(kParticles);
    std::uint32_t step_ = 0;
};

std::vector<Line> run(std::size_t pairs)
{
    Flagship basin;
    ByHand bare(false);
    ByHand with_losses(true);
    const Contender ours{"Basin", [&] { basin.run(); }};
    std::vector<Line> lines;
    if (const auto torch = torch_flagship(kParticles, kThreads)) {
        const bool wide = choose_isa() == Isa::avx512;
        lines.push_back({"LibTorch tensor operations over Basin, seconds",
                         time_pairs({"LibTorch", [&] { torch(kSteps); }}, ours, pairs),
                         Bound{Bound::Kind::at_least, wide ? 8.0 : 4.0}, isa_name(choose_isa())});
    }
    lines.push_back({"hand-written loop with losses over Basin, seconds",
                     time_pairs({"by hand", [&] { with_losses.run(); }}, ours, pairs),
                     Bound{Bound::Kind::at_least, 0.7}, "losses of each step included"});
    lines.push_back({"hand-written loop without losses over Basin, seconds",
                     time_pairs({"by hand", [&] { bare.run(); }}, ours, pairs), std::nullopt, "for orientation"});
    return lines;
}

}  // namespace

Case flagship_case()
{
    return {"flagship", "fSGLD on the flagship: 100,352 particles, 2 threads, losses and counts at every step", run};
}

}  // namespace basin::bench
