// Logits z = W x + b: convex in W and b, so that every optimizer can be judged by how fast it comes down.
// PyTorch: nn.Linear, "uniform in +- 1/sqrt(fan_in)".
#include "core/network/model.h"
#include "core/network/network.h"
#ifdef BASIN_WITH_TORCH
#include <torch/torch.h>
#endif

namespace basin {
namespace {

Model make(const Params&, const ModelTask& task)
{
    Model model;
    model.append_affine("linear", {task.classes, task.numbers()});
#ifdef BASIN_WITH_TORCH
    model.forward = [](const ForwardInput& in) {
        return at::linear(in.examples.flatten(1), in.parameters[0], in.parameters[1]);
    };
#endif
    return model;
}

}  // namespace

const NetworkEntry& network_entry_logistic_regression()
{
    static const NetworkEntry entry{
        .key = "logistic_regression",
        .label = "Logistic regression",
        .help = "One linear layer: convex with either loss.",
        .formula = "z = W x + b",
        .reference = "D. Cox, The regression analysis of binary sequences, J. R. Stat. Soc. B 20 (1958)",
        .schema = {},
        .suggestion = {.step_size = 0.05, .momentum = 0.0, .beta = 1e8, .sigma = {}, .epochs = 10},
        .make = make};
    return entry;
}

}  // namespace basin
