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
    painter->setPen(theme().muted);
    painter->drawText(area_.adjusted(12, 8, -12, -8), Qt::AlignCenter | Qt::TextWordWrap, empty_text);
}

}  // namespace basin
