#include "app/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <array>

namespace basin {

namespace {

const QString kTheme = QStringLiteral("window/theme");
const QString kDevice = QStringLiteral("run/device");
const QString kRecent = QStringLiteral("files/recent");
const QString kFolder = QStringLiteral("files/folder");
const QString kGeometry = QStringLiteral("window/geometry");
const QString kLayout = QStringLiteral("window/layout");
// In the order of ThemeChoice.
const std::array<const char*, 3> kThemes{"system", "light", "dark"};

QString user_file()
{
    return QStandardPaths::writableLocation(QStandardPaths::ConfigLocation) + QStringLiteral("/basin/basin.ini");
}

}  // namespace

Settings::Settings(const QString& file) : store_(file.isEmpty() ? user_file() : file, QSettings::IniFormat) {}

ThemeChoice Settings::theme() const
{
    const QString word = store_.value(kTheme).toString();
    for (std::size_t i = 0; i < kThemes.size(); ++i) {
        if (word == QLatin1String(kThemes.at(i))) {
            return static_cast<ThemeChoice>(i);
        }
    }
    return ThemeChoice::system;
}

void Settings::setTheme(ThemeChoice choice)
{
    store_.setValue(kTheme, QString::fromLatin1(kThemes.at(static_cast<std::size_t>(choice))));
}

QStringList Settings::recentFiles() const
{
    QStringList files = store_.value(kRecent).toStringList();
    files.removeIf([](const QString& file) { return !QFileInfo(file).isFile(); });
    return files;
}

void Settings::addRecentFile(const QString& file)
{
    const QString path = QFileInfo(file).absoluteFilePath();
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    store_.setValue(kRecent, files.mid(0, kRecentFiles));
}

QByteArray Settings::geometry() const
{
    return store_.value(kGeometry).toByteArray();
}

QByteArray Settings::layout() const
{
    return store_.value(kLayout).toByteArray();
}

void Settings::setWindow(const QByteArray& geometry, const QByteArray& layout)
{
    store_.setValue(kGeometry, geometry);
    store_.setValue(kLayout, layout);
}

void Settings::forgetLayout()
{
    store_.remove(kLayout);
}

Device Settings::device() const
{
    return store_.value(kDevice).toString() == QLatin1String(device_key(Device::cuda)) ? Device::cuda : Device::cpu;
}

void Settings::setDevice(Device device)
{
    store_.setValue(kDevice, QString::fromLatin1(device_key(device)));
}

QString Settings::lastFolder() const
{
    const QString folder = store_.value(kFolder).toString();
    return QFileInfo(folder).isDir() ? folder : QDir::homePath();
}

void Settings::setLastFolder(const QString& folder)
{
    store_.setValue(kFolder, folder);
}

}  // namespace basin
