// Takes pictures of a window with everything that is open over it.
#pragma once

#include <QAbstractButton>
#include <QContextMenuEvent>
#include <QDir>
#include <QDockWidget>
#include <QHelpEvent>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QTabWidget>
#include <QTimer>
#include <QToolTip>
#include <cstdio>

#include "session.h"

namespace basin {

/// A window in one size and theme, and the folder for pictures of it.
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

    /// The same window in presentation mode, by one of the two above.
    void presentation(void (Gallery::*picture)(const QString&))
    {
        session.window().setPresentation(true);
        wait(600);
        (this->*picture)(QStringLiteral("presentation"));
        session.window().setPresentation(false);
    }

    void wait(int milliseconds)
    {
        QEventLoop loop;
        QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
        loop.exec();
    }
};

}  // namespace basin
