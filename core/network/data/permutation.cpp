#include "core/network/data/permutation.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/compute/philox.h"

namespace basin {
namespace {

/// floor(u * below / 2^64): uneven by less than below / 2^64, which nobody can measure.
std::size_t scaled(std::uint32_t high, std::uint32_t low, std::uint64_t below)
{
    const std::uint64_t upper = high * below;  // below < 2^32
    const std::uint64_t lower = (low * below) >> 32U;
    return static_cast<std::size_t>((upper + lower) >> 32U);
}

}  // namespace

std::vector<std::uint32_t> permutation(const RngKey& key, std::size_t count)
{
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    philox::Words words{};
    std::uint64_t block = ~std::uint64_t{0};
    for (std::size_t i = count; i-- > 1;) {
        if (i / 2 != block) {
            block = i / 2;
            words = philox::words(key, block);
        }
        const std::size_t j = i % 2 == 0 ? scaled(words.a, words.b, i + 1) : scaled(words.c, words.d, i + 1);
        std::swap(order[i], order[j]);
    }
    return order;
}

std::vector<std::uint32_t> subset(const RngKey& key, std::size_t count, std::size_t wanted)
{
    std::vector<std::uint32_t> order = permutation(key, count);
    order.resize(std::min(wanted, count));
    std::sort(order.begin(), order.end());
    return order;
}

}  // namespace basin
