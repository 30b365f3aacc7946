#include "bench/pairs.h"
#include "core/network/network.h"

namespace basin::bench {

Case curvature_case();
Case flagship_case();
Case lenet_case();

std::vector<Case> cases()
{
    if (!networks_available())
        return {flagship_case()};
    return {curvature_case(), flagship_case(), lenet_case()};
}

}  // namespace basin::bench
