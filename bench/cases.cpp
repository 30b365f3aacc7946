#include "bench/pairs.h"
#include "core/network/network.h"

namespace basin::bench {

Case cuda_case();
Case curvature_case();
Case flagship_case();
Case lenet_case();
Case slice_case();
#ifdef BASIN_WITH_WINDOW
Case window_case();
#endif

std::vector<Case> cases()
{
    std::vector<Case> all{cuda_case(), flagship_case()};
    if (networks_available()) {
        all.insert(all.begin() + 1, curvature_case());
        all.push_back(lenet_case());
        all.push_back(slice_case());
    }
#ifdef BASIN_WITH_WINDOW
    all.push_back(window_case());
#endif
    return all;
}

}  // namespace basin::bench
