// What bench/peers' scripts compare Basin with other programs by.
#pragma once

#include <filesystem>

namespace basin::bench {

/// Trains a LeNet on 1,024 Fashion-MNIST images, leaves images, labels and theta as NumPy files in `folder` (made if it
/// is not there), measures the five largest eigenvalues of the Hessian over all of the images, its trace and its
/// density, and prints values, products and seconds as one line of JSON. Throws std::invalid_argument without LibTorch.
void measure_for_peers(const std::filesystem::path& folder);

}  // namespace basin::bench
