// A window as a person has it in front of them, for tests that click through it.
#pragma once

#include <QPointF>
#include <QString>
#include <QTemporaryDir>
#include <QTest>
#include <functional>
#include <memory>

#include "app/main_window.h"
#include "app/window_application.h"
#include "core/run/spec.h"

class QAction;
class QLineEdit;
class QMenu;
class QToolButton;

namespace basin {

/// How long a busy machine may take for anything that is waited for, in milliseconds.
inline constexpr int kPatience = 40000;

/// Owns a MainWindow with settings of its own (nothing of the user's is read or written), shown, active and at rest.
/// Widgets are looked up by object name; one that is missing ends the test with its name.
class Session {
public:
    Session();
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    MainWindow& window() { return *window_; }
    RunController& run() { return window_->controller(); }
    /// A file in a folder that goes with the session.
    QString path(const QString& name) const { return folder_.filePath(name); }
    QString write(const QString& name, const QByteArray& content) const;
    /// Makes a run of the spec and waits until it stands at its first step, or is running.
    bool open(const ExperimentSpec& spec, bool running);
    bool openExample(int index, bool running);
    /// Closes the window as its frame's button does, and destroys it.
    void close();

    template <class Widget>
    Widget* find(const QString& name) const
    {
        return find<Widget>(window_.get(), name);
    }
    template <class Widget>
    static Widget* find(const QObject* within, const QString& name)
    {
        auto* widget = within->findChild<Widget*>(name);
        if (widget == nullptr) {
            qFatal("there is no \"%s\" in the window", qPrintable(name));
        }
        return widget;
    }
    /// The lane's card, unfolded and scrolled to.
    QWidget* lane(int index);
    /// The line to write a parameter of a lane in.
    QLineEdit* line(int lane, const QString& key);

    /// Clicks a button, or the tool bar's button of an action.
    void click(const QString& name);
    /// Presses and releases a key as the keyboard does: shortcuts come first, then the control that has the focus.
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    /// Replaces what stands in the line and presses Enter.
    static void type(QLineEdit* line, const QString& text);
    /// Drops the button's menu down and chooses from it with the keyboard.
    static void choose(QToolButton* button, const QString& action);
    /// Opens a menu of the menu bar by its title ("File"), walks down the titles and chooses the last of them.
    void chooseFromBar(const QStringList& titles);
    /// Does `what`, which opens a file dialog, and answers that with `path`.
    static void withFileDialog(const QString& path, const std::function<void()>& what);

    /// Some frames pass.
    bool frames(int count);
    bool waitFor(RunController::State state);

private:
    void activate();

    QTemporaryDir folder_;
    std::unique_ptr<MainWindow> window_;
};

/// With the left button held down, in a few moves.
void drag(QWidget* widget, const QPointF& from, const QPointF& to);
/// The mouse comes by, no button is down.
void hover(QWidget* widget, const QPointF& at);
/// Notches of 1/8 degrees; positive is away from the user.
void wheel(QWidget* widget, const QPointF& at, int angle);

/// Runs the test object in the real application: exceptions become messages, controls keep their keys.
template <class Test>
int run_session_test(int argc, char** argv);
int exec_session_test(int argc, char** argv, const std::function<std::unique_ptr<QObject>()>& make);

template <class Test>
int run_session_test(int argc, char** argv)
{
    return exec_session_test(argc, argv, [] { return std::make_unique<Test>(); });
}

}  // namespace basin
