// Networks on data given as numbers, without LibTorch's headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/objective/curvature.h"

namespace small_networks {

struct SmallNetwork {
    std::vector<std::int64_t> widths{};  // inputs, hidden ..., outputs
    std::string network = "mlp";         // lenet takes the first width for the side of its images
    std::string activation = "tanh";
    std::string loss = "squared_error";
    std::vector<double> inputs{};         // examples x inputs
    std::vector<std::int64_t> classes{};  // of the examples, or
    std::vector<double> values{};         // examples x outputs, for squared_error
    std::vector<double> theta{};
};

struct Ways {
    bool in_double = true;
    std::size_t chunk = 256;
    std::size_t kept_bytes = std::size_t{1} << 30;
    bool by_graph = false;  // double backward, not the layers' tangents
};

std::unique_ptr<basin::Curvature> curvature(const SmallNetwork& network, const Ways& ways = {});

}  // namespace small_networks
