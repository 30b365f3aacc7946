// How a chart is moved with mouse and keys.
#include <QKeyEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "widgets/plots/chart_frame.h"
#include "widgets/plots/curve_chart.h"

namespace basin {

namespace {

constexpr double kWheelStep = 1.0 / 480;  // a notch is 120 units: a quarter octave a notch, finer on touch pads
constexpr double kKeyZoom = 0.7;
constexpr double kKeyPan = 0.1;

}  // namespace

void CurveChart::zoom_x(double factor, double at)
{
    AxisRange& x = layer_->content.mapping.x;
    const AxisRange wanted{at + (x.low - at) * factor, at + (x.high - at) * factor};
    // Closer than this neighbouring pixels would be one number.
    if (wanted.span() < 1e-9 * std::max(1.0, std::fabs(at)) || wanted.span() > 1e15) {
        return;
    }
    x = wanted;
    follow_ = false;
    apply_axes();
}

void CurveChart::zoom_y(double factor, double at)
{
    AxisRange& y = layer_->content.mapping.y;
    const AxisRange wanted{at + (y.low - at) * factor, at + (y.high - at) * factor};
    if (wanted.span() < 1e-9 * std::max(1e-3, std::fabs(at)) || wanted.span() > 1e15) {
        return;
    }
    y = wanted;
    follow_ = false;
    apply_axes();
}

void CurveChart::pan(double share_x, double share_y)
{
    CurveMapping& mapping = layer_->content.mapping;
    const double x = share_x * mapping.x.span();
    const double y = share_y * mapping.y.span();
    mapping.x = {mapping.x.low + x, mapping.x.high + x};
    mapping.y = {mapping.y.low + y, mapping.y.high + y};
    follow_ = false;
    apply_axes();
}

bool CurveChart::eventFilter(QObject* watched, QEvent* event)
{
    const QRectF area = frame_->plot_area();
    switch (event->type()) {
        case QEvent::Wheel: {
            const auto* wheel = static_cast<QWheelEvent*>(event);
            const double units = wheel->angleDelta().y() != 0 ? wheel->angleDelta().y() : wheel->angleDelta().x();
            const double factor = std::exp2(-units * kWheelStep);
            if ((wheel->modifiers() & Qt::ShiftModifier) != 0) {
                const double share = (area.bottom() - wheel->position().y()) / area.height();
                zoom_y(factor, y_range().low + share * y_range().span());
            } else {
                zoom_x(factor, x_at(wheel->position()));
            }
            return true;
        }
        case QEvent::MouseButtonPress: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            setFocus(Qt::MouseFocusReason);
            if (mouse->button() == Qt::LeftButton && area.contains(mouse->position())) {
                drag_from_ = mouse->position();
                dragging_ = true;
                return true;
            }
            break;
        }
        case QEvent::MouseMove: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            if (dragging_) {
                const QPointF moved = mouse->position() - drag_from_;
                drag_from_ = mouse->position();
                pan(-moved.x() / area.width(), moved.y() / area.height());
            } else {
                hover(mouse->position());
            }
            break;
        }
        case QEvent::MouseButtonRelease:
            dragging_ = false;
            break;
        case QEvent::MouseButtonDblClick:
            if (area.contains(static_cast<QMouseEvent*>(event)->position())) {
                fit();
                return true;
            }
            break;
        case QEvent::Leave:
            hover(QPointF(-1, -1));
            break;
        case QEvent::Resize:
            apply_axes();
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

void CurveChart::keyPressEvent(QKeyEvent* event)
{
    const double middle = 0.5 * (x_range().low + x_range().high);
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoom_x(kKeyZoom, middle);
        case Qt::Key_Minus:
            return zoom_x(1 / kKeyZoom, middle);
        case Qt::Key_Left:
            return pan(-kKeyPan, 0);
        case Qt::Key_Right:
            return pan(kKeyPan, 0);
        case Qt::Key_Up:
            return pan(0, kKeyPan);
        case Qt::Key_Down:
            return pan(0, -kKeyPan);
        case Qt::Key_F:
        case Qt::Key_0:
            return fit();
        default:
            QWidget::keyPressEvent(event);
    }
}

}  // namespace basin
