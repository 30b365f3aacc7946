#include "widgets/plots/lane_style.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace basin {

namespace {

// Order: the first four lanes are the ones most often compared, so they are the furthest apart.
// Okabe-Ito: blue 0072B2, vermillion D55E00, bluish green 009E73, reddish purple CC79A7, orange E69F00, sky blue
// 56B4E9, yellow F0E442, black 000000; changed in lightness only as far as contrast needs.
constexpr std::array<QRgb, 8> kLight{0xff0072b2, 0xffd55e00, 0xff00805d, 0xffb0568a,
                                     0xffa97400, 0xff2a8fcb, 0xff8a8000, 0xff30343a};
constexpr std::array<QRgb, 8> kDark{0xff4aa8f0, 0xffff7a2e, 0xff1fc795, 0xffe58fc0,
                                    0xffe6a91f, 0xff8fd3ff, 0xfff0e442, 0xffe8eaee};

std::vector<double> dash_pattern(int index)
{
    switch (index % 4) {
        case 0:
            return {};
        case 1:
            return {9, 4};
        case 2:
            return {3, 3};
        default:
            return {10, 4, 2, 4};
    }
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

}  // namespace

QPen LaneStyle::pen(double width) const
{
    QPen pen(color, width);
    pen.setJoinStyle(Qt::RoundJoin);
    pen.setCapStyle(dashes.empty() ? Qt::RoundCap : Qt::FlatCap);
    if (!dashes.empty()) {
        QList<qreal> pattern;
        for (const double length : dashes) {
            pattern.append(length / width);
        }
        pen.setDashPattern(pattern);
    }
    return pen;
}

LaneStyle lane_style(int index, bool dark)
{
    const int count = static_cast<int>(kLight.size());
    const int wrapped = std::max(index, 0);
    const auto color = static_cast<std::size_t>(wrapped % count);
    // The second round starts one pattern later, so that equal colours never have equal dashes.
    return {QColor::fromRgb(dark ? kDark[color] : kLight[color]), dash_pattern(wrapped + wrapped / count)};
}

double contrast(const QColor& a, const QColor& b)
{
    const double one = luminance(a);
    const double two = luminance(b);
    return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

}  // namespace basin
