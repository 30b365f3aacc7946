// LeNet-5 with ReLU and max-pooling: conv 1-6 5x5 padded by 2, pool, conv 6-16 5x5, pool, linear 400-120-84-10; on
// 28 x 28 images 61,706 parameters.
// Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86
// (1998). Departures: ReLU for scaled tanh, max for trainable average pooling, all maps of the second convolution
// connected, cross-entropy for radial basis functions.
#include "core/network/model.h"
#include "core/network/network.h"

namespace basin {
namespace {

/// Below, nothing is left of the maps.
constexpr std::int64_t kSmallest = 12;

/// Side of the maps after both convolutions and pools.
std::int64_t reduced(std::int64_t side)
{
    return (side / 2 - 4) / 2;
}

Model make(const Params& params, const ModelTask& task)
{
    task.require_images("lenet", params.text("dataset"), kSmallest);
    const std::int64_t channels = task.example_shape[0];
    const std::int64_t rows = reduced(task.example_shape[1]);
    const std::int64_t columns = reduced(task.example_shape[2]);
    Model model;
    model.append_affine("conv1", {6, channels, 5, 5});
    model.append_affine("conv2", {16, 6, 5, 5});
    model.append_affine("linear1", {120, 16 * rows * columns});
    model.append_affine("linear2", {84, 120});
    model.append_affine("output", {task.classes, 84});
    using enum LayerKind;
    model.pass_through({{convolution, 2},
                        {relu},
                        {max_pool, 2},
                        {convolution},
                        {relu},
                        {max_pool, 2},
                        {flatten},
                        {affine},
                        {relu},
                        {affine},
                        {relu},
                        {affine}});
    return model;
}

}  // namespace

const NetworkEntry& network_entry_lenet()
{
    static const NetworkEntry entry{
        .key = "lenet",
        .label = "LeNet",
        .help = "Two convolutions and three linear layers: small enough to train in minutes, large enough to memorise.",
        .formula = "conv 6@5×5 → pool → conv 16@5×5 → pool → 120 → 84 → z",
        .reference = "Y. LeCun et al., Gradient-based learning applied to document recognition, Proc. IEEE 86 (1998)",
        .schema = {},
        .suggestion = {.step_size = 0.02, .momentum = 0.9, .beta = 1e8, .sigma = {}, .epochs = 20},
        .make = make};
    return entry;
}

}  // namespace basin
