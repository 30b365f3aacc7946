// From numbers to colours that the eye orders.
#pragma once

#include <QRgb>
#include <array>

namespace basin {

/// 256 colours whose lightness (OKLab's L) changes evenly from one end to the other, so that equal steps look equal,
/// also in grey and to people with a colour blindness. Both variants begin, at the lowest loss, near the theme's
/// background, and stay pale (light) or deep (dark), so that particles in lane colours stand out where they gather.
class ColourMap {
public:
    static const ColourMap& heat(bool dark);

    /// t in [0, 1], clamped; NaN gets the colour of the highest.
    QRgb at(double t) const;
    const std::array<QRgb, 256>& table() const { return table_; }

    /// OKLab's L, 0 to 1.
    static double lightness(QRgb color);

private:
    explicit ColourMap(bool dark);
    std::array<QRgb, 256> table_{};
};

}  // namespace basin
