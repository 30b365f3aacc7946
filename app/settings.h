// What the window remembers from one start to the next.
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

#include "core/compute/device.h"
#include "widgets/plots/theme.h"

namespace basin {

/// Layout, theme, recent files, device: nothing about a run. Written as soon as it is set. A file that can not be read
/// or holds nonsense gives the defaults.
class Settings {
public:
    static constexpr int kRecentFiles = 8;

    /// The user's own settings, or those in a file of its own (tests, several set-ups).
    explicit Settings(const QString& file = {});

    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);
    /// Newest first; files that are gone are left out.
    QStringList recentFiles() const;
    void addRecentFile(const QString& file);
    QByteArray geometry() const;
    QByteArray layout() const;
    void setWindow(const QByteArray& geometry, const QByteArray& layout);
    void forgetLayout();
    /// What runs compute on: the CPU where nothing else was chosen.
    Device device() const;
    void setDevice(Device device);
    QString lastFolder() const;
    void setLastFolder(const QString& folder);

private:
    mutable QSettings store_;
};

}  // namespace basin
