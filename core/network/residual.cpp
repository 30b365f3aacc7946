#include "core/network/residual.h"

#ifdef BASIN_WITH_TORCH
#include "core/network/residual_forward.h"
#endif

namespace basin {

Model residual_model(const ResidualPlan& plan, std::int64_t channels, std::int64_t classes)
{
    Model model;
    std::int64_t width = plan.widths.front();
    model.append_weight("stem.conv.weight", {width, channels, 3, 3});
    model.append_norm("stem.norm", width);
    for (std::size_t stage = 0; stage < plan.widths.size(); ++stage) {
        for (std::int64_t block = 0; block < plan.blocks[stage]; ++block) {
            const std::string name = "stage" + std::to_string(stage + 1) + ".block" + std::to_string(block + 1);
            const std::int64_t in = width;
            width = plan.widths[stage];
            model.append_weight(name + ".conv1.weight", {width, in, 3, 3});
            model.append_norm(name + ".norm1", width);
            model.append_weight(name + ".conv2.weight", {width, width, 3, 3});
            model.append_norm(name + ".norm2", width);
            if (in != width && plan.shortcut == Shortcut::projected) {
                model.append_weight(name + ".shortcut.conv.weight", {width, in, 1, 1});
                model.append_norm(name + ".shortcut.norm", width);
            }
        }
    }
    model.append_affine("output", {classes, width});
#ifdef BASIN_WITH_TORCH
    model.forward = [plan](const ForwardInput& in) { return residual_forward(plan, in); };
#endif
    return model;
}

}  // namespace basin
