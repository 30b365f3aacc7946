#include "bench/image_set.h"

#include <cmath>

#include "core/compute/philox.h"

namespace basin::bench {

namespace {

constexpr std::size_t kNumbers = 3 * 32 * 32;
constexpr std::size_t kClasses = 10;

DataSplit images(std::size_t first, std::size_t count, std::uint64_t seed)
{
    const RngKey patterns{seed, Stream::data, 0, 0, 0};
    const RngKey noise{seed, Stream::data, 0, 1, 0};
    const float half = std::sqrt(0.5F);
    DataSplit split;
    for (std::size_t i = first; i < first + count; ++i) {
        const std::size_t label = i % kClasses;
        split.labels.push_back(static_cast<std::int64_t>(label));
        for (std::size_t k = 0; k < kNumbers; ++k)
            split.inputs.push_back(half * (philox::normal_at(patterns, label * kNumbers + k) +
                                           philox::normal_at(noise, i * kNumbers + k)));
    }
    return split;
}

}  // namespace

DataSet cifar_shaped(std::size_t count, std::uint64_t seed)
{
    DataSet set;
    set.name = "cifar_shaped";
    set.example_shape = {3, 32, 32};
    set.classes = static_cast<int>(kClasses);
    set.train = images(0, count, seed);
    set.true_labels = set.train.labels;
    set.test = images(count, 100, seed);
    return set;
}

}  // namespace basin::bench
