#include "core/network/data/two_moons.h"

#include "core/compute/philox.h"

namespace basin {

Moons two_moons(std::size_t count, double noise, std::uint64_t seed, std::uint32_t draw)
{
    const RngKey angles{seed, Stream::data, 0, draw, 0};
    const RngKey shifts{seed, Stream::data, 1, draw, 0};
    constexpr float kPi = 3.14159265F;
    const auto deviation = static_cast<float>(noise);
    Moons moons;
    moons.points.reserve(2 * count);
    moons.labels.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const math::SinCos at = math::sincos(kPi * philox::uniform(philox::word_at(angles, i)));
        const bool second = i % 2 == 1;
        moons.points.push_back((second ? 1.0F - at.cos : at.cos) + deviation * philox::normal_at(shifts, 2 * i));
        moons.points.push_back((second ? 0.5F - at.sin : at.sin) + deviation * philox::normal_at(shifts, 2 * i + 1));
        moons.labels.push_back(second ? 1 : 0);
    }
    return moons;
}

}  // namespace basin
