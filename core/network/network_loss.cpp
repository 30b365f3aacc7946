#include "core/network/network_loss.h"

namespace basin {
namespace {

at::Tensor wanted_outputs(const at::Tensor& outputs, const at::Tensor& targets)
{
    if (targets.dim() == outputs.dim())
        return targets;
    return at::one_hot(targets, outputs.size(1)).to(outputs.scalar_type());
}

}  // namespace

NetworkLoss network_loss(const Params& params)
{
    return params.text("loss") == "squared_error" ? NetworkLoss::squared_error : NetworkLoss::cross_entropy;
}

at::Tensor mean_loss(NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& targets)
{
    if (loss == NetworkLoss::cross_entropy)
        return at::cross_entropy_loss(outputs, targets);
    return summed_loss(loss, outputs, targets) / outputs.size(0);
}

at::Tensor summed_loss(NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& targets)
{
    if (loss == NetworkLoss::cross_entropy)
        return at::cross_entropy_loss(outputs, targets, {}, at::Reduction::Sum);
    return 0.5 * at::mse_loss(outputs, wanted_outputs(outputs, targets), at::Reduction::Sum);
}

at::Tensor loss_slope(NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& targets)
{
    const at::Tensor guess = loss == NetworkLoss::cross_entropy ? at::softmax(outputs, 1) : outputs;
    return guess - wanted_outputs(outputs, targets);
}

at::Tensor loss_curvature(NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& tangents)
{
    if (loss == NetworkLoss::squared_error)
        return tangents;
    // (diag(p) - p p') t
    const at::Tensor p = at::softmax(outputs, 1);
    const at::Tensor weighted = p * tangents;
    return weighted - p * weighted.sum(1, true);
}

}  // namespace basin
