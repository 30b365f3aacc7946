// Multi-layer perceptron: h_0 = x, h_k = phi(W_k h_(k-1) + b_k), logits z = W h + b, phi = ReLU or tanh.
// PyTorch: nn.Linear, "uniform in +- 1/sqrt(fan_in)".
#include <cmath>
#include <stdexcept>
#include <utility>

#include "core/network/model.h"
#include "core/network/network.h"

namespace basin {
namespace {

constexpr double kWidest = 65536;  // a layer beyond this is a slip of the finger: 60,000 inputs to it are 16 GB

Model make(const Params& params, const ModelTask& task)
{
    const LayerKind activation = params.text("activation") == "tanh" ? LayerKind::tanh : LayerKind::relu;
    Model model;
    std::vector<Layer> layers{{LayerKind::flatten}};
    std::int64_t inputs = task.numbers();
    int layer = 1;
    for (const double width : params.list("widths")) {
        if (width != std::floor(width))
            throw std::invalid_argument("widths: " + format_number(width) +
                                        " is not a width; give whole numbers of neurons");
        const auto outputs = static_cast<std::int64_t>(width);
        model.append_affine("hidden" + std::to_string(layer++), {outputs, inputs});
        layers.insert(layers.end(), {{LayerKind::affine}, {activation}});
        inputs = outputs;
    }
    model.append_affine("output", {task.classes, inputs});
    layers.push_back({LayerKind::affine});
    model.pass_through(std::move(layers));
    return model;
}

}  // namespace

const NetworkEntry& network_entry_mlp()
{
    static const NetworkEntry entry{
        .key = "mlp",
        .label = "Multi-layer perceptron",
        .help = "Fully connected layers of any widths.",
        .formula = "h = φ(W h + b), z = W h + b",
        .reference =
            "D. Rumelhart, G. Hinton, R. Williams, Learning representations by back-propagating errors, "
            "Nature 323 (1986)",
        .schema = {{.key = "widths",
                    .label = "Hidden widths",
                    .help = "Neurons of each hidden layer, from the input on; none: no hidden layer.",
                    .type = ParamType::list,
                    .default_value = std::vector<double>{256, 64},
                    .minimum = 1,
                    .maximum = kWidest},
                   {.key = "activation",
                    .symbol = "φ",
                    .label = "Activation",
                    .help = "What each hidden neuron does with its sum; tanh is smooth, ReLU is not.",
                    .type = ParamType::choice,
                    .default_value = "relu",
                    .choices = {"relu", "tanh"}}},
        .suggestion = {.step_size = 0.02, .momentum = 0.9, .beta = 1e8, .sigma = {}, .epochs = 20},
        .make = make};
    return entry;
}

}  // namespace basin
