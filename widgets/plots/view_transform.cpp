#include "widgets/plots/view_transform.h"

#include <algorithm>

namespace basin {

Box fitted(const Box& view, const QRectF& area)
{
    if (area.width() <= 0 || area.height() <= 0) {
        return view;
    }
    const double width = view.x_max - view.x_min;
    const double height = view.y_max - view.y_min;
    const double unit = std::max(width / area.width(), height / area.height());
    const double more_x = 0.5 * (unit * area.width() - width);
    const double more_y = 0.5 * (unit * area.height() - height);
    return {view.x_min - more_x, view.x_max + more_x, view.y_min - more_y, view.y_max + more_y};
}

Box zoomed(const Box& box, double factor, Point at)
{
    return {at.x + (box.x_min - at.x) * factor, at.x + (box.x_max - at.x) * factor, at.y + (box.y_min - at.y) * factor,
            at.y + (box.y_max - at.y) * factor};
}

}  // namespace basin
