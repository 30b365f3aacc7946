#include "widgets/plots/particle_raster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace basin {

namespace {

// A dot is spread over 3 x 3 pixels with weights 1 2 1: 16 in all, 4 in the middle.
constexpr int kWhole = 16;
constexpr int kTable = 4096;
constexpr double kLone = 0.42;   // opacity in the middle of one particle
constexpr double kDense = 0.92;  // and where most of them are

// A number that looks drawn by lot, the same for a grain of 2 x 2 pixels in every frame.
unsigned grain(int x, int y)
{
    unsigned hash = static_cast<unsigned>(x >> 1) * 0x9e3779b1U ^ static_cast<unsigned>(y >> 1) * 0x85ebca77U;
    hash ^= hash >> 15U;
    hash *= 0x2c1b3c6dU;
    hash ^= hash >> 13U;
    return hash >> 8U;
}

std::array<std::uint8_t, kTable> opacity_table(int densest)
{
    std::array<std::uint8_t, kTable> table{};
    const double top = std::log1p(std::max(densest, 4 * kWhole) / (0.25 * kWhole));
    for (int weight = 1; weight < kTable; ++weight) {
        const double dots = weight / (0.25 * kWhole);
        const double value = dots <= 1 ? kLone * dots
                                       : kLone + (kDense - kLone) * (std::log1p(dots) - std::log(2.0)) /
                                                     std::max(0.1, top - std::log(2.0));
        table[static_cast<std::size_t>(weight)] =
            static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0, kDense)));
    }
    return table;
}

}  // namespace

void ParticleLayer::count(std::span<const float> positions, const ViewTransform& transform, int width, int height)
{
    width_ = std::max(width, 0);
    height_ = std::max(height, 0);
    const std::size_t size = stride() * static_cast<std::size_t>(height_);
    counts_.assign(size, 0);
    blurred_.assign(size, 0);
    opacity_.assign(size, 0);
    drawn_ = 0;
    if (size == 0) {
        return;
    }
    const auto x_scale = static_cast<float>(transform.x_scale());
    const auto y_scale = static_cast<float>(transform.y_scale());
    const auto x_min = static_cast<float>(transform.box.x_min);
    const auto y_max = static_cast<float>(transform.box.y_max);
    const auto right = static_cast<float>(width_);
    const auto bottom = static_cast<float>(height_);
    for (std::size_t i = 0; i + 1 < positions.size(); i += 2) {
        const float x = (positions[i] - x_min) * x_scale;
        const float y = (y_max - positions[i + 1]) * y_scale;
        // False for NaN as well.
        if (x >= 0 && x < right && y >= 0 && y < bottom) {
            std::uint16_t& cell = counts_[static_cast<std::size_t>(y) * stride() + static_cast<std::size_t>(x)];
            cell = static_cast<std::uint16_t>(cell + (cell < kTable ? 1 : 0));
            ++drawn_;
        }
    }
    // 1 2 1 along rows, then along columns, in whole numbers. Counts are at most 4,096: 16 of them fit.
    const auto w = stride();
    for (std::size_t y = 0; y < static_cast<std::size_t>(height_); ++y) {
        const std::uint16_t* from = counts_.data() + y * w;
        std::uint16_t* to = blurred_.data() + y * w;
        for (std::size_t x = 1; x + 1 < w; ++x) {
            to[x] = static_cast<std::uint16_t>(from[x - 1] + 2 * from[x] + from[x + 1]);
        }
        to[0] = static_cast<std::uint16_t>(2 * from[0] + (w > 1 ? from[1] : 0));
        if (w > 1) {
            to[w - 1] = static_cast<std::uint16_t>(from[w - 2] + 2 * from[w - 1]);
        }
    }
    std::uint16_t densest = 0;
    std::fill(counts_.begin(), counts_.end(), std::uint16_t{0});
    for (std::size_t y = 0; y < static_cast<std::size_t>(height_); ++y) {
        const std::uint16_t* here = blurred_.data() + y * w;
        const std::uint16_t* above = y > 0 ? here - w : here;
        const std::uint16_t* below = y + 1 < static_cast<std::size_t>(height_) ? here + w : here;
        std::uint16_t* to = counts_.data() + y * w;
        for (std::size_t x = 0; x < w; ++x) {
            const int sum = above[x] + 2 * here[x] + below[x];
            to[x] = static_cast<std::uint16_t>(std::min(sum, kTable - 1));
            densest = std::max(densest, to[x]);
        }
    }
    const auto table = opacity_table(densest);
    for (std::size_t i = 0; i < size; ++i) {
        opacity_[i] = table[counts_[i]];
    }
}

void blend_layers(std::span<const ParticleLayer* const> layers, std::span<const QColor> colors, QImage& into)
{
    std::vector<std::uint32_t> rgb;
    for (const QColor& color : colors) {
        rgb.push_back(color.rgb());
    }
    const int width = into.width();
    std::vector<unsigned> total(static_cast<std::size_t>(width));
    for (int y = 0; y < into.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(into.scanLine(y));
        std::memset(line, 0, static_cast<std::size_t>(width) * sizeof(QRgb));
        std::fill(total.begin(), total.end(), 0U);
        for (const ParticleLayer* layer : layers) {
            const std::uint16_t* row = layer->weights(y);
            for (int x = 0; x < width; ++x) {
                total[static_cast<std::size_t>(x)] += row[x];
            }
        }
        for (int x = 0; x < width; ++x) {
            const unsigned sum = total[static_cast<std::size_t>(x)];
            if (sum == 0) {
                continue;
            }
            unsigned ticket = grain(x, y) % sum;
            unsigned clear = 255;
            std::size_t winner = 0;
            bool drawn = false;
            for (std::size_t i = 0; i < layers.size(); ++i) {
                const unsigned weight = layers[i]->weights(y)[x];
                clear = clear * (255U - layers[i]->row(y)[x]) / 255;
                if (!drawn && ticket < weight) {
                    winner = i;
                    drawn = true;
                }
                ticket -= std::min(ticket, weight);
            }
            const unsigned alpha = 255 - clear;
            const auto channel = [&](unsigned shift) { return ((rgb[winner] >> shift) & 255U) * alpha / 255U; };
            line[x] = (alpha << 24U) | (channel(16) << 16U) | (channel(8) << 8U) | channel(0);
        }
    }
}

}  // namespace basin
