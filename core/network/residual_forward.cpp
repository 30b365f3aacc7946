#include "core/network/residual_forward.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace basin {
namespace {

/// Goes by parameters and buffers in the layout's order.
class Pass {
public:
    explicit Pass(const ForwardInput& in) : in_(in) {}

    at::Tensor next() { return in_.parameters[parameter_++]; }

    at::Tensor convolution(const at::Tensor& h, std::int64_t stride, std::int64_t padding)
    {
        return at::conv2d(h, next(), {}, stride, padding);
    }
    at::Tensor norm(const at::Tensor& h)
    {
        const std::int64_t each = h.numel() / h.size(1);
        if (in_.training && each < 2)
            throw std::invalid_argument(
                "batch_size: a batch of 1 example has 1 number a channel in the last stage, and batch normalisation "
                "needs 2; choose batch_size and train_size so that an epoch's last batch has more, or larger images");
        const at::Tensor weight = next();
        const at::Tensor bias = next();
        const at::Tensor& mean = in_.buffers[buffer_++];
        const at::Tensor& variance = in_.buffers[buffer_++];
        return at::batch_norm(h, weight, bias, mean, variance, in_.training, kNormMomentum, kNormEpsilon, true);
    }
    at::Tensor block(const at::Tensor& h, std::int64_t width, std::int64_t stride, Shortcut shortcut)
    {
        at::Tensor t = norm(convolution(h, stride, 1)).relu_();
        t = norm(convolution(t, 1, 1));
        const std::int64_t added = width - h.size(1);
        if (added == 0 && stride == 1)
            return t.add_(h).relu_();
        if (shortcut == Shortcut::projected)
            return t.add_(norm(convolution(h, stride, 0))).relu_();
        const at::Tensor kept = h.slice(2, 0, c10::nullopt, stride).slice(3, 0, c10::nullopt, stride);
        return t.add_(at::constant_pad_nd(kept, {0, 0, 0, 0, 0, added})).relu_();
    }

private:
    const ForwardInput& in_;
    std::size_t parameter_ = 0;
    std::size_t buffer_ = 0;
};

}  // namespace

at::Tensor residual_forward(const ResidualPlan& plan, const ForwardInput& in)
{
    Pass pass(in);
    at::Tensor h = pass.norm(pass.convolution(in.examples, 1, 1)).relu_();
    for (std::size_t stage = 0; stage < plan.widths.size(); ++stage)
        for (std::int64_t block = 0; block < plan.blocks[stage]; ++block)
            h = pass.block(h, plan.widths[stage], stage > 0 && block == 0 ? 2 : 1, plan.shortcut);
    const at::Tensor weight = pass.next();
    return at::linear(h.mean({2, 3}), weight, pass.next());
}

}  // namespace basin
