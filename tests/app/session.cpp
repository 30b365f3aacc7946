#include "session.h"

#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMouseEvent>
#include <QScrollArea>
#include <QSignalSpy>
#include <QStyle>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>
#include <QWheelEvent>
#include <QWindow>

#include "app/key_guard.h"

namespace basin {

namespace {

// How often it is looked whether a menu or dialog has come up.
constexpr int kLookMilliseconds = 10;

QString plain(const QAction* action)
{
    return action->text().remove('&');
}

/// Calls `answer` once with the widget that `find` gives, as soon as it gives one.
template <class Find, class Answer>
void when_there(Find find, Answer answer)
{
    auto* timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, qApp, [timer, find, answer] {
        if (auto* widget = find()) {
            timer->stop();
            timer->deleteLater();
            answer(widget);
        }
    });
    timer->start(kLookMilliseconds);
}

}  // namespace

Session::Session()
{
    window_ = std::make_unique<MainWindow>(path(QStringLiteral("settings.ini")), nullptr);
    if (auto* application = dynamic_cast<WindowApplication*>(QCoreApplication::instance())) {
        QObject::connect(application, &WindowApplication::failed, window_.get(), &MainWindow::tell);
    }
    window_->setTheme(ThemeChoice::light);
    window_->show();
    window_->resize(1440, 900);
    if (!QTest::qWaitForWindowExposed(window_.get(), kPatience)) {
        qFatal("the window does not appear");
    }
    activate();
}

void Session::activate()
{
    window_->activateWindow();
    if (!QTest::qWaitForWindowActive(window_.get(), kPatience)) {
        qFatal("the window does not become active");
    }
}

Session::~Session() = default;

void Session::close()
{
    window_->close();
    window_.reset();
}

QString Session::write(const QString& name, const QByteArray& content) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        qFatal("%s can not be written", qPrintable(file.fileName()));
    }
    return file.fileName();
}

bool Session::open(const ExperimentSpec& spec, bool running)
{
    run().openSpec(spec, running);
    return waitFor(running ? RunController::State::running : RunController::State::ready);
}

bool Session::openExample(int index, bool running)
{
    return window_->workspace().open(Workspace::examples().at(static_cast<std::size_t>(index)).path, running) &&
           waitFor(running ? RunController::State::running : RunController::State::ready);
}

QWidget* Session::lane(int index)
{
    auto* card = find<QWidget>(QStringLiteral("lane%1").arg(index));
    auto* fold = find<QToolButton>(card, QStringLiteral("fold"));
    auto* panel = find<QScrollArea>(QStringLiteral("experimentPanel"));
    if (!fold->isChecked()) {
        panel->ensureWidgetVisible(fold);
        QTest::mouseClick(fold, Qt::LeftButton);
    }
    return card;
}

QLineEdit* Session::line(int index, const QString& key)
{
    auto* line = find<QLineEdit>(find<QWidget>(lane(index), key), QStringLiteral("line"));
    find<QScrollArea>(QStringLiteral("experimentPanel"))->ensureWidgetVisible(line);
    return line;
}

void Session::click(const QString& name)
{
    if (auto* action = window_->findChild<QAction*>(name)) {
        auto* bar = find<QToolBar>(QStringLiteral("runBar"));
        QTest::mouseClick(bar->widgetForAction(action), Qt::LeftButton);
    } else {
        auto* button = find<QAbstractButton>(name);
        auto* form = find<QScrollArea>(QStringLiteral("experimentPanel"));
        if (form->isAncestorOf(button)) {
            form->ensureWidgetVisible(button);
        }
        QTest::mouseClick(button, Qt::LeftButton);
    }
}

void Session::key(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    if (QGuiApplication::focusWindow() != window_->windowHandle()) {
        activate();  // without a window manager nobody gives the focus back when a popup goes
    }
    QTest::keyClick(window_->windowHandle(), key, modifiers);
}

void Session::type(QLineEdit* line, const QString& text)
{
    QTest::mouseClick(line, Qt::LeftButton);
    QTest::keyClick(line, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
}

void Session::choose(QToolButton* button, const QString& name)
{
    when_there([] { return qobject_cast<QMenu*>(QApplication::activePopupWidget()); },
               [name](QMenu* menu) {
                   auto* action = menu->findChild<QAction*>(name);
                   if (action == nullptr) {
                       qFatal("there is no \"%s\" in the menu", qPrintable(name));
                   }
                   menu->setActiveAction(action);
                   QTest::keyClick(menu, Qt::Key_Return);
               });
    QTest::mouseClick(button, Qt::LeftButton);
}

void Session::chooseFromBar(const QStringList& titles)
{
    QList<QAction*> actions = window_->menuBar()->actions();
    QMenu* above = nullptr;
    for (const QString& title : titles) {
        QAction* found = nullptr;
        for (QAction* action : actions) {
            found = plain(action) == title ? action : found;
        }
        if (found == nullptr) {
            qFatal("there is no \"%s\" in the menu bar", qPrintable(titles.join(" > ")));
        }
        if (above == nullptr) {
            QTest::mouseClick(window_->menuBar(), Qt::LeftButton, {},
                              window_->menuBar()->actionGeometry(found).center());
        } else {
            above->setActiveAction(found);
            QTest::keyClick(above, Qt::Key_Return);
        }
        above = found->menu();
        actions = above != nullptr ? above->actions() : QList<QAction*>();
    }
}

void Session::withFileDialog(const QString& path, const std::function<void()>& what)
{
    when_there([] { return qobject_cast<QFileDialog*>(QApplication::activeModalWidget()); },
               [path](QFileDialog* dialog) {
                   auto* name = find<QLineEdit>(dialog, QStringLiteral("fileNameEdit"));
                   name->setText(path);
                   QTest::keyClick(name, Qt::Key_Return);
               });
    what();
}

bool Session::frames(int count)
{
    QSignalSpy polled(&run(), &RunController::polled);
    while (polled.count() < count) {
        if (!polled.wait(kPatience)) {
            return false;
        }
    }
    return true;
}

bool Session::waitFor(RunController::State state)
{
    return QTest::qWaitFor([this, state] { return run().state() == state; }, kPatience);
}

void drag(QWidget* widget, const QPointF& from, const QPointF& to)
{
    constexpr int kMoves = 8;
    QTest::mousePress(widget, Qt::LeftButton, {}, from.toPoint());
    for (int move = 1; move <= kMoves; ++move) {
        const QPointF at = from + (to - from) * move / kMoves;
        QMouseEvent event(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(widget, &event);
    }
    QTest::mouseRelease(widget, Qt::LeftButton, {}, to.toPoint());
}

void hover(QWidget* widget, const QPointF& at)
{
    QMouseEvent event(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QCoreApplication::sendEvent(widget, &event);
}

void wheel(QWidget* widget, const QPointF& at, int angle)
{
    QWheelEvent event(at, widget->mapToGlobal(at), {}, {0, angle}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(widget, &event);
}

int exec_session_test(int argc, char** argv, const std::function<std::unique_ptr<QObject>()>& make)
{
    WindowApplication application(argc, argv);
    KeyGuard keys;
    application.installEventFilter(&keys);
    // Dialogs must be ones whose widgets can be driven.
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    const std::unique_ptr<QObject> test = make();
    return QTest::qExec(test.get(), argc, argv);
}

}  // namespace basin
