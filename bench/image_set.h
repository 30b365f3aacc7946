// Images of CIFAR's shape, where no data set may be assumed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/network/data/data_set.h"

namespace basin::bench {

/// `count` training images of 3 x 32 x 32 in 10 classes, each its class's pattern plus as much noise, all normal with
/// deviation 1; 100 test images more. A pure function of its arguments.
DataSet cifar_shaped(std::size_t count, std::uint64_t seed);

}  // namespace basin::bench
