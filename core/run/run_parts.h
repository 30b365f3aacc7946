// What a run is made of.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "core/compute/backend.h"
#include "core/compute/device.h"
#include "core/objective/objective.h"
#include "core/optim/optimizer.h"
#include "core/probe/probe.h"
#include "core/run/objectives.h"

namespace basin {

/// Where a Runner gets its pieces by name: the catalogs, or what a test puts in their place. A value.
struct RunParts {
    std::function<DeviceInfo(Device)> device;
    std::function<DeviceMemory(Device)> memory;  // asked of a GPU only
    std::function<std::unique_ptr<Backend>(Device, int threads)> backend;
    std::function<std::unique_ptr<Objective>(const ObjectiveSpec&, Backend&, std::uint64_t seed)> objective;
    std::function<const OptimizerEntry&(std::string_view key)> optimizer;
    std::function<const ProbeEntry&(std::string_view key)> probe;

    static RunParts from_catalogs();
};

}  // namespace basin
