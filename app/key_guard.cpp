#include "app/key_guard.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QKeyEvent>

namespace basin {

bool KeyGuard::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ShortcutOverride) {
        return false;
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool plain = key->modifiers() == Qt::NoModifier;
    const bool button = key->key() == Qt::Key_Space && qobject_cast<QAbstractButton*>(watched) != nullptr;
    const bool list = qobject_cast<QComboBox*>(watched) != nullptr;
    if (plain && (button || list)) {
        event->accept();
        return true;
    }
    return false;
}

}  // namespace basin
