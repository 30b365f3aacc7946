// ASAM, adaptive sharpness-aware minimization, over any base method (SGD by default):
//   every gradient g(p) that the base asks for becomes g(p + ρ T² g / (|T g| + 1e-16)) on the same mini-batch,
// with T = |p| + η, elementwise, in weights and 1 in biases and normalisation. A landscape's coordinates count as
// weights. With η = 0 the ascent does not change when weights are rescaled: that of u(D w) at D⁻¹ w equals that of
// u(w).
//
// J. Kwon, J. Kim, H. Park, I. K. Choi, "ASAM: adaptive sharpness-aware minimization for scale-invariant learning of
// deep neural networks", ICML 2021; defaults of github.com/SamsungLabs/ASAM.
#include "core/optim/ascent.h"
#include "core/optim/parameters.h"

namespace basin {
namespace {

std::vector<Segment> adaptive(const Layout& layout)
{
    std::vector<Segment> result;
    for (const LayoutBlock& block : layout.blocks) {
        if (block.role == BlockRole::weight || block.role == BlockRole::coordinate) {
            result.push_back({block.offset, block.size()});
        }
    }
    return result;
}

void ascend(const StepContext& context, float* to, const float* at, const float* gradient)
{
    context.backend().ascend_adaptive(to, at, gradient, context.chains(), context.dim(), adaptive(context.layout()),
                                      static_cast<float>(context.number("rho")),
                                      static_cast<float>(context.number("eta")));
}

void step(StepContext& context)
{
    optim::step_over_base(context, ascend);
}

ParamSchema schema()
{
    return optim::schema_over_bases({optim::radius_param(0.5),
                                     {.key = "eta",
                                      .symbol = "η",
                                      .label = "Offset",
                                      .help = "Added to |θ|, so that weights near 0 are perturbed at all.",
                                      .default_value = 0.01,
                                      .minimum = 0.0,
                                      .maximum = 1e6,
                                      .scale = ParamScale::log,
                                      .slider = {{1e-4, 1.0}},
                                      .live = true}});
}

}  // namespace

const OptimizerEntry& optimizer_entry_asam()
{
    static const OptimizerEntry entry{
        .key = "asam",
        .label = "ASAM",
        .help = "SAM with a radius in proportion to each weight, so that rescaled weights are as sharp as before.",
        .formula = "θ ← θ - λ g(θ + ρ T² g(θ)/|T g(θ)|),  T = |θ| + η",
        .reference = "Kwon et al., ICML 2021",
        .schema = schema,
        .states = optim::base_states,
        .scratch_arrays = 1,
        .gradients_per_step = optim::base_gradients_twice,
        .check = optim::check_base,
        .measure = optim::no_measure_over_base,
        .step = step,
        .base = optim::base_of,
        .can_be_base = false,
    };
    return entry;
}

}  // namespace basin
