#include "bench/flagship_torch.h"

#ifdef BASIN_WITH_TORCH

#include <torch/torch.h>

#include <cmath>

namespace basin::bench {

namespace {

struct Ensemble {
    at::Tensor theta;
    at::Tensor eps;
    at::Tensor xi;
    at::Tensor centres = torch::tensor({-1.8F, 0.0F, 1.8F, 0.0F}).reshape({2, 2});
    std::vector<double> losses;
};

at::Tensor well(const at::Tensor& d, float depth, float width)
{
    return (d * d).sum(1, true).mul_(-0.5F / (width * width)).exp_().mul_(depth);
}

void step(Ensemble& e)
{
    constexpr float kStep = 0.05F;
    constexpr float kBeta = 20.0F;
    constexpr float kSigma = 0.469342547F;
    e.eps.normal_();
    const at::Tensor at = e.theta.add(e.eps, kSigma);
    const at::Tensor left = at - e.centres[0];
    const at::Tensor right = at - e.centres[1];
    at::Tensor gradient = at.mul(0.1F);
    gradient.addcmul_(left, well(left, 0.6F, 0.6F), 1.0F / 0.36F);
    gradient.addcmul_(right, well(right, 0.5F, 2.0F), 0.25F);
    e.xi.normal_();
    e.theta.sub_(gradient, kStep).add_(e.xi, std::sqrt(2.0F * kStep / kBeta));

    const at::Tensor loss = (e.theta * e.theta).sum(1, true).mul_(0.05F) - well(e.theta - e.centres[0], 0.6F, 0.6F) -
                            well(e.theta - e.centres[1], 0.5F, 2.0F);
    const at::Tensor alive = torch::isfinite(loss);
    e.losses.push_back(loss.where(alive, 0).sum().item<double>() / alive.sum().item<double>());
}

}  // namespace

std::function<void(std::size_t)> torch_flagship(std::size_t particles, int threads)
{
    at::set_num_threads(threads);
    auto ensemble = std::make_shared<Ensemble>();
    const auto n = static_cast<std::int64_t>(particles);
    ensemble->theta = torch::zeros({n, 2});
    ensemble->theta.select(1, 0).slice(0, 0, n / 2).fill_(-1.8F);
    ensemble->theta.select(1, 0).slice(0, n / 2, n).fill_(1.8F);
    ensemble->eps = torch::empty_like(ensemble->theta);
    ensemble->xi = torch::empty_like(ensemble->theta);
    return [ensemble](std::size_t steps) {
        const torch::NoGradGuard no_grad;
        ensemble->losses.clear();
        for (std::size_t i = 0; i < steps; ++i)
            step(*ensemble);
    };
}

}  // namespace basin::bench

#else

namespace basin::bench {

std::function<void(std::size_t)> torch_flagship(std::size_t, int)
{
    return {};
}

}  // namespace basin::bench

#endif
