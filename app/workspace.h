// The experiment in hand as a file: opening, saving, examples.
#pragma once

#include <QObject>
#include <QString>
#include <vector>

namespace basin {

class RunController;
class Settings;

/// Knows which file the controller's experiment came from. What can not be read or written is told in failed(), in one
/// sentence, and changes nothing. Window's thread only.
class Workspace : public QObject {
    Q_OBJECT

public:
    struct Example {
        QString title;
        QString path;  // a resource
    };

    Workspace(RunController& controller, Settings& settings, QObject* parent = nullptr);

    /// Sorted for the menu; the first is the one that a start without a file shows.
    static std::vector<Example> examples();

    /// A file or an example; an example has no file to save to.
    bool open(const QString& path, bool run);
    bool save(const QString& path);
    /// The run in hand with all changes made by hand, as a spec that repeats it.
    bool saveReplay(const QString& path);
    /// An experiment with one lane on this objective.
    void create(const std::string& kind, const std::string& key);
    /// Empty: not from a file.
    const QString& file() const { return file_; }
    /// "Two wells" or "wells.json", for the title.
    QString title() const;

Q_SIGNALS:
    void failed(const QString& sentence);
    /// file() or title() may be others.
    void changed();

private:
    RunController& controller_;
    Settings& settings_;
    QString file_;
};

}  // namespace basin
