// Crowds of particles as clouds of their lane's colour.
#pragma once

#include <QColor>
#include <QImage>
#include <cstdint>
#include <span>
#include <vector>

#include "widgets/plots/view_transform.h"

namespace basin {

/// One lane's particles counted into pixels: how opaque each pixel is, 0 to 255. A lone particle is a visible dot; the
/// rest of the scale goes with the logarithm of the count, so that sparse edges and dense cores both show.
/// Any thread, one at a time.
class ParticleLayer {
public:
    /// `positions` holds x and y in turn; those that are not finite (escaped) or outside are not drawn.
    void count(std::span<const float> positions, const ViewTransform& transform, int width, int height);

    int width() const { return width_; }
    int height() const { return height_; }
    const std::uint8_t* row(int y) const { return opacity_.data() + static_cast<std::size_t>(y) * stride(); }
    /// How many particles are about each pixel, times 16.
    const std::uint16_t* weights(int y) const { return counts_.data() + static_cast<std::size_t>(y) * stride(); }
    /// Particles that are in the picture.
    std::size_t drawn() const { return drawn_; }

private:
    std::size_t stride() const { return static_cast<std::size_t>(width_); }

    int width_ = 0;
    int height_ = 0;
    std::size_t drawn_ = 0;
    std::vector<std::uint16_t> counts_;
    std::vector<std::uint16_t> blurred_;
    std::vector<std::uint8_t> opacity_;
};

/// Layers over each other, none on top: where lanes overlap, grains of their pure colours stand side by side in
/// proportion to how much of each is there (a mixture of colours would be a third one, and mostly a brown).
void blend_layers(std::span<const ParticleLayer* const> layers, std::span<const QColor> colors, QImage& into);

}  // namespace basin
