#include <utility>

#include "core/network/network.h"
#include "core/network/network_objective.h"

namespace basin {

bool networks_available()
{
    return true;
}

std::unique_ptr<Objective> make_network_objective(const NetworkEntry& entry, const Params& params, Backend& backend,
                                                  std::uint64_t seed)
{
    DataSet set = make_data_set(params, seed);
    const ModelTask task{set.example_shape, set.classes};
    auto model = std::make_shared<const Model>(entry.make(params, task));
    const NetworkObjective::Sizes sizes{static_cast<std::size_t>(params.integer("batch_size")),
                                        static_cast<std::size_t>(params.integer("evaluation_batch"))};
    return std::make_unique<NetworkObjective>(std::move(model), std::make_shared<const TensorData>(std::move(set)),
                                              network_loss(params), sizes, backend.threads());
}

}  // namespace basin
