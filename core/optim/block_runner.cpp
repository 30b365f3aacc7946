#include "core/optim/block_runner.h"

#include <string_view>

#include "core/compute/kernels/kernels.h"
#include "core/landscape/kernels.h"

namespace basin {

std::unique_ptr<BlockRunner> BlockRunner::make(Backend& backend, Objective& objective, const OptimizerEntry& optimizer)
{
    const auto* landscape = dynamic_cast<const LandscapeObjective*>(&objective);
    if (landscape == nullptr || optimizer.block == nullptr) {
        return nullptr;
    }
    for (const BlockKernel* kernel = landscape->kernels().blocks; kernel->method != nullptr; ++kernel) {
        const DeviceLandscape* device = landscape->on_device();
        if (optimizer.key == kernel->method && (device == nullptr || device->has(optimizer.key))) {
            return std::unique_ptr<BlockRunner>(new BlockRunner(backend, *landscape, *kernel));
        }
    }
    return nullptr;
}

BlockRunner::BlockRunner(Backend& backend, const LandscapeObjective& objective, const BlockKernel& kernel)
    : backend_(backend),
      objective_(objective),
      method_(kernel.method),
      kernel_(objective.gradient_noise() > 0 ? kernel.run_noisy : kernel.run)
{
}

const std::vector<BlockRunner::Outcome>& BlockRunner::run(float* theta, std::size_t chains, std::uint64_t seed,
                                                          std::uint32_t lane, std::uint64_t first_step,
                                                          const std::vector<BlockNumbers>& numbers)
{
    if (DeviceLandscape* device = objective_.on_device(); device != nullptr) {
        return device->steps(method_, {.functor = objective_.landscape()->functor(),
                                       .theta = theta,
                                       .chains = chains,
                                       .seed = seed,
                                       .lane = lane,
                                       .first_step = static_cast<std::uint32_t>(first_step),
                                       .numbers = numbers.data(),
                                       .steps = static_cast<std::uint32_t>(numbers.size()),
                                       .gradient_noise = objective_.gradient_noise(),
                                       .box = objective_.escape_box()});
    }
    BlockJob pattern;
    pattern.functor = objective_.landscape()->functor();
    pattern.compute = &compute_kernels(backend_.isa());
    pattern.seed = seed;
    pattern.lane = lane;
    pattern.first_step = static_cast<std::uint32_t>(first_step);
    pattern.steps = numbers.size();
    pattern.numbers = numbers.data();
    pattern.gradient_noise = objective_.gradient_noise();
    pattern.box = objective_.escape_box();
    run_blocks(theta, chains, pattern);
    return outcomes_;
}

void BlockRunner::run_blocks(float* theta, std::size_t chains, const BlockJob& pattern)
{
    const std::size_t steps = pattern.steps;
    const std::size_t blocks = (chains + kBlockChains - 1) / kBlockChains;
    loss_sums_.assign(blocks * steps, 0);
    alive_.assign(blocks * steps, 0);
    backend_.for_blocks(chains, kBlockChains, [&](std::size_t first, std::size_t last) {
        const std::size_t block = first / kBlockChains;
        BlockJob job = pattern;
        job.theta = theta + 2 * first;
        job.first_chain = first;
        job.chains = last - first;
        job.loss_sums = &loss_sums_[block * steps];
        job.alive = &alive_[block * steps];
        kernel_(job);
    });
    outcomes_.assign(steps, {});
    for (std::size_t block = 0; block < blocks; ++block) {
        for (std::size_t s = 0; s < steps; ++s) {
            outcomes_[s].alive += alive_[block * steps + s];
            outcomes_[s].loss_sum += loss_sums_[block * steps + s];
        }
    }
}

}  // namespace basin
