#include "core/slice/filter_normalised.h"

#include <cassert>
#include <cstddef>

#include "core/spectrum/random_vector.h"

namespace basin {

std::vector<double> filter_normalised(const Layout& layout, std::span<const double> theta, std::span<const double> raw)
{
    assert(theta.size() == layout.size() && raw.size() == layout.size());
    std::vector<double> direction(raw.size());
    for (const LayoutBlock& block : layout.blocks) {
        if (block.shape.size() < 2) {
            continue;
        }
        const auto filters = static_cast<std::size_t>(block.shape.front());
        const std::size_t size = block.size() / filters;
        for (std::size_t first = block.offset; first < block.offset + block.size(); first += size) {
            const double scale = norm(theta.subspan(first, size)) / (norm(raw.subspan(first, size)) + 1e-10);
            for (std::size_t i = first; i < first + size; ++i) {
                direction[i] = raw[i] * scale;
            }
        }
    }
    return direction;
}

std::vector<double> random_direction(const Layout& layout, std::span<const double> theta, std::uint64_t seed,
                                     std::uint32_t number)
{
    std::vector<double> raw(layout.size());
    fill_random(raw, NoiseKind::normal, probe_key(seed, ProbeDraw::slice, number));
    return filter_normalised(layout, theta, raw);
}

Plane random_plane(const Layout& layout, std::span<const double> theta, std::uint64_t seed)
{
    Plane plane{"random", {theta.begin(), theta.end()}, {}};
    for (std::uint32_t number = 0; number < 2; ++number) {
        plane.directions.push_back(random_direction(layout, theta, seed, number));
    }
    check_plane(plane);
    const std::vector<double>& d1 = plane.directions[0];
    const std::vector<double>& d2 = plane.directions[1];
    plane.numbers = {{"cosine", dot(d1, d2) / (norm(d1) * norm(d2))}};
    return plane;
}

}  // namespace basin
