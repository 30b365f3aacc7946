// What is painted into a chart's plot area.
#pragma once

#include <QGraphicsObject>
#include <QString>

namespace basin {

struct Theme;

/// Window's thread only.
class ChartLayer : public QGraphicsObject {
    Q_OBJECT

public:
    bool dark = false;
    /// Stands there while there is nothing to draw.
    QString empty_text;

    const Theme& theme() const;
    void set_area(const QRectF& area);
    const QRectF& area() const { return area_; }
    /// What is drawn has changed.
    virtual void touch() { update(); }
    /// The cursor has left: nothing is read out.
    virtual void forget_readout() = 0;

    QRectF boundingRect() const override { return area_; }

protected:
    void draw_empty(QPainter* painter) const;

private:
    QRectF area_;
};

}  // namespace basin
