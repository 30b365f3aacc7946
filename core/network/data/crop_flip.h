// Training images shifted and mirrored at random.
// K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR 2016, section 4.2;
// A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep convolutional neural networks", NIPS 2012,
// section 4.1.
#pragma once

#include <cstdint>
#include <span>

#include "core/compute/rng.h"

namespace basin {

/// Where a changed image comes from: its pixel (r, c) is the original's (row + r, column + step c), step 1 or -1.
struct ImageWindow {
    std::int64_t row = 0;
    std::int64_t column = 0;
    std::int64_t step = 1;
    bool operator==(const ImageWindow&) const = default;
};

/// A crop of the image's own size out of the image with `padding` pixels around it, every place as likely as the
/// others, and then with probability 1/2 mirrored left to right. Padding is what a pixel of 0 is in the data, which are
/// scaled: as if images were padded first and scaled then. A value; any thread.
struct CropFlip {
    std::int64_t padding = 4;
    float black = 0;  // a pixel of 0, scaled

    /// The window of the image at a place of an epoch, whose order of examples is drawn with `epoch` (BatchOrder).
    /// Draws from block `place` of that key in Stream::augmentation: outputs 0 and 1 are the crop's row and column in
    /// the padded image, floor(output (2 padding + 1) / 2^32), the top bit of output 2 mirrors.
    ImageWindow window(const RngKey& epoch, std::uint64_t place, std::int64_t columns) const;
    /// Copies one image, {channels, rows, columns}, as the window says. `from` and `to` do not overlap.
    void copy(const float* from, float* to, std::span<const std::int64_t> shape, const ImageWindow& window) const;
};

}  // namespace basin
