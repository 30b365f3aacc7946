#include "tests/core/network/small_networks.h"

#include "core/network/network.h"
#include "core/network/network_curvature.h"

namespace small_networks {

using namespace basin;

std::unique_ptr<Curvature> curvature(const SmallNetwork& network, const Ways& ways)
{
    const bool images = network.network == "lenet";
    const NetworkEntry* made_by = nullptr;
    for (const NetworkEntry* entry : network_entries())
        if (entry->key == network.network)
            made_by = entry;
    Params params(network_schema(*made_by));
    if (!images) {
        params.set("widths", std::vector<double>(network.widths.begin() + 1, network.widths.end() - 1));
        params.set("activation", network.activation);
    }
    params.set("loss", network.loss);
    const std::int64_t width = network.widths.front();
    const ModelTask task{images ? std::vector<std::int64_t>{1, width, width} : std::vector<std::int64_t>{width},
                         static_cast<int>(network.widths.back())};
    std::vector<std::int64_t> shape{-1};
    shape.insert(shape.end(), task.example_shape.begin(), task.example_shape.end());
    NetworkCurvature::Sample sample;
    sample.inputs = at::tensor(network.inputs, at::kDouble).view(shape);
    sample.targets = network.values.empty() ? at::tensor(network.classes, at::kLong)
                                            : at::tensor(network.values, at::kDouble).view({-1, network.widths.back()});
    return std::make_unique<NetworkCurvature>(
        std::make_shared<const Model>(made_by->make(params, task)), network_loss(params), sample, network.theta,
        std::span<const float>{},
        NetworkCurvature::Options{.scalar = ways.in_double ? at::kDouble : at::kFloat,
                                  .kept_bytes = ways.kept_bytes,
                                  .chunk = ways.chunk,
                                  .place = {.threads = 1},
                                  .by_graph = ways.by_graph});
}

}  // namespace small_networks
