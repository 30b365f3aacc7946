#include "widgets/plots/colour_map.h"

#include <QColor>
#include <algorithm>
#include <cmath>

namespace basin {

namespace {

// Björn Ottosson's OKLab, 2020.
struct Lab {
    double l;
    double a;
    double b;
};

double encode(double linear)
{
    const double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
    return std::clamp(value, 0.0, 1.0);
}

double decode(double value)
{
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

QRgb to_rgb(const Lab& color)
{
    const double l = std::pow(color.l + 0.3963377774 * color.a + 0.2158037573 * color.b, 3);
    const double m = std::pow(color.l - 0.1055613458 * color.a - 0.0638541728 * color.b, 3);
    const double s = std::pow(color.l - 0.0894841775 * color.a - 1.2914855480 * color.b, 3);
    return QColor::fromRgbF(static_cast<float>(encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)),
                            static_cast<float>(encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)),
                            static_cast<float>(encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)))
        .rgb();
}

// Anchors are hue and chroma at even places; lightness runs straight from first to last.
struct Anchor {
    double chroma;
    double hue;  // degrees
};
constexpr std::array<Anchor, 5> kLight{{{0.008, 95}, {0.025, 205}, {0.042, 240}, {0.055, 265}, {0.065, 285}}};
constexpr std::array<Anchor, 5> kDark{{{0.030, 285}, {0.070, 275}, {0.075, 245}, {0.070, 210}, {0.085, 175}}};
constexpr double kLightFrom = 0.985;
constexpr double kLightTo = 0.74;
constexpr double kDarkFrom = 0.17;
constexpr double kDarkTo = 0.56;

}  // namespace

ColourMap::ColourMap(bool dark)
{
    const auto& anchors = dark ? kDark : kLight;
    const double from = dark ? kDarkFrom : kLightFrom;
    const double to = dark ? kDarkTo : kLightTo;
    for (std::size_t i = 0; i < table_.size(); ++i) {
        const double t = static_cast<double>(i) / 255.0;
        const double place = t * static_cast<double>(anchors.size() - 1);
        const auto left = std::min(static_cast<std::size_t>(place), anchors.size() - 2);
        const double share = place - static_cast<double>(left);
        const auto part = [&](const Anchor& anchor, auto function) {
            return anchor.chroma * function(anchor.hue * 3.14159265358979 / 180);
        };
        const auto mixed = [&](auto function) {
            return (1 - share) * part(anchors[left], function) + share * part(anchors[left + 1], function);
        };
        table_[i] = to_rgb({from + t * (to - from), mixed([](double h) { return std::cos(h); }),
                            mixed([](double h) { return std::sin(h); })});
    }
}

const ColourMap& ColourMap::heat(bool dark)
{
    static const ColourMap light_map(false);
    static const ColourMap dark_map(true);
    return dark ? dark_map : light_map;
}

QRgb ColourMap::at(double t) const
{
    if (std::isnan(t)) {
        return table_.back();
    }
    return table_[static_cast<std::size_t>(std::lround(255 * std::clamp(t, 0.0, 1.0)))];
}

double ColourMap::lightness(QRgb color)
{
    const double r = decode(qRed(color) / 255.0);
    const double g = decode(qGreen(color) / 255.0);
    const double b = decode(qBlue(color) / 255.0);
    return 0.2104542553 * std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) +
           0.7936177850 * std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) -
           0.0040720468 * std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
}

}  // namespace basin
