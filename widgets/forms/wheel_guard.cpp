#include "widgets/forms/wheel_guard.h"

#include <QEvent>
#include <QWidget>

namespace basin {

namespace {

class WheelGuard : public QObject {
public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus()) {
            return false;
        }
        event->ignore();  // the parent gets it
        return true;
    }
};

}  // namespace

void guard_wheel(QWidget* control)
{
    control->setFocusPolicy(Qt::StrongFocus);
    control->installEventFilter(new WheelGuard(control));
}

}  // namespace basin
