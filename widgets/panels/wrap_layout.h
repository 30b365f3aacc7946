// Controls in rows, as text in a paragraph.
#pragma once

#include <QLayout>
#include <QList>

namespace basin {

/// Puts widgets side by side at their preferred sizes and begins a new row where the next one has no room, so that a
/// panel may become as narrow as its widest control. Hidden widgets take no room. Window's thread only.
class WrapLayout : public QLayout {
public:
    explicit WrapLayout(int gap);
    ~WrapLayout() override;

    void addItem(QLayoutItem* item) override { items_.append(item); }
    int count() const override { return static_cast<int>(items_.size()); }
    QLayoutItem* itemAt(int index) const override { return items_.value(index); }
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return arrange(QRect(0, 0, width, 0), false); }
    QSize minimumSize() const override;
    QSize sizeHint() const override;
    void setGeometry(const QRect& rect) override;

private:
    /// Height of all rows; moves the widgets only when asked to.
    int arrange(const QRect& rect, bool move) const;

    int gap_;
    QList<QLayoutItem*> items_;
};

}  // namespace basin
