#include "core/network/residual.h"

#include <utility>

namespace basin {
namespace {

using enum LayerKind;

/// A model and its layers while they grow.
struct Growing {
    Model model;
    std::vector<Layer> layers;

    /// Square windows, no bias; then normalisation.
    void convolution_and_norm(const std::string& weight, const std::string& norms,
                              const std::vector<std::int64_t>& shape, std::int64_t stride,
                              std::size_t from = Layer::kBefore)
    {
        model.append_weight(weight, shape);
        model.append_norm(norms, shape[0]);
        layers.push_back({.kind = convolution, .extent = shape[2] / 2, .stride = stride, .bias = false, .from = from});
        layers.push_back({.kind = norm});
    }

    void block(const std::string& name, std::int64_t inputs, std::int64_t width, std::int64_t stride, Shortcut shortcut)
    {
        const std::size_t taken = layers.size();
        convolution_and_norm(name + ".conv1.weight", name + ".norm1", {width, inputs, 3, 3}, stride);
        layers.push_back({.kind = relu});
        convolution_and_norm(name + ".conv2.weight", name + ".norm2", {width, width, 3, 3}, 1);
        const std::size_t changed = layers.size();
        if (inputs == width && stride == 1) {
            layers.push_back({.kind = add, .from = taken});
        } else {
            if (shortcut == Shortcut::projected)
                convolution_and_norm(name + ".shortcut.conv.weight", name + ".shortcut.norm", {width, inputs, 1, 1},
                                     stride, taken);
            else
                layers.push_back({.kind = subsample, .extent = width - inputs, .stride = stride, .from = taken});
            layers.push_back({.kind = add, .from = changed});
        }
        layers.push_back({.kind = relu});
    }
};

}  // namespace

Model residual_model(const ResidualPlan& plan, const ModelTask& task)
{
    Growing growing;
    std::int64_t width = plan.widths.front();
    growing.convolution_and_norm("stem.conv.weight", "stem.norm", {width, task.example_shape[0], 3, 3}, 1);
    growing.layers.push_back({.kind = relu});
    for (std::size_t stage = 0; stage < plan.widths.size(); ++stage)
        for (std::int64_t block = 0; block < plan.blocks[stage]; ++block) {
            growing.block("stage" + std::to_string(stage + 1) + ".block" + std::to_string(block + 1), width,
                          plan.widths[stage], stage > 0 && block == 0 ? 2 : 1, plan.shortcut);
            width = plan.widths[stage];
        }
    growing.layers.push_back({.kind = mean});
    growing.model.append_affine("output", {task.classes, width});
    growing.layers.push_back({.kind = affine});
    growing.model.pass_through(std::move(growing.layers));
    return growing.model;
}

}  // namespace basin
