#include "tests/core/network/small_networks.h"

#include "core/network/network.h"
#include "core/network/network_curvature.h"

namespace small_networks {

using namespace basin;

std::unique_ptr<Curvature> curvature(const SmallNetwork& network, const Ways& ways)
{
    const NetworkEntry* mlp = nullptr;
    for (const NetworkEntry* entry : network_entries())
        if (entry->key == "mlp")
            mlp = entry;
    Params params(network_schema(*mlp));
    params.set("widths", std::vector<double>(network.widths.begin() + 1, network.widths.end() - 1));
    params.set("activation", network.activation);
    params.set("loss", network.loss);
    const ModelTask task{{network.widths.front()}, static_cast<int>(network.widths.back())};
    const auto examples = static_cast<std::int64_t>(network.inputs.size()) / network.widths.front();
    NetworkCurvature::Sample sample;
    sample.inputs = at::tensor(network.inputs, at::kDouble).view({examples, network.widths.front()});
    sample.targets = network.values.empty()
                         ? at::tensor(network.classes, at::kLong)
                         : at::tensor(network.values, at::kDouble).view({examples, network.widths.back()});
    return std::make_unique<NetworkCurvature>(
        std::make_shared<const Model>(mlp->make(params, task)), network_loss(params), sample, network.theta,
        std::span<const float>{},
        NetworkCurvature::Options{.scalar = ways.in_double ? at::kDouble : at::kFloat,
                                  .kept_bytes = ways.kept_bytes,
                                  .chunk = ways.chunk,
                                  .threads = 1});
}

}  // namespace small_networks
