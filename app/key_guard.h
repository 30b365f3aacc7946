// Lets controls keep the keys that they need.
#pragma once

#include <QObject>

namespace basin {

/// The window's shortcuts are single keys (Space, S, R, D). A button or a drop-down list that has the focus gets them
/// first, so that forms work from the keyboard; a line to write in takes them anyway. Install on the application.
class KeyGuard : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace basin
