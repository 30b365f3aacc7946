// A folder with files for basin-run, and what it did with them.
#pragma once

#include <sys/resource.h>

#include <QByteArray>
#include <QHash>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

/// Runs basin-run inside a folder of its own and knows what was in there before.
class Workplace {
public:
    QString path(const QString& name) const { return folder_.filePath(name); }
    void write(const QString& name, const QByteArray& bytes) const;
    QByteArray read(const QString& name) const;
    /// Each file's content by its name, folders with an empty one.
    QHash<QString, QByteArray> contents() const;

    struct Result {
        int status = -1;
        bool crashed = false;
        QByteArray out;
        QByteArray error;
    };
    /// Waits for the end; a process that takes longer than 60 s counts as crashed. `file_limit` bytes may be written to
    /// one file when it is not 0.
    Result run(const QStringList& arguments, rlim_t file_limit = 0) const;
    /// Starts it in the background.
    void start(QProcess& process, const QStringList& arguments) const;

private:
    QTemporaryDir folder_;
};

/// A small experiment on a quadratic; each `from` in it replaced by `to`.
QByteArray small_spec(const char* from = "", const char* to = "");
