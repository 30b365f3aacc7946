#include "bench/pairs.h"
#include "core/network/network.h"

namespace basin::bench {

Case flagship_case();
Case lenet_case();

std::vector<Case> cases()
{
    std::vector<Case> all{flagship_case()};
    if (networks_available())
        all.push_back(lenet_case());
    return all;
}

}  // namespace basin::bench
