// Saves pictures of the whole window in the states that a person meets, so that they can be looked at:
// window_gallery FOLDER [SCENE] [WIDTHxHEIGHT]. Not a test: nobody asserts beauty. Menus, dialogs and tooltips that are
// open are in the picture where they stand.
#include <QAbstractButton>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDir>
#include <QDockWidget>
#include <QHelpEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QToolTip>
#include <cstdio>

#include "app/key_guard.h"
#include "app/tip_wrap.h"
#include "session.h"

using namespace basin;
using State = RunController::State;

namespace {

struct Gallery {
    QDir folder;
    QString scene;
    QSize size;
    bool dark = false;
    Session session;

    /// The window with everything that stands over it.
    void shoot(const QString& name)
    {
        QCoreApplication::processEvents();
        const QWidget& window = session.window();
        const double ratio = window.devicePixelRatioF();
        QList<QWidget*> shown{&session.window()};
        QRect all = window.geometry();
        for (QWidget* widget : QApplication::topLevelWidgets()) {
            if (widget != &window && widget->isVisible()) {
                shown << widget;
                all |= widget->geometry();
            }
        }
        QImage image(all.size() * ratio, QImage::Format_RGB32);
        image.setDevicePixelRatio(ratio);
        image.fill(Qt::gray);
        QPainter painter(&image);
        for (QWidget* widget : shown) {
            painter.drawPixmap(widget->geometry().topLeft() - all.topLeft(), widget->grab());
        }
        painter.end();
        const QString file = QStringLiteral("%1_%2_%3x%4%5_%6.png")
                                 .arg(scene, name)
                                 .arg(size.width())
                                 .arg(size.height())
                                 .arg(ratio > 1 ? QStringLiteral("@2") : QString())
                                 .arg(dark ? QStringLiteral("dark") : QStringLiteral("light"));
        image.save(folder.filePath(file));
        std::printf("%s\n", qPrintable(file));
        std::fflush(stdout);
    }

    void closeOthers()
    {
        for (QWidget* widget : QApplication::topLevelWidgets()) {
            if (widget != &session.window() && widget->isVisible()) {
                widget->close();
            }
        }
        QToolTip::hideText();
        QCoreApplication::processEvents();
    }

    /// A picture of what `open` brings up and waits for.
    void shootModal(const QString& name, const std::function<void()>& open)
    {
        auto* timer = new QTimer(qApp);
        QObject::connect(timer, &QTimer::timeout, qApp, [this, timer, name] {
            if (QApplication::activePopupWidget() != nullptr || QApplication::activeModalWidget() != nullptr) {
                timer->stop();
                timer->deleteLater();
                shoot(name);
                while (QWidget* popup = QApplication::activePopupWidget()) {
                    popup->close();
                }
                closeOthers();
            }
        });
        timer->start(120);
        open();
        closeOthers();
    }

    void shootTip(const QString& name, QWidget* widget)
    {
        const QPoint at(widget->width() / 2, widget->height() / 2);
        QHelpEvent event(QEvent::ToolTip, at, widget->mapToGlobal(at));
        QCoreApplication::sendEvent(widget, &event);
        shoot(name);
        QToolTip::hideText();
        QCoreApplication::processEvents();
    }

    void contextMenu(const QString& name, QWidget* widget)
    {
        shootModal(name, [widget] {
            const QPoint at(widget->width() / 2, widget->height() / 2);
            QContextMenuEvent event(QContextMenuEvent::Mouse, at, widget->mapToGlobal(at));
            QCoreApplication::sendEvent(widget, &event);
        });
    }

    void menu(const QString& title)
    {
        for (QAction* action : session.window().menuBar()->actions()) {
            if (action->text().remove('&') == title) {
                action->menu()->popup(session.window().menuBar()->mapToGlobal(
                    session.window().menuBar()->actionGeometry(action).bottomLeft()));
                shoot(QStringLiteral("menu") + title);
                action->menu()->close();
            }
        }
    }

    void choose(const QString& menu, const QString& what)
    {
        for (QAction* action : session.window().menuBar()->actions()) {
            if (action->text().remove('&') == menu) {
                for (QAction* one : action->menu()->actions()) {
                    if (one->text().remove('&') == what) {
                        one->trigger();
                    }
                }
            }
        }
    }

    /// Every dock of a stack in turn, and every page in the middle.
    void everything(const QString& name)
    {
        for (QDockWidget* dock : session.window().findChildren<QDockWidget*>()) {
            if (dock->isVisible() && dock->visibleRegion().isEmpty()) {
                dock->raise();
                session.frames(2);
                shoot(name + '_' + dock->windowTitle());
            }
        }
        auto* centre = session.find<QTabWidget>(QStringLiteral("centre"));
        for (int page = 0; page < centre->count(); ++page) {
            if (centre->isTabVisible(page)) {
                centre->setCurrentIndex(page);
                session.frames(2);
                shoot(name + '_' + centre->tabText(page).remove(' '));
            }
        }
    }

