// The application object: measures the window's thread, and lets no exception end the program.
#pragma once

#include <QApplication>

#include "widgets/bridge/frame_meter.h"

namespace basin {

/// Numbers are written with a point whatever the user's locale. An exception that escapes from a handler of an event
/// becomes failed() instead of a crash.
class WindowApplication : public QApplication {
    Q_OBJECT

public:
    WindowApplication(int& argc, char** argv);
    FrameMeter& meter() { return meter_; }
    bool notify(QObject* receiver, QEvent* event) override;

Q_SIGNALS:
    void failed(const QString& sentence);

private:
    FrameMeter meter_;
};

}  // namespace basin
