// What bench/peers' scripts compare Basin with other programs by.
#pragma once

#include <filesystem>
#include <string>

#include "core/compute/backend.h"

namespace basin::bench {

/// Trains `network` on 1,024 images (lenet: of Fashion-MNIST; a variant of the ResNets: of CIFAR's shape), leaves
/// images, labels, theta and buffers as NumPy files in `folder` (made if it is not there), measures the five largest
/// eigenvalues of the Hessian over all of the images and, of the LeNet, its trace and density, and prints values,
/// products and seconds as one line of JSON. Throws std::invalid_argument without LibTorch, or without the device.
void measure_for_peers(const std::filesystem::path& folder, const std::string& network, Device device);

}  // namespace basin::bench
