#include "widgets/plots/chart_input.h"

#include <QKeyEvent>
#include <QWheelEvent>
#include <cmath>

#include "widgets/plots/chart_frame.h"

namespace basin {

namespace {

constexpr double kWheelStep = 1.0 / 480;  // a notch is 120 units: a quarter octave a notch, finer on touch pads
constexpr double kKeyZoom = 0.7;
constexpr double kKeyPan = 0.1;
const QPointF kMiddle(0.5, 0.5);

}  // namespace

ChartInput::ChartInput(QWidget& chart, ChartFrame& frame) : chart_(chart), frame_(frame)
{
    chart.setFocusPolicy(Qt::StrongFocus);
    frame.setFocusPolicy(Qt::NoFocus);
    chart.installEventFilter(this);
    frame.viewport()->installEventFilter(this);
}

void ChartInput::zoom_by(double factor, bool y_alone, QPointF share)
{
    const bool both = zoom_ == Zoom::both;
    Q_EMIT zoomed(y_alone ? 1 : factor, y_alone || both ? factor : 1, share);
}

bool ChartInput::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &chart_) {
        return event->type() == QEvent::KeyPress && press(static_cast<QKeyEvent*>(event));
    }
    const QRectF area = frame_.plot_area();
    switch (event->type()) {
        case QEvent::Wheel: {
            const auto* wheel = static_cast<QWheelEvent*>(event);
            const double units = wheel->angleDelta().y() != 0 ? wheel->angleDelta().y() : wheel->angleDelta().x();
            const QPointF at = wheel->position();
            zoom_by(std::exp2(-units * kWheelStep), wheel->modifiers().testFlag(Qt::ShiftModifier),
                    {(at.x() - area.left()) / area.width(), (area.bottom() - at.y()) / area.height()});
            return true;
        }
        case QEvent::MouseButtonPress: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            chart_.setFocus(Qt::MouseFocusReason);
            if (mouse->button() == Qt::LeftButton && area.contains(mouse->position())) {
                drag_from_ = mouse->position();
                dragging_ = true;
                return true;
            }
            break;
        }
        case QEvent::MouseMove: {
            const QPointF at = static_cast<QMouseEvent*>(event)->position();
            if (dragging_) {
                const QPointF moved = at - drag_from_;
                drag_from_ = at;
                Q_EMIT left();
                Q_EMIT panned(-moved.x() / area.width(), moved.y() / area.height());
            } else if (area.contains(at)) {
                Q_EMIT hovered(at);
            } else {
                Q_EMIT left();
            }
            break;
        }
        case QEvent::MouseButtonRelease:
            dragging_ = false;
            break;
        case QEvent::MouseButtonDblClick:
            if (area.contains(static_cast<QMouseEvent*>(event)->position())) {
                Q_EMIT fitAsked();
                return true;
            }
            break;
        case QEvent::Leave:
            Q_EMIT left();
            break;
        default:
            break;
    }
    return false;
}

bool ChartInput::press(QKeyEvent* event)
{
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoom_by(kKeyZoom, false, kMiddle);
            return true;
        case Qt::Key_Minus:
            zoom_by(1 / kKeyZoom, false, kMiddle);
            return true;
        case Qt::Key_Left:
            Q_EMIT panned(-kKeyPan, 0);
            return true;
        case Qt::Key_Right:
            Q_EMIT panned(kKeyPan, 0);
            return true;
        case Qt::Key_Up:
            Q_EMIT panned(0, kKeyPan);
            return true;
        case Qt::Key_Down:
            Q_EMIT panned(0, -kKeyPan);
            return true;
        case Qt::Key_F:
        case Qt::Key_0:
            Q_EMIT fitAsked();
            return true;
        default:
            return false;
    }
}

}  // namespace basin
