#include "app/window_application.h"

#include <clocale>
#include <exception>

namespace basin {

WindowApplication::WindowApplication(int& argc, char** argv) : QApplication(argc, argv)
{
    // Qt has just set the user's locale, in which strtod("0.5") may be 0; what libraries read must not depend on it.
    std::setlocale(LC_NUMERIC, "C");
    setApplicationName(QStringLiteral("basin"));
    setApplicationDisplayName(QStringLiteral("Basin"));
    setApplicationVersion(QStringLiteral(BASIN_VERSION));
}

bool WindowApplication::notify(QObject* receiver, QEvent* event)
{
    meter_.enter();
    bool result = false;
    try {
        result = QApplication::notify(receiver, event);
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
    meter_.leave();
    return result;
}

}  // namespace basin
