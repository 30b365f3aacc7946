#include "bench/pairs.h"
#include "core/compute/device.h"
#include "core/network/network.h"

namespace basin::bench {

Case busy_case();
Case cuda_case();
Case cuda_lenet_case();
Case cuda_resnet_case();
Case curvature_case();
Case curvature_resnet_case();
Case flagship_case();
Case lenet_case();
Case measuring_case();
Case probe_share_case();
Case resnet_case();
Case slice_case();
#ifdef BASIN_WITH_WINDOW
Case window_case();
#endif

std::string no_cuda()
{
    const DeviceInfo info = find_device(Device::cuda);
    return info.usable ? std::string() : "no GPU: " + info.reason;
}

std::vector<Case> cases()
{
    std::vector<Case> all{cuda_case(), flagship_case()};
    if (networks_available()) {
        all.insert(all.begin(), busy_case());
        all.insert(all.begin() + 2, {cuda_lenet_case(), cuda_resnet_case(), curvature_case(), curvature_resnet_case()});
        all.push_back(lenet_case());
        all.push_back(measuring_case());
        all.push_back(probe_share_case());
        all.push_back(resnet_case());
        all.push_back(slice_case());
    }
#ifdef BASIN_WITH_WINDOW
    all.push_back(window_case());
#endif
    return all;
}

}  // namespace basin::bench
