// Paints vertical runs, fast.
#pragma once

#include <QColor>
#include <QImage>
#include <cstdint>
#include <span>
#include <vector>

#include "widgets/plots/curve_trace.h"

namespace basin {

/// A transparent picture that is stored column by column, so that a vertical run is one stretch of memory. Lines are
/// anti-aliased. Any thread, one at a time.
class CurveCanvas {
public:
    CurveCanvas(int width, int height);

    struct Stroke {
        QColor color;
        double opacity = 1;
        double thickness = 1.5;      // device pixels
        std::vector<double> dashes;  // device pixels; empty: solid
    };
    void draw(std::span<const PixelRun> runs, const Stroke& stroke);

    QImage image() const;

private:
    struct Paint {
        std::uint32_t color;  // not premultiplied, alpha ignored
        double opacity;
    };
    void blend(int column, int row, int end, Paint paint, double coverage);
    void run(int column, double low, double high, double ramp, Paint paint);

    int width_;
    int height_;
    std::vector<std::uint32_t> pixels_;
};

}  // namespace basin
