#include "widgets/forms/icons.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace basin {

namespace {

// All shapes are drawn in a square of 16 by 16.
constexpr double kSide = 16;
constexpr double kLine = 1.5;

void draw_eye(QPainter& painter)
{
    QPainterPath lid;
    lid.moveTo(1.5, 8);
    lid.cubicTo(4, 3, 12, 3, 14.5, 8);
    lid.cubicTo(12, 13, 4, 13, 1.5, 8);
    painter.drawPath(lid);
    painter.setBrush(painter.pen().color());
    painter.drawEllipse(QPointF(8, 8), 1.7, 1.7);
}

void draw_dice(QPainter& painter)
{
    painter.drawRoundedRect(QRectF(2, 2, 12, 12), 2.5, 2.5);
    painter.setBrush(painter.pen().color());
    painter.setPen(Qt::NoPen);
    for (const QPointF& spot :
         {QPointF(5.2, 5.2), QPointF(10.8, 5.2), QPointF(8, 8), QPointF(5.2, 10.8), QPointF(10.8, 10.8)}) {
        painter.drawEllipse(spot, 1.1, 1.1);
    }
}

void draw_reset(QPainter& painter)
{
    painter.drawArc(QRectF(2.5, 2.5, 11, 11), 70 * 16, -300 * 16);
    painter.setBrush(painter.pen().color());
    painter.drawPolygon(QPolygonF({{10.2, 0.9}, {10.9, 5.6}, {6.9, 3.6}}));
}

void draw_schedule(QPainter& painter)
{
    QPainterPath curve;
    curve.moveTo(1.5, 3.5);
    curve.cubicTo(8, 3.5, 7, 12.5, 14.5, 12.5);
    painter.drawPath(curve);
}

void draw_measure(QPainter& painter)
{
    painter.drawLine(QPointF(2, 13.5), QPointF(14, 13.5));
    painter.setPen(Qt::NoPen);
    painter.drawRect(QRectF(3, 8, 2.4, 4.5));
    painter.drawRect(QRectF(6.8, 3, 2.4, 9.5));
    painter.drawRect(QRectF(10.6, 6, 2.4, 6.5));
}

void draw_warning(QPainter& painter)
{
    painter.setBrush(Qt::NoBrush);
    painter.drawPolygon(QPolygonF({{8, 1.8}, {15, 14.2}, {1, 14.2}}));
    painter.drawLine(QPointF(8, 6.2), QPointF(8, 9.8));
    painter.drawPoint(QPointF(8, 12));
}

void draw(QPainter& painter, Icon shape)
{
    const QBrush fill = painter.pen().color();
    const QBrush none = Qt::NoBrush;
    const bool solid = shape == Icon::run || shape == Icon::pause || shape == Icon::step || shape == Icon::more ||
                       shape == Icon::measure;
    painter.setBrush(solid ? fill : none);
    switch (shape) {
        case Icon::run:
            painter.drawPolygon(QPolygonF({{4, 2.5}, {13.5, 8}, {4, 13.5}}));
            break;
        case Icon::pause:
            painter.drawRect(QRectF(4, 3, 2.2, 10));
            painter.drawRect(QRectF(9.8, 3, 2.2, 10));
            break;
        case Icon::step:
            painter.drawPolygon(QPolygonF({{3, 3}, {10, 8}, {3, 13}}));
            painter.drawRect(QRectF(11.8, 3, 1.6, 10));
            break;
        case Icon::reset:
            draw_reset(painter);
            break;
        case Icon::dice:
            draw_dice(painter);
            break;
        case Icon::eye:
            draw_eye(painter);
            break;
        case Icon::eye_off:
            draw_eye(painter);
            painter.drawLine(QPointF(2.5, 13.5), QPointF(13.5, 2.5));
            break;
        case Icon::plus:
            painter.drawLine(QPointF(8, 3), QPointF(8, 13));
            painter.drawLine(QPointF(3, 8), QPointF(13, 8));
            break;
        case Icon::more:
            for (const double x : {3.5, 8.0, 12.5}) {
                painter.drawEllipse(QPointF(x, 8), 0.8, 0.8);
            }
            break;
        case Icon::schedule:
            draw_schedule(painter);
            break;
        case Icon::measure:
            draw_measure(painter);
            break;
        case Icon::theme:
            painter.drawEllipse(QPointF(8, 8), 5.5, 5.5);
            painter.setBrush(fill);
            painter.drawChord(QRectF(2.5, 2.5, 11, 11), 90 * 16, 180 * 16);
            break;
        case Icon::warning:
            draw_warning(painter);
            break;
        case Icon::close:
            painter.drawLine(QPointF(4, 4), QPointF(12, 12));
            painter.drawLine(QPointF(12, 4), QPointF(4, 12));
            break;
    }
}

class ShapeEngine : public QIconEngine {
public:
    explicit ShapeEngine(Icon shape) : shape_(shape) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State /*state*/) override
    {
        const QPalette colors = QApplication::palette();
        const bool off = mode == QIcon::Disabled;
        const QColor color = colors.color(off ? QPalette::Disabled : QPalette::Active, QPalette::ButtonText);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / kSide, rect.height() / kSide);
        painter->setPen(QPen(color, kLine, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        draw(*painter, shape_);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new ShapeEngine(shape_); }

private:
    Icon shape_;
};

}  // namespace

QIcon icon(Icon shape)
{
    return QIcon(new ShapeEngine(shape));
}

}  // namespace basin
