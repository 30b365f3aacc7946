// Counter-based random numbers: every draw is a pure function of a key and an index.
#pragma once

#include <cstdint>

namespace basin {

/// What a draw is for. Values are part of the file format (core/run/FORMAT.md): append, never renumber.
enum class Stream : std::uint32_t {
    perturbation = 0,
    langevin = 1,
    batch = 2,
    start = 3,
    label_noise = 4,
    dropout = 5,
    initialisation = 6,
    probe = 7,
    gradient_noise = 8,
    subset = 9,
    data = 10,
    augmentation = 11,
};

/// Names a sequence of random numbers. Equal keys give equal numbers, whatever thread or instruction set asks.
/// Philox4x32-10 with key = seed and counter = (block low, block high, step, word); see rng_word().
/// `draw` tells several draws of one stream in one step apart (the m-th perturbation); below 4,096.
/// `lane` is 0 when lanes share their noise (common random numbers), else lane index + 1; below 4,096.
struct RngKey {
    std::uint64_t seed = 0;
    Stream stream = Stream::perturbation;
    std::uint32_t step = 0;
    std::uint32_t draw = 0;
    std::uint32_t lane = 0;
    bool operator==(const RngKey&) const = default;
};

/// Fourth counter word: stream in bits 0-7, draw in bits 8-19, lane in bits 20-31.
constexpr std::uint32_t rng_word(const RngKey& key)
{
    return static_cast<std::uint32_t>(key.stream) | (key.draw << 8U) | (key.lane << 20U);
}

/// The law of a perturbation's components: both have mean 0 and variance 1.
enum class NoiseKind : std::uint8_t { normal, rademacher };

}  // namespace basin
