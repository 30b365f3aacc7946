#include "widgets/plots/curve_canvas.h"

#include <algorithm>
#include <cmath>

namespace basin {

namespace {

// Whether a dashed line is drawn at this length along it.
bool dash_on(const std::vector<double>& dashes, double length)
{
    double total = 0;
    for (const double part : dashes) {
        total += part;
    }
    double rest = std::fmod(length, total);
    for (std::size_t i = 0; i < dashes.size(); ++i) {
        if (rest < dashes[i]) {
            return i % 2 == 0;
        }
        rest -= dashes[i];
    }
    return true;
}

}  // namespace

CurveCanvas::CurveCanvas(int width, int height)
    : width_(std::max(width, 0)),
      height_(std::max(height, 0)),
      pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), 0U)
{
}

void CurveCanvas::blend(int column, int row, int end, Paint paint, double coverage)
{
    const int first = std::max(row, 0);
    const int last = std::min(end, height_);
    if (first >= last) {
        return;
    }
    const auto alpha = static_cast<std::uint32_t>(std::lround(255 * std::clamp(paint.opacity * coverage, 0.0, 1.0)));
    if (alpha == 0) {
        return;
    }
    const auto part = [&](int shift) { return (((paint.color >> shift) & 255U) * alpha + 127U) / 255U; };
    const std::uint32_t source = (alpha << 24U) | (part(16) << 16U) | (part(8) << 8U) | part(0);
    std::uint32_t* pixels = pixels_.data() + static_cast<std::size_t>(column) * static_cast<std::size_t>(height_);
    if (alpha == 255) {
        std::fill(pixels + first, pixels + last, source);
        return;
    }
    // Two channels at a time; 256 instead of 255 as divisor is off by less than one grey level.
    const std::uint32_t keep = 256U - alpha;
    for (int y = first; y < last; ++y) {
        const std::uint32_t below = pixels[y];
        const std::uint32_t even = (((below & 0x00ff00ffU) * keep) >> 8U) & 0x00ff00ffU;
        const std::uint32_t odd = (((below >> 8U) & 0x00ff00ffU) * keep) & 0xff00ff00U;
        pixels[y] = source + (even | odd);
    }
}

void CurveCanvas::run(int column, double low, double high, double ramp, Paint paint)
{
    // Coverage climbs from 0 to 1 over `ramp` pixels at both ends.
    const auto coverage = [&](int row) {
        const double centre = row + 0.5;
        return std::min((centre - low) / ramp, (high - centre) / ramp) + 0.5 / ramp;
    };
    const int first = static_cast<int>(std::floor(low - 0.5));
    const int last = static_cast<int>(std::ceil(high + 0.5));
    const int full_first = std::max(first, static_cast<int>(std::ceil(low + ramp - 1)));
    const int full_last = std::min(last, static_cast<int>(std::floor(high - ramp + 1)));
    if (full_first >= full_last) {
        for (int row = first; row < last; ++row) {
            blend(column, row, row + 1, paint, std::min({coverage(row), 1.0, high - low}));
        }
        return;
    }
    for (int row = first; row < full_first; ++row) {
        blend(column, row, row + 1, paint, std::min(coverage(row), 1.0));
    }
    blend(column, full_first, full_last, paint, 1);
    for (int row = full_last; row < last; ++row) {
        blend(column, row, row + 1, paint, std::min(coverage(row), 1.0));
    }
}

void CurveCanvas::draw(std::span<const PixelRun> runs, const Stroke& stroke)
{
    const Paint paint{stroke.color.rgb(), stroke.opacity};
    const double half = 0.5 * stroke.thickness;
    const std::size_t count = std::min(runs.size(), static_cast<std::size_t>(width_));
    double length = 0;
    for (std::size_t c = 0; c < count; ++c) {
        const PixelRun& now = runs[c];
        if (now.empty) {
            continue;
        }
        const double rise = std::fabs(static_cast<double>(now.leave) - static_cast<double>(now.enter));
        const bool on = stroke.dashes.empty() || dash_on(stroke.dashes, length);
        length += std::hypot(1.0, rise);
        if (!on) {
            continue;
        }
        const auto top = static_cast<double>(now.top);
        const auto bottom = static_cast<double>(now.bottom);
        if (!now.sloped) {
            run(static_cast<int>(c), top - half, bottom + half, 1, paint);
            continue;
        }
        // A line of this thickness that climbs `rise` a pixel is cut vertically over half * sqrt(1 + rise^2) each
        // side; at a turn it ends where its neighbours end.
        const double reach = half * std::hypot(1.0, rise);
        double ceiling = top;
        double ground = bottom;
        for (const std::size_t beside : {c == 0 ? c : c - 1, c + 1 == count ? c : c + 1}) {
            if (!runs[beside].empty) {
                ceiling = std::min(ceiling, static_cast<double>(runs[beside].top));
                ground = std::max(ground, static_cast<double>(runs[beside].bottom));
            }
        }
        run(static_cast<int>(c), std::max(top - reach, ceiling - half), std::min(bottom + reach, ground + half),
            std::max(1.0, rise), paint);
    }
}

QImage CurveCanvas::image() const
{
    QImage image(width_, height_, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull()) {
        return image;
    }
    // Blocks, so that both pictures are read and written in stretches that stay in cache.
    constexpr int kBlock = 32;
    auto* bits = reinterpret_cast<std::uint32_t*>(image.bits());
    const auto stride = static_cast<std::size_t>(image.bytesPerLine()) / sizeof(std::uint32_t);
    for (int block_y = 0; block_y < height_; block_y += kBlock) {
        for (int block_x = 0; block_x < width_; block_x += kBlock) {
            const int end_x = std::min(block_x + kBlock, width_);
            const int end_y = std::min(block_y + kBlock, height_);
            for (int y = block_y; y < end_y; ++y) {
                std::uint32_t* row = bits + static_cast<std::size_t>(y) * stride;
                const std::uint32_t* source = pixels_.data() +
                                              static_cast<std::size_t>(block_x) * static_cast<std::size_t>(height_) +
                                              static_cast<std::size_t>(y);
                for (int x = block_x; x < end_x; ++x, source += height_) {
                    row[x] = *source;
                }
            }
        }
    }
    return image;
}

}  // namespace basin
