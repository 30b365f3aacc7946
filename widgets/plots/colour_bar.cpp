#include "widgets/plots/colour_bar.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "widgets/plots/colour_map.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

constexpr double kAway = 12;
constexpr double kThick = 14;
constexpr double kTick = 4;
constexpr double kGap = 4;

constexpr int kDigits = 3;
constexpr int kMostDigits = 5;

double widest_label(const QFont& font)
{
    return QFontMetricsF(font).horizontalAdvance(QStringLiteral("−0.00000"));
}

struct Label {
    double y;
    double value;
};

/// As many significant digits as tell neighbours apart: heights of a flat place are all but equal.
int digits_for(const std::vector<Label>& rising)
{
    for (int digits = kDigits; digits < kMostDigits; ++digits) {
        const auto alike = [&](const Label& a, const Label& b) {
            return number_text(a.value, digits) == number_text(b.value, digits);
        };
        if (std::adjacent_find(rising.begin(), rising.end(), alike) == rising.end()) {
            return digits;
        }
    }
    return kMostDigits;
}

}  // namespace

double colour_bar_width(const QFont& font)
{
    return kAway + kThick + kTick + kGap + widest_label(font) + kGap + QFontMetricsF(font).height() + kGap;
}

QRectF colour_bar_place(const QRectF& plot)
{
    return {plot.right() + kAway, plot.top(), kThick, plot.height()};
}

void draw_colour_bar(QPainter& painter, const QRectF& bar, const FieldScale& scale, const std::vector<double>& levels,
                     const QString& title, const QString& brief, const Theme& theme)
{
    if (bar.isEmpty() || scale.empty()) {
        return;
    }
    const ColourMap& colours = ColourMap::heat(theme.dark);
    const int height = std::max(1, static_cast<int>(bar.height()));
    QImage strip(1, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        strip.setPixel(0, y, colours.at(1 - (y + 0.5) / height));
    }
    painter.drawImage(bar, strip);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.axis, 1));
    painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5));
    const QFontMetricsF metrics(painter.font());
    const double widest = widest_label(painter.font());
    // From below; the ends keep their room.
    const double apart = 1.5 * metrics.height();
    std::vector<Label> rising{{bar.bottom(), scale.value(0)}};
    for (const double level : levels) {
        const double y = bar.bottom() - scale.place(level) * bar.height();
        painter.setPen(QPen(theme.axis, 1));
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + kTick, y));
        if (rising.back().y - y > apart && y - bar.top() > apart) {
            rising.push_back({y, level});
        }
    }
    rising.push_back({bar.top(), scale.value(1)});
    const int digits = digits_for(rising);
    painter.setPen(theme.muted);
    for (const auto& [y, value] : rising) {
        QString text = number_text(value, digits);
        if (metrics.horizontalAdvance(text) > widest) {
            text = number_text(value, 2);  // powers of ten
        }
        const double top = std::clamp(y - 0.5 * metrics.height(), bar.top() - 4, bar.bottom() - metrics.height() + 4);
        painter.drawText(QRectF(bar.right() + kTick + kGap, top, 100, metrics.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
    }
    painter.save();
    painter.translate(bar.right() + kTick + kGap + widest + kGap, bar.center().y());
    painter.rotate(-90);
    painter.setPen(theme.muted);
    painter.drawText(QRectF(-0.5 * bar.height(), 0, bar.height(), metrics.height()), Qt::AlignCenter,
                     metrics.horizontalAdvance(title) < bar.height() ? title : brief);
    painter.restore();
}

}  // namespace basin
