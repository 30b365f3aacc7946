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
        QString path;   // a resource
        QString about;  // what one sees, in a sentence or two
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
    /// What there is to see in the example in hand; empty for a file, and once another objective was chosen.
    const QString& about() const { return about_; }
    /// "Two wells" or "wells.json", for the title.
    QString title() const;

Q_SIGNALS:
    void failed(const QString& sentence);
    /// file(), title() or about() may be others.
    void changed();

private:
    void notice();

    RunController& controller_;
    Settings& settings_;
    QString file_;
    QString about_;
    std::string about_objective_;
};

}  // namespace basin
