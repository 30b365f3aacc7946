#include "core/compute/cuda_landscape.h"

#include <algorithm>
#include <cassert>

namespace basin {
namespace {

std::uint64_t blocks_of(std::uint64_t chains)
{
    return (chains + kBlockChains - 1) / kBlockChains;
}

}  // namespace

void CudaLandscape::evaluate(const void* functor, const float* theta, std::size_t chains, float* values,
                             float* gradient)
{
    check_cuda(table_, row_.evaluate(stream_, functor, theta, chains, values, gradient));
}

EnsembleTotals CudaLandscape::measure(const void* functor, const EscapeBox& box, float* theta, std::size_t chains,
                                      bool losses)
{
    const std::uint64_t blocks = blocks_of(chains);
    cuda::MeasureJob job{};
    job.theta = theta;
    job.chains = chains;
    job.losses = losses ? 1 : 0;
    job.box = box;
    job.loss_sums = loss_sums_.reserve(table_, stream_, blocks);
    job.alive = alive_.reserve(table_, stream_, blocks);
    check_cuda(table_, row_.measure(stream_, functor, &job));
    collect(blocks, 1);
    return totals_.front();
}

const cuda::MethodRow* CudaLandscape::find(std::string_view method) const
{
    const cuda::MethodRow* row = row_.methods;
    while (row->key != nullptr && method != row->key) {
        ++row;
    }
    return row->key != nullptr ? row : nullptr;
}

bool CudaLandscape::has(std::string_view method) const
{
    return find(method) != nullptr;
}

const std::vector<EnsembleTotals>& CudaLandscape::steps(std::string_view method, const EnsembleJob& job)
{
    const cuda::MethodRow* row = find(method);
    assert(row != nullptr && job.steps <= EnsembleJob::kMaximumSteps);
    const std::uint64_t blocks = blocks_of(job.chains);
    cuda::StepJob launch{};
    launch.theta = job.theta;
    launch.chains = job.chains;
    launch.seed = job.seed;
    launch.lane = job.lane;
    launch.first_step = job.first_step;
    launch.steps = job.steps;
    launch.gradient_noise = job.gradient_noise;
    launch.box = job.box;
    launch.loss_sums = loss_sums_.reserve(table_, stream_, blocks * job.steps);
    launch.alive = alive_.reserve(table_, stream_, blocks * job.steps);
    std::copy_n(job.numbers, job.steps, launch.numbers);
    check_cuda(table_, (job.gradient_noise > 0 ? row->noisy_steps : row->steps)(stream_, job.functor, &launch));
    collect(blocks, job.steps);
    return totals_;
}

void CudaLandscape::collect(std::uint64_t blocks, std::uint64_t steps)
{
    cuda::BlockSums sums{};
    sums.loss_sums = loss_sums_.reserve(table_, stream_, blocks * steps);
    sums.alive = alive_.reserve(table_, stream_, blocks * steps);
    sums.blocks = blocks;
    sums.steps = steps;
    sums.totals = on_device_.reserve(table_, stream_, EnsembleJob::kMaximumSteps);
    check_cuda(table_, table_.add_blocks(stream_, &sums));
    totals_.resize(steps);
    check_cuda(table_, table_.download(stream_, totals_.data(), sums.totals, steps * sizeof(EnsembleTotals)));
}

}  // namespace basin
