// What a build without LibTorch says.
#include <stdexcept>

#include "core/network/data/data_set.h"
#include "core/network/network.h"

namespace basin {
namespace {

[[noreturn]] void refuse(const NetworkEntry& entry)
{
    throw std::invalid_argument("network: this Basin was built without LibTorch, so " + entry.key +
                                " cannot run; build with BASIN_TORCH=ON, or choose a landscape");
}

}  // namespace

bool networks_available()
{
    return false;
}

std::unique_ptr<Objective> make_network_objective(const NetworkEntry& entry, const Params&, Backend&, std::uint64_t)
{
    refuse(entry);
}

std::unique_ptr<Objective> make_network_objective(const NetworkEntry& entry, const Params&, Backend&, DataSet)
{
    refuse(entry);
}

}  // namespace basin
