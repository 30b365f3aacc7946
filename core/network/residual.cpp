#include "core/network/residual.h"

#ifdef BASIN_WITH_TORCH
#include "core/network/residual_forward.h"
#endif

namespace basin {
namespace {

// A graph for double backward keeps a convolution's map and the normalised one that is written over by ReLU or what is
// added, and the change of the loss with both; of a projection, which is added, its own map and one change.
constexpr std::int64_t kMaps = 4;
constexpr std::int64_t kProjectedMaps = 2;

}  // namespace

Model residual_model(const ResidualPlan& plan, const ModelTask& task)
{
    Model model;
    std::int64_t rows = task.example_shape[1];
    std::int64_t columns = task.example_shape[2];
    std::int64_t width = plan.widths.front();
    model.append_weight("stem.conv.weight", {width, task.example_shape[0], 3, 3});
    model.append_norm("stem.norm", width);
    model.kept_by_graph += kMaps * width * rows * columns;
    for (std::size_t stage = 0; stage < plan.widths.size(); ++stage) {
        if (stage > 0) {
            rows = (rows + 1) / 2;
            columns = (columns + 1) / 2;
        }
        for (std::int64_t block = 0; block < plan.blocks[stage]; ++block) {
            const std::string name = "stage" + std::to_string(stage + 1) + ".block" + std::to_string(block + 1);
            const std::int64_t in = width;
            width = plan.widths[stage];
            model.append_weight(name + ".conv1.weight", {width, in, 3, 3});
            model.append_norm(name + ".norm1", width);
            model.append_weight(name + ".conv2.weight", {width, width, 3, 3});
            model.append_norm(name + ".norm2", width);
            model.kept_by_graph += 2 * kMaps * width * rows * columns;
            if (in != width && plan.shortcut == Shortcut::projected) {
                model.append_weight(name + ".shortcut.conv.weight", {width, in, 1, 1});
                model.append_norm(name + ".shortcut.norm", width);
                model.kept_by_graph += kProjectedMaps * width * rows * columns;
            }
        }
    }
    model.append_affine("output", {task.classes, width});
#ifdef BASIN_WITH_TORCH
    model.forward = [plan](const ForwardInput& in) { return residual_forward(plan, in); };
#endif
    return model;
}

}  // namespace basin
