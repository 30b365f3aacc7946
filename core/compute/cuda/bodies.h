// The verbs for a GPU: what one thread of a launch does, spelt with the functions that the CPU's kernels use.
//
// A body is a value that a launch copies: count() threads, operator()(i) what the i-th one does, arrays(visit) each of
// its arrays with its length. Plain code, so that a test runs it in a CPU loop. Equal bytes as on the CPU (but for the
// bits of a NaN): the same arithmetic in the same order, nothing contracted, sqrt and / correctly rounded.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/compute/backend.h"
#include "core/compute/element.h"
#include "core/compute/philox.h"

namespace basin::cuda {

/// Four consecutive numbers, which one counter block serves; those beyond the end of an array are left alone.
struct Four {
    float at[4];
};

/// On the device one access of 16 bytes where that can be.
BASIN_INLINE Four load(const float* from, std::uint64_t first, std::uint64_t size)
{
    Four four{};
#if defined(__CUDA_ARCH__)
    if (first + 4 <= size && reinterpret_cast<std::uintptr_t>(from) % 16 == 0) {
        const float4 wide = *reinterpret_cast<const float4*>(from + first);
        return {{wide.x, wide.y, wide.z, wide.w}};
    }
#endif
    for (std::uint64_t k = 0; k < 4; ++k) {
        four.at[k] = first + k < size ? from[first + k] : 0.0F;
    }
    return four;
}

BASIN_INLINE void store(float* to, std::uint64_t first, std::uint64_t size, const Four& four)
{
#if defined(__CUDA_ARCH__)
    if (first + 4 <= size && reinterpret_cast<std::uintptr_t>(to) % 16 == 0) {
        *reinterpret_cast<float4*>(to + first) = make_float4(four.at[0], four.at[1], four.at[2], four.at[3]);
        return;
    }
#endif
    for (std::uint64_t k = 0; k < 4 && first + k < size; ++k) {
        to[first + k] = four.at[k];
    }
}

BASIN_INLINE Four noise_of(std::uint64_t block, NoiseKind kind, const RngKey& key)
{
    const philox::Words words = philox::words(key, block);
    const philox::Normals n = kind == NoiseKind::normal ? philox::normals(words) : philox::rademachers(words);
    return {{n.a, n.b, n.c, n.d}};
}

struct Perturb {
    float* y;
    const float* x;  // null: zeros
    std::uint64_t size;
    float scale;
    NoiseKind kind;
    RngKey key;

    std::uint64_t count() const { return (size + 3) / 4; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(y, size), visit(x, size);
    }
    BASIN_INLINE void operator()(std::uint64_t block) const
    {
        const Four noise = noise_of(block, kind, key);
        Four to = x != nullptr ? load(x, 4 * block, size) : Four{};
        for (int k = 0; k < 4; ++k) {
            to.at[k] = element::perturbed(to.at[k], scale, noise.at[k]);
        }
        store(y, 4 * block, size, to);
    }
};

struct Descend {
    float* theta;
    float* buffer;
    const float* gradient;
    std::uint64_t size;
    Descent now;

    std::uint64_t count() const { return (size + 3) / 4; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(theta, size), visit(gradient, size);
        if (now.momentum != 0.0F) {
            visit(buffer, size);
        }
    }
    BASIN_INLINE void operator()(std::uint64_t block) const
    {
        Four to = load(theta, 4 * block, size);
        const Four from = load(gradient, 4 * block, size);
        if (now.momentum == 0.0F) {
            for (int k = 0; k < 4; ++k) {
                to.at[k] = element::descended(to.at[k], now.step_size,
                                              element::decayed(from.at[k], now.weight_decay, to.at[k]));
            }
        } else {
            const float keep = 1.0F - now.dampening;
            Four kept = now.first ? Four{} : load(buffer, 4 * block, size);
            for (int k = 0; k < 4; ++k) {
                const float decayed = element::decayed(from.at[k], now.weight_decay, to.at[k]);
                const float b = element::accelerated(kept.at[k], decayed, now.momentum, keep, now.first);
                kept.at[k] = b;
                to.at[k] = element::descended(to.at[k], now.step_size,
                                              element::direction(b, decayed, now.momentum, now.nesterov));
            }
            store(buffer, 4 * block, size, kept);
        }
        if (now.noise_scale != 0.0F) {
            const Four noise = noise_of(block, NoiseKind::normal, now.noise);
            for (int k = 0; k < 4; ++k) {
                to.at[k] = element::perturbed(to.at[k], now.noise_scale, noise.at[k]);
            }
        }
        store(theta, 4 * block, size, to);
    }
};

struct Adapt {
    float* theta;
    float* first_moment;
    float* second_moment;
    float* largest;  // null without amsgrad
    const float* gradient;
    std::uint64_t size;
    Adaptation now;

    std::uint64_t count() const { return size; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(theta, size), visit(first_moment, size), visit(second_moment, size), visit(largest, size),
            visit(gradient, size);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const
    {
        float& first = first_moment[i];
        float& second = second_moment[i];
        theta[i] = largest != nullptr ? element::adapted<true>(now, theta[i], gradient[i], first, second, largest + i)
                                      : element::adapted<false>(now, theta[i], gradient[i], first, second, nullptr);
    }
};

struct AddScaled {
    float* y;
    const float* x;
    std::uint64_t size;
    float a;

    std::uint64_t count() const { return size; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(y, size), visit(x, size);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const { y[i] = y[i] + a * x[i]; }
};

struct Scale {
    float* y;
    std::uint64_t size;
    float a;

    std::uint64_t count() const { return size; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(y, size);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const { y[i] = y[i] * a; }
};

/// Some chains of many, spread evenly.
struct Gather {
    float* to;
    const float* from;
    std::uint64_t chosen;
    std::uint64_t chains;
    std::uint64_t dim;

    std::uint64_t count() const { return chosen * dim; }
    template <class Visit>
    void arrays(Visit& visit)
    {
        visit(to, chosen * dim), visit(from, chains * dim);
    }
    BASIN_INLINE void operator()(std::uint64_t i) const { to[i] = from[i / dim * chains / chosen * dim + i % dim]; }
};

}  // namespace basin::cuda
