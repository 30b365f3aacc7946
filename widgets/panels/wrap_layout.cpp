#include "widgets/panels/wrap_layout.h"

#include <algorithm>
#include <vector>

namespace basin {

WrapLayout::WrapLayout(int gap) : gap_(gap)
{
    setContentsMargins(0, 0, 0, 0);
}

WrapLayout::~WrapLayout()
{
    qDeleteAll(items_);
}

QLayoutItem* WrapLayout::takeAt(int index)
{
    return index >= 0 && index < items_.size() ? items_.takeAt(index) : nullptr;
}

QSize WrapLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : items_) {
        size = item->isEmpty() ? size : size.expandedTo(item->minimumSize());
    }
    return size;
}

/// All in one row.
QSize WrapLayout::sizeHint() const
{
    QSize size;
    for (const QLayoutItem* item : items_) {
        if (!item->isEmpty()) {
            const QSize wanted = item->sizeHint();
            size = {size.width() + (size.width() > 0 ? gap_ : 0) + wanted.width(),
                    std::max(size.height(), wanted.height())};
        }
    }
    return size;
}

void WrapLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int WrapLayout::arrange(const QRect& rect, bool move) const
{
    struct Place {
        QLayoutItem* item;
        QRect rect;
    };
    std::vector<Place> row;
    int x = rect.left();
    int y = rect.top();
    int height = 0;
    const auto finish_row = [&] {
        for (const Place& place : row) {
            if (move) {
                place.item->setGeometry(place.rect.translated(0, (height - place.rect.height()) / 2));
            }
        }
        y += row.empty() ? 0 : height + gap_;
        x = rect.left();
        height = 0;
        row.clear();
    };
    for (QLayoutItem* item : items_) {
        if (item->isEmpty()) {
            continue;
        }
        QSize size = item->sizeHint();
        size.setWidth(std::min(size.width(), std::max(rect.width(), item->minimumSize().width())));
        if (!row.empty() && x + size.width() > rect.left() + rect.width()) {
            finish_row();
        }
        row.push_back({item, QRect(QPoint(x, y), size)});
        x += size.width() + gap_;
        height = std::max(height, size.height());
    }
    finish_row();
    return std::max(0, y - gap_ - rect.top());
}

}  // namespace basin
