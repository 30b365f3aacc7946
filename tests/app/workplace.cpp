#include "workplace.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

void Workplace::write(const QString& name, const QByteArray& bytes) const
{
    QDir().mkpath(QFileInfo(path(name)).path());
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("the test can not write %s", qPrintable(file.fileName()));
    }
}

QByteArray Workplace::read(const QString& name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QHash<QString, QByteArray> Workplace::contents() const
{
    QHash<QString, QByteArray> all;
    QDirIterator each(folder_.path(), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                      QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QString file = each.next();
        const QString name = QDir(folder_.path()).relativeFilePath(file);
        all.insert(name, QFileInfo(file).isFile() ? read(name) : QByteArray());
    }
    return all;
}

void Workplace::start(QProcess& process, const QStringList& arguments) const
{
    process.setWorkingDirectory(folder_.path());
    process.start(QStringLiteral(BASIN_RUN), arguments);
}

Workplace::Result Workplace::run(const QStringList& arguments, rlim_t file_limit) const
{
    QProcess process;
    if (file_limit != 0) {
        process.setChildProcessModifier([file_limit] {
            const rlimit limit{file_limit, file_limit};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        });
    }
    start(process, arguments);
    const bool ended = process.waitForFinished(60'000);
    if (!ended) {
        process.kill();
        process.waitForFinished();
    }
    return {process.exitCode(), !ended || process.exitStatus() == QProcess::CrashExit, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

QByteArray small_spec(const char* from, const char* to)
{
    QByteArray text = R"({"version": 1, "name": "Small", "seed": 1,
  "objective": {"landscape": "quadratic", "axx": 2},
  "start": {"points": [[1, 1]], "spread": 0.1}, "chains": 10, "steps": 20,
  "lanes": [{"label": "A", "optimizer": "sgld", "step_size": 0.05, "beta": 20},
            {"label": "B", "optimizer": "fsgld", "noise": "normal"}]}
)";
    if (*from != '\0') {
        if (!text.contains(from)) {
            qFatal("the small spec has no %s", from);
        }
        text.replace(from, to);
    }
    return text;
}
