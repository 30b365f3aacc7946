// Wrong labels on purpose, to see what memorises them.
#pragma once

#include <cstdint>
#include <span>

namespace basin {

/// With probability `rate` a label becomes one of the other classes, uniformly. Example i draws from block
/// `numbers[i]` of {seed, Stream::label_noise} (its number in the data file), so that an image is flipped or not
/// whatever subset it is in: output 0 decides, output 1 chooses. Returns how many were flipped.
std::size_t flip_labels(std::span<std::int64_t> labels, std::span<const std::uint32_t> numbers, int classes,
                        double rate, std::uint64_t seed);

}  // namespace basin
