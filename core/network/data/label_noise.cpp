#include "core/network/data/label_noise.h"

#include <cstddef>

#include "core/compute/philox.h"

namespace basin {

std::size_t flip_labels(std::span<std::int64_t> labels, std::span<const std::uint32_t> numbers, int classes,
                        double rate, std::uint64_t seed)
{
    const RngKey key{seed, Stream::label_noise, 0, 0, 0};
    std::size_t flipped = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const philox::Words words = philox::words(key, numbers[i]);
        if (words.a * 0x1p-32 >= rate)
            continue;
        const auto others = static_cast<std::uint64_t>(classes - 1);
        const auto shift = static_cast<std::int64_t>((words.b * others) >> 32U) + 1;
        labels[i] = (labels[i] + shift) % classes;
        ++flipped;
    }
    return flipped;
}

}  // namespace basin
