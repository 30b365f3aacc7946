#include "app/workspace.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include "app/settings.h"
#include "core/run/spec.h"
#include "widgets/bridge/run_controller.h"

// A static library's resources are linked only when somebody asks for them; the macro works outside of namespaces only.
static void link_resources()
{
    Q_INIT_RESOURCE(basin);
}

namespace basin {

namespace {

const QString kExamples = QStringLiteral(":/examples");
const QString kJson = QStringLiteral(".json");

std::filesystem::path file_path(const QString& path)
{
    return std::filesystem::path(path.toStdString());
}

ExperimentSpec read_any(const QString& path)
{
    if (!path.startsWith(':')) {
        return read_spec(file_path(path));
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        throw std::invalid_argument("The example " + path.toStdString() + " is not part of this program.");
    }
    return parse_spec(file.readAll().toStdString(), path.toStdString());
}

/// The text beside an example, in a file of the same name.
QString about_text(const QString& example)
{
    QFile file(example.chopped(example.endsWith(kJson) ? kJson.size() : 0) + QStringLiteral(".txt"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).simplified() : QString();
}

}  // namespace

Workspace::Workspace(RunController& controller, Settings& settings, QObject* parent)
    : QObject(parent), controller_(controller), settings_(settings)
{
    connect(&controller_, &RunController::specChanged, this, &Workspace::notice);
}

void Workspace::notice()
{
    if (controller_.spec().objective.key != about_objective_) {
        about_.clear();
    }
    Q_EMIT changed();
}

std::vector<Workspace::Example> Workspace::examples()
{
    link_resources();
    // The order of the menu is that of the files' names, which begin with a number.
    std::vector<Example> examples;
    for (const QString& name : QDir(kExamples).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        const QString path = kExamples + '/' + name;
        examples.push_back({QString::fromStdString(read_any(path).name), path, about_text(path)});
    }
    return examples;
}

bool Workspace::open(const QString& path, bool run)
{
    try {
        const ExperimentSpec spec = read_any(path);
        const bool example = path.startsWith(':');
        file_ = example ? QString() : QFileInfo(path).absoluteFilePath();
        if (!example) {
            settings_.addRecentFile(file_);
            settings_.setLastFolder(QFileInfo(file_).absolutePath());
        }
        about_ = example ? about_text(path) : QString();
        about_objective_ = spec.objective.key;
        controller_.openSpec(spec, run);
        return true;
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromStdString(error.what()));
        return false;
    }
}

bool Workspace::save(const QString& path)
{
    try {
        write_spec(controller_.spec(), file_path(path));
        file_ = QFileInfo(path).absoluteFilePath();
        settings_.addRecentFile(file_);
        settings_.setLastFolder(QFileInfo(file_).absolutePath());
        controller_.markSaved();
        return true;
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromStdString(error.what()));
        return false;
    }
}

bool Workspace::saveReplay(const QString& path)
{
    try {
        write_spec(controller_.replaySpec(), file_path(path));
        settings_.setLastFolder(QFileInfo(path).absolutePath());
        return true;
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromStdString(error.what()));
        return false;
    }
}

void Workspace::create(const std::string& kind, const std::string& key)
{
    try {
        ExperimentSpec spec = controller_.spec();
        spec.changes.clear();
        spec.name = find_objective(kind, key).label;
        if (spec.objective.kind != kind || spec.objective.key != key) {
            spec = with_objective(spec, kind, key);
        }
        spec.lanes.clear();
        spec.lanes.push_back(suggest_lane(spec, "fsgld"));
        file_.clear();
        about_.clear();
        controller_.openSpec(spec, false);
    } catch (const std::exception& error) {
        Q_EMIT failed(QString::fromStdString(error.what()));
    }
}

QString Workspace::title() const
{
    const QString name = QString::fromStdString(controller_.spec().name);
    return file_.isEmpty() ? (name.isEmpty() ? tr("Untitled") : name) : QFileInfo(file_).fileName();
}

}  // namespace basin
