// What a build without LibTorch says.
#include <stdexcept>

#include "core/network/network.h"

namespace basin {

bool networks_available()
{
    return false;
}

std::unique_ptr<Objective> make_network_objective(const NetworkEntry& entry, const Params&, Backend&, std::uint64_t)
{
    throw std::invalid_argument("network: this Basin was built without LibTorch, so " + entry.key +
                                " cannot run; build with BASIN_TORCH=ON, or choose a landscape");
}

}  // namespace basin
