// Residual networks for small images: resnet20, 32, 44, 56 as section 4.2 of the paper has them for CIFAR-10 (stages of
// 16, 32, 64 channels with n blocks each, 6 n + 2 layers, shortcuts without parameters), and the narrowest two of its
// section 4.1 (stages of 64, 128, 256, 512 channels, projections where extents change) in the form that is usual on
// small images: a 3 x 3 convolution and no pooling in front.
// K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR 2016.
// Departures: the start is PyTorch's default, U(-1/sqrt(fan_in), 1/sqrt(fan_in)), for He's normal; zero planes are put
// behind (the paper does not say where); images are shifted and mirrored only where `augmentation` says so.
#include <string_view>

#include "core/network/network.h"
#include "core/network/residual.h"

namespace basin {
namespace {

/// Below, the last stage of the wide ones has nothing left to halve.
constexpr std::int64_t kSmallest = 8;

ResidualPlan plan(std::string_view variant)
{
    if (variant == "resnet18")
        return {{64, 128, 256, 512}, {2, 2, 2, 2}, Shortcut::projected};
    if (variant == "resnet34")
        return {{64, 128, 256, 512}, {3, 4, 6, 3}, Shortcut::projected};
    const std::int64_t n = variant == "resnet20" ? 3 : variant == "resnet32" ? 5 : variant == "resnet44" ? 7 : 9;
    return {{16, 32, 64}, {n, n, n}, Shortcut::zero_padded};
}

Model make(const Params& params, const ModelTask& task)
{
    task.require_images("resnet", params.text("dataset"), kSmallest);
    return residual_model(plan(params.text("variant")), task);
}

}  // namespace

const NetworkEntry& network_entry_resnet()
{
    static const NetworkEntry entry{
        .key = "resnet",
        .label = "ResNet",
        .help =
            "Convolutions with batch normalisation and a shortcut past every two. An epoch of 60,000 images takes one "
            "core a minute and a half (resnet20) or a quarter of an hour (resnet18).",
        .formula = "conv 3×3 → stages of h = relu(F(h) + shortcut h) → mean → z",
        .reference = "K. He et al., Deep residual learning for image recognition, CVPR 2016",
        .schema = {{.key = "variant",
                    .label = "Variant",
                    .help =
                        "resnet20 to resnet56: the paper's for CIFAR-10, 270,000 to 850,000 parameters; resnet18 and "
                        "resnet34: its smallest two for ImageNet, without pooling in front, 11 and 21 million.",
                    .type = ParamType::choice,
                    .default_value = "resnet20",
                    .choices = {"resnet20", "resnet32", "resnet44", "resnet56", "resnet18", "resnet34"}}},
        .suggestion = {.step_size = 0.1, .momentum = 0.9, .beta = 1e8, .sigma = {}, .epochs = 20},
        .make = make};
    return entry;
}

}  // namespace basin
