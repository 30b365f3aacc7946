#include "core/network/evaluation_memory.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/network/memory_meter.h"

namespace basin {
namespace {

using Sizes = std::vector<std::int64_t>;

constexpr std::int64_t kFew = 4;
constexpr std::int64_t kMore = 8;

std::vector<at::Tensor> zeros(const Layout& layout, bool leaves)
{
    std::vector<at::Tensor> blocks;
    for (const LayoutBlock& block : layout.blocks)
        blocks.push_back(at::zeros(block.shape, at::kFloat).requires_grad_(leaves));
    return blocks;
}

/// Bytes made (positive) and let go, in their order.
Sizes history(const Model& model, NetworkLoss loss, std::vector<std::int64_t> shape, std::int64_t examples,
              bool gradient)
{
    shape.insert(shape.begin(), examples);
    const at::AutoGradMode mode(gradient);
    const at::Tensor inputs = at::zeros(shape, at::kFloat);
    const at::Tensor labels = at::zeros({examples}, at::kLong);
    const std::vector<at::Tensor> parameters = zeros(model.layout, gradient);
    const std::vector<at::Tensor> buffers = zeros(model.buffer_layout, false);
    const MemoryMeter meter;
    {
        const at::Tensor outputs = model.forward(
            {.examples = inputs, .parameters = parameters, .buffers = buffers, .training = gradient, .dropout = {}});
        const at::Tensor value = mean_loss(loss, outputs, labels);
        if (gradient)
            torch::autograd::grad({value}, parameters);
    }
    return meter.sizes();
}

std::int64_t highest(const Sizes& sizes)
{
    std::int64_t now = 0;
    std::int64_t most = 0;
    for (const std::int64_t size : sizes) {
        now += size;
        most = std::max(most, now);
    }
    return most;
}

}  // namespace

std::uint64_t evaluation_bytes(const Model& model, NetworkLoss loss, const std::vector<std::int64_t>& example_shape,
                               std::int64_t examples, bool gradient)
{
    const Sizes few = history(model, loss, example_shape, kFew, gradient);
    const Sizes more = history(model, loss, example_shape, kMore, gradient);
    const auto extended = [examples](std::int64_t at_few, std::int64_t at_more) {
        return at_few + (at_more - at_few) * (examples - kFew) / (kMore - kFew);
    };
    // A model that does something else with more examples has lists that do not fit together: then a straight line.
    if (few.size() != more.size())
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, extended(highest(few), highest(more))));
    Sizes all(few.size());
    std::transform(few.begin(), few.end(), more.begin(), all.begin(), extended);
    return static_cast<std::uint64_t>(highest(all));
}

}  // namespace basin
