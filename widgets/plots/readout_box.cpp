#include "widgets/plots/readout_box.h"

#include <QFontMetricsF>
#include <algorithm>

#include "widgets/plots/theme.h"

namespace basin {

namespace {

constexpr double kPad = 7;
constexpr double kSwatch = 18;
constexpr double kColumns = 12;  // between words and numbers
constexpr double kAway = 12;     // from the cursor
constexpr float kOpacity = 0.93F;

}  // namespace

std::vector<ReadoutLine> readout_lines(const QStringList& texts)
{
    std::vector<ReadoutLine> lines;
    for (const QString& text : texts) {
        lines.push_back({text});
    }
    return lines;
}

void draw_box(QPainter& painter, const QRectF& box, const Theme& theme, float opacity)
{
    QColor back = theme.panel;
    back.setAlphaF(opacity);
    painter.setPen(QPen(theme.grid.darker(theme.dark ? 80 : 115), 1));
    painter.setBrush(back);
    painter.drawRoundedRect(box, 4, 4);
}

void draw_readout(QPainter& painter, const QRectF& room, const QPointF& at, const std::vector<ReadoutLine>& lines,
                  const Theme& theme)
{
    const QFontMetricsF metrics(painter.font());
    const double row = metrics.height() + 1;
    double left = 0;
    double right = 0;
    double alone = 0;
    const bool swatches = std::any_of(lines.begin(), lines.end(), [](const ReadoutLine& line) { return line.style; });
    const auto indent = [swatches](const ReadoutLine& line) { return swatches && !line.muted ? kSwatch : 0; };
    for (const ReadoutLine& line : lines) {
        const double width = indent(line) + metrics.horizontalAdvance(line.text);
        (line.value.isEmpty() ? alone : left) = std::max(line.value.isEmpty() ? alone : left, width);
        right = std::max(right, metrics.horizontalAdvance(line.value));
    }
    const double width = std::max(alone, right > 0 ? left + kColumns + right : left);
    QRectF box(at.x() + kAway, at.y() + kAway, width + 2 * kPad, row * static_cast<double>(lines.size()) + 2 * kPad);
    if (box.right() > room.right()) {
        box.moveRight(at.x() - kAway);
    }
    if (box.bottom() > room.bottom()) {
        box.moveBottom(at.y() - kAway);
    }
    // Where neither side has room for it, it stands over the cursor instead of being cut.
    box.moveLeft(std::max(std::min(box.left(), room.right() - box.width() - 2), room.left() + 2));
    box.moveTop(std::max(std::min(box.top(), room.bottom() - box.height() - 2), room.top() + 2));
    draw_box(painter, box, theme, kOpacity);
    double y = box.top() + kPad + metrics.ascent();
    for (const ReadoutLine& line : lines) {
        const double x = box.left() + kPad;
        if (line.style) {
            const double middle = y - metrics.ascent() / 2.6;
            painter.setPen(line.style->pen(2.4));
            painter.drawLine(QPointF(x, middle), QPointF(x + kSwatch - 6, middle));
        }
        painter.setPen(line.muted ? theme.muted : theme.text);
        painter.drawText(QPointF(x + indent(line), y), line.text);
        if (!line.value.isEmpty()) {
            painter.drawText(QPointF(box.right() - kPad - metrics.horizontalAdvance(line.value), y), line.value);
        }
        y += row;
    }
}

}  // namespace basin