    void wait(int milliseconds)
    {
        QEventLoop loop;
        QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
        loop.exec();
    }
};

void flagship(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(0, false);
    gallery.wait(800);
    gallery.shoot(QStringLiteral("idle"));
    session.run().setPace(RunController::kUnlimited);
    session.run().start();
    gallery.wait(4000);
    session.run().setPace(60);
    gallery.shoot(QStringLiteral("running"));
    hover(session.find<QWidget>(QStringLiteral("lossChart"))->findChild<QAbstractScrollArea*>()->viewport(), {200, 90});
    hover(session.find<QWidget>(QStringLiteral("landscapeView")), {120, 150});
    gallery.shoot(QStringLiteral("hover"));
    session.lane(0);
    gallery.shoot(QStringLiteral("lane"));
    gallery.everything(QStringLiteral("all"));
    session.find<QComboBox>(QStringLiteral("measureQuantity"))->setCurrentIndex(1);
    session.find<QDockWidget>(QStringLiteral("measureDock"))->raise();
    gallery.wait(1500);
    gallery.shoot(QStringLiteral("measure"));
    session.find<QComboBox>(QStringLiteral("measureQuantity"))->setCurrentIndex(0);
    session.window().setPresentation(true);
    gallery.wait(600);
    gallery.shoot(QStringLiteral("presentation"));
    session.window().setPresentation(false);
}

void race(Gallery& gallery)
{
    gallery.session.openExample(1, true);
    gallery.session.run().setPace(RunController::kUnlimited);
    gallery.wait(3000);
    gallery.shoot(QStringLiteral("running"));
    gallery.everything(QStringLiteral("all"));
    gallery.session.window().setPresentation(true);
    gallery.wait(600);
    gallery.shoot(QStringLiteral("presentation"));
    gallery.session.window().setPresentation(false);
}

void menus(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(0, true);
    gallery.wait(1200);
    for (const char* title : {"File", "Edit", "View", "Run", "Help"}) {
        gallery.menu(QString::fromLatin1(title));
    }
    gallery.shootModal(QStringLiteral("addLane"), [&] { session.click(QStringLiteral("addLane")); });
    auto* card = session.lane(0);
    gallery.shootModal(QStringLiteral("laneMenu"), [&] {
        QTest::mouseClick(Session::find<QToolButton>(card, QStringLiteral("more")), Qt::LeftButton);
    });
    gallery.contextMenu(QStringLiteral("contextLoss"), session.find<QWidget>(QStringLiteral("lossChart")));
    gallery.contextMenu(QStringLiteral("contextMap"), session.find<QWidget>(QStringLiteral("landscapeView")));
    gallery.shootModal(QStringLiteral("device"),
                       [&] { QTest::mouseClick(session.find<QToolButton>(QStringLiteral("device")), Qt::LeftButton); });
    gallery.shootTip(QStringLiteral("tipAxis"), session.find<QWidget>(QStringLiteral("lossAxis")));
    gallery.shootTip(QStringLiteral("tipSpeed"), session.find<QWidget>(QStringLiteral("speed")));
    gallery.shootTip(QStringLiteral("tipBeta"), session.line(1, QStringLiteral("step_size")));
}

void dialogs(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(0, true);
    gallery.wait(600);
    gallery.choose(QStringLiteral("Help"), QStringLiteral("Keys"));
    gallery.shoot(QStringLiteral("keys"));
    gallery.closeOthers();
    gallery.choose(QStringLiteral("Help"), QStringLiteral("About Basin"));
    gallery.shoot(QStringLiteral("about"));
    gallery.closeOthers();
    gallery.shootModal(QStringLiteral("open"),
                       [&] { gallery.choose(QStringLiteral("File"), QStringLiteral("Open…")); });
    gallery.shootModal(QStringLiteral("save"),
                       [&] { gallery.choose(QStringLiteral("File"), QStringLiteral("Save as…")); });
    session.window().workspace().save(session.path(QStringLiteral("mine.json")));
    session.run().setSeed(7);
    gallery.shootModal(QStringLiteral("unsaved"),
                       [&] { gallery.choose(QStringLiteral("File"), QStringLiteral("Open…")); });
    session.window().workspace().open(
        session.write(QStringLiteral("bad.json"), R"({"version": 1, "lanes": [{"optimizer": "fsgl"}]})"), true);
    gallery.shoot(QStringLiteral("badFile"));
    gallery.shootModal(QStringLiteral("saveCurves"), [&] {
        QMetaObject::invokeMethod(session.find<QWidget>(QStringLiteral("lossChart")), "saveAs");
    });
}

void failed(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(1, true);
    gallery.wait(1500);
    session.run().setLaneParam(0, "step_size", ParamValue(1e6));
    gallery.wait(2500);
    gallery.shoot(QStringLiteral("lane"));
    session.lane(0);
    gallery.everything(QStringLiteral("all"));
    gallery.shootTip(QStringLiteral("tip"), session.find<QWidget>(QStringLiteral("lane0")));
}

void measure_all(Gallery& gallery)
{
    Session& session = gallery.session;
    for (const char* name : {"spectrumNow", "sharpnessNow"}) {
        session.find<QAbstractButton>(QString::fromLatin1(name))->click();
    }
}

void network(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(3, true);
    session.run().setPace(RunController::kUnlimited);
    gallery.wait(1500);
    gallery.everything(QStringLiteral("begin"));
    gallery.wait(25000);
    measure_all(gallery);
    gallery.wait(4000);
    gallery.everything(QStringLiteral("busy"));
    session.find<QComboBox>(QStringLiteral("sliceCount"))->setCurrentIndex(0);
    session.find<QAbstractButton>(QStringLiteral("sliceCompute"))->click();
    gallery.wait(30000);
    gallery.everything(QStringLiteral("trained"));
    session.find<QComboBox>(QStringLiteral("spectrumArrangement"))->setCurrentIndex(1);
    gallery.shoot(QStringLiteral("slice"));
    gallery.wait(30000);
    session.run().pause();
    gallery.wait(2000);
    gallery.everything(QStringLiteral("later"));
    session.find<QComboBox>(QStringLiteral("sliceKind"))->setCurrentIndex(1);
    session.find<QAbstractButton>(QStringLiteral("sliceCompute"))->click();
    gallery.wait(20000);
    gallery.everything(QStringLiteral("line"));
}

void edge(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(4, true);
    session.run().setPace(RunController::kUnlimited);
    gallery.wait(12000);
    session.find<QAbstractButton>(QStringLiteral("spectrumNow"))->click();
    session.find<QAbstractButton>(QStringLiteral("sliceCompute"))->click();
    gallery.wait(4000);
    gallery.everything(QStringLiteral("all"));
    session.find<QComboBox>(QStringLiteral("sliceKind"))->setCurrentIndex(1);
    session.find<QAbstractButton>(QStringLiteral("sliceCompute"))->click();
    gallery.wait(2000);
    gallery.everything(QStringLiteral("line"));
    session.window().setPresentation(true);
    gallery.wait(600);
    gallery.everything(QStringLiteral("presentation"));
    session.window().setPresentation(false);
}

struct Scene {
    const char* name;
    void (*draw)(Gallery&);
};

constexpr Scene kScenes[] = {{"flagship", flagship}, {"race", race},       {"menus", menus}, {"dialogs", dialogs},
                             {"failed", failed},     {"network", network}, {"edge", edge}};

}  // namespace

