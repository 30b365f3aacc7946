#include <utility>

#include "core/network/network.h"
#include "core/network/network_objective.h"
#include "core/network/precision.h"
#include "core/network/torch_cuda.h"

namespace basin {

bool networks_available()
{
    return true;
}

std::unique_ptr<Objective> make_network_objective(const NetworkEntry& entry, const Params& params, Backend& backend,
                                                  std::uint64_t seed)
{
    prepare_torch();
    torch_place(backend, network_precision(params, backend.device()));  // says no before files are read
    return make_network_objective(entry, params, backend, make_data_set(params, seed));
}

std::unique_ptr<Objective> make_network_objective(const NetworkEntry& entry, const Params& params, Backend& backend,
                                                  DataSet set)
{
    prepare_torch();
    const TorchPlace place = torch_place(backend, network_precision(params, backend.device()));
    const ModelTask task{set.example_shape, set.classes};
    auto model = std::make_shared<const Model>(entry.make(params, task));
    const NetworkObjective::Sizes sizes{static_cast<std::size_t>(params.integer("batch_size")),
                                        static_cast<std::size_t>(params.integer("evaluation_batch"))};
    std::unique_ptr<Objective> objective;
    const TorchScope scope(place);
    in_words(
        place, [] { return std::string("the data"); },
        [&] {
            auto data = std::make_shared<const TensorData>(std::move(set), place.device);
            objective = std::make_unique<NetworkObjective>(std::move(model), std::move(data), network_loss(params),
                                                           sizes, place);
        });
    return objective;
}

}  // namespace basin
