#include "widgets/plots/chart_layer.h"

#include <QPainter>

#include "widgets/plots/theme.h"

namespace basin {

const Theme& ChartLayer::theme() const
{
    return dark ? Theme::night() : Theme::light();
}

void ChartLayer::set_area(const QRectF& area)
{
    if (area == area_) {
        return;
    }
    prepareGeometryChange();
    area_ = area;
    touch();
}

void ChartLayer::draw_empty(QPainter* painter) const
{
    const QRectF room = area_.adjusted(12, 8, -12, -8);
    const int flags = Qt::AlignCenter | Qt::TextWordWrap;
    // Whole sentences, as many as there is room for.
    QString text = empty_text;
    while (painter->boundingRect(room, flags, text).height() > room.height()) {
        text.truncate(text.lastIndexOf(QStringLiteral(". ")) + 1);
        if (text.isEmpty()) {
            return;
        }
    }
    painter->setPen(theme().muted);
    painter->drawText(room, flags, text);
}

}  // namespace basin