int main(int argc, char** argv)
{
    WindowApplication application(argc, argv);
    KeyGuard keys;
    application.installEventFilter(&keys);
    TipWrap tips;
    application.installEventFilter(&tips);
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    if (argc < 2) {
        std::fputs("window_gallery FOLDER [SCENE] [WIDTHxHEIGHT] [light|dark]\n", stderr);
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    folder.mkpath(QStringLiteral("."));
    const QString wanted = argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString();
    const QString theme = argc > 4 ? QString::fromLocal8Bit(argv[4]) : QString();
    for (const QSize size : {QSize(1440, 900), QSize(1024, 700), QSize(2560, 1440)}) {
        const QString name = QStringLiteral("%1x%2").arg(size.width()).arg(size.height());
        if (argc > 3 && name != QLatin1String(argv[3])) {
            continue;
        }
        for (const Scene& scene : kScenes) {
            if (!wanted.isEmpty() && wanted != QLatin1String(scene.name)) {
                continue;
            }
            for (const bool dark : {false, true}) {
                if (!theme.isEmpty() && (theme == QLatin1String("dark")) != dark) {
                    continue;
                }
                Gallery gallery{folder, QString::fromLatin1(scene.name), size, dark, {}};
                gallery.session.window().setTheme(dark ? ThemeChoice::dark : ThemeChoice::light);
                gallery.session.window().resize(size);
                scene.draw(gallery);
            }
        }
    }
    return 0;
}
