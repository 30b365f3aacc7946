// Seeded orders: which examples make a subset, and in which order an epoch visits them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/compute/rng.h"

namespace basin {

/// Every index below `count` once, in an order that is a pure function of key and count: Fisher and Yates' shuffle from
/// the last place down, place i exchanging with floor(u * (i + 1) / 2^64), where u is made of outputs 0, 1 (high, low)
/// or 2, 3 of Philox block i / 2. `count` is below 2^32.
std::vector<std::uint32_t> permutation(const RngKey& key, std::size_t count);

/// `wanted` of `count` indices without replacement, ascending.
std::vector<std::uint32_t> subset(const RngKey& key, std::size_t count, std::size_t wanted);

}  // namespace basin
