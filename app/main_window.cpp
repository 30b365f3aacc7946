#include "app/main_window.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QTabWidget>
#include <QVBoxLayout>

#include "app/about.h"
#include "app/message_bar.h"
#include "app/panel_docks.h"
#include "app/run_bar.h"
#include "app/status_line.h"
#include "core/run/objectives.h"
#include "widgets/bridge/frame_meter.h"
#include "widgets/forms/experiment_panel.h"

namespace basin {

namespace {

// Large enough to be read from the last row.
constexpr double kPresentationScale = 1.4;

QString spec_filter()
{
    return QMainWindow::tr("Experiments (*.json);;All files (*)");
}

}  // namespace

MainWindow::MainWindow(const QString& settings_file, FrameMeter* meter, QWidget* parent)
    : QMainWindow(parent),
      settings_(settings_file),
      workspace_(controller_, settings_),
      system_palette_(QApplication::palette())
{
    setObjectName(QStringLiteral("mainWindow"));
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setUnifiedTitleAndToolBarOnMac(true);
    theme_ = settings_.theme();
    applyTheme();

    run_bar_ = new RunBar(controller_);
    addToolBar(run_bar_);
    setStatusBar(new StatusLine(controller_, meter));
    layOutPanels();
    addFileMenu();
    addEditMenu();
    addViewMenu();
    addRunMenu();
    addHelpMenu();
    connectRun();
    if (meter) {
        connect(&controller_, &RunController::polled, this, [meter] { meter->frame(); });
    }
    resize(1440, 900);
}

void MainWindow::layOutPanels()
{
    auto* middle = new QWidget;
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    messages_ = new MessageBar(middle);
    panels_ = new PanelDocks(controller_, *this);
    column->addWidget(messages_);
    column->addWidget(&panels_->centre(), 1);
    setCentralWidget(middle);
}

void MainWindow::addFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    QMenu* fresh = menu->addMenu(tr("&New"));
    for (const ObjectiveEntry& entry : objective_entries()) {
        fresh->addAction(QString::fromStdString(entry.label), this, [this, kind = entry.kind, key = entry.key] {
            if (mayDiscard()) {
                workspace_.create(kind, key);
            }
        });
    }
    menu->addAction(tr("&Open…"), QKeySequence::Open, this, &MainWindow::openDialog);
    QMenu* recent = menu->addMenu(tr("Open &recent"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecentFiles(recent); });
    QMenu* examples = menu->addMenu(tr("&Examples"));
    examples->setObjectName(QStringLiteral("examples"));
    examples->setToolTipsVisible(true);
    for (const Workspace::Example& example : Workspace::examples()) {
        QAction* action = examples->addAction(example.title, this, [this, path = example.path] {
            if (mayDiscard()) {
                workspace_.open(path, true);
            }
        });
        action->setToolTip(example.about);
    }
    menu->addSeparator();
    menu->addAction(tr("&Save"), QKeySequence::Save, this, &MainWindow::save);
    menu->addAction(tr("Save &as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), this, &MainWindow::saveDialog);
    QAction* replay = menu->addAction(tr("Export this run to &repeat it…"), this, &MainWindow::saveReplayDialog);
    replay->setToolTip(tr("The experiment as it was started, with every change that was made while it ran"));
    menu->addSeparator();
    menu->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
}

void MainWindow::addEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = menu->addAction(tr("&Undo"), QKeySequence::Undo, &controller_, &RunController::undo);
    QAction* redo = menu->addAction(tr("&Redo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), &controller_,
                                    &RunController::redo);
    undo->setObjectName(QStringLiteral("undo"));
    redo->setObjectName(QStringLiteral("redo"));
    const auto enable = [this, undo, redo] {
        undo->setEnabled(controller_.canUndo());
        redo->setEnabled(controller_.canRedo());
    };
    connect(&controller_, &RunController::specChanged, this, enable);
    enable();
}

void MainWindow::addViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    QMenu* theme = menu->addMenu(tr("&Theme"));
    themes_ = new QActionGroup(this);
    const QStringList names{tr("Like the &system"), tr("&Light"), tr("&Dark")};
    for (int choice = 0; choice < names.size(); ++choice) {
        QAction* action = theme->addAction(names[choice]);
        action->setCheckable(true);
        action->setChecked(choice == static_cast<int>(theme_));
        themes_->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice] { setTheme(static_cast<ThemeChoice>(choice)); });
    }
    menu->addSeparator();
    for (QDockWidget* dock : panels_->docks()) {
        menu->addAction(dock->toggleViewAction());
    }
    menu->addAction(tr("&Reset layout"), this, &MainWindow::resetLayout)->setObjectName(QStringLiteral("resetLayout"));
    menu->addSeparator();
    QAction* presentation =
        menu->addAction(tr("&Presentation mode"), QKeySequence(Qt::Key_F5), this, &MainWindow::setPresentation);
    presentation->setObjectName(QStringLiteral("presentation"));
    presentation->setCheckable(true);
    QAction* full = menu->addAction(tr("&Full screen"), QKeySequence(Qt::Key_F11), this,
                                    [this](bool on) { on ? showFullScreen() : showNormal(); });
    full->setCheckable(true);
}

void MainWindow::addRunMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Run"));
    menu->addActions({run_bar_->runAction(), run_bar_->pauseAction(), run_bar_->stepAction(), run_bar_->resetAction()});
    menu->addSeparator();
    menu->addAction(run_bar_->diceAction());
}

void MainWindow::addHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    menu->addAction(tr("&Keys"), QKeySequence(Qt::Key_F1), this, [this] { show_shortcuts(this); });
    menu->addAction(tr("&About Basin"), this, [this] { show_about(this); });
}

void MainWindow::connectRun()
{
    connect(&controller_, &RunController::runFailed, this, &MainWindow::tell);
    connect(&controller_, &RunController::rejected, this, &MainWindow::tell);
    connect(&controller_, &RunController::deviceChanged, this, [this] { settings_.setDevice(controller_.device()); });
    connect(panels_, &PanelDocks::failed, this, &MainWindow::tell);
    connect(&workspace_, &Workspace::failed, this, &MainWindow::tell);
    connect(&workspace_, &Workspace::changed, this, &MainWindow::showWorkspace);
    // What went wrong with the old run is no longer true of the new one.
    connect(&controller_, &RunController::runChanged, messages_, [this] {
        if (controller_.state() != RunController::State::failed) {
            messages_->clear();
        }
    });
}

void MainWindow::tell(const QString& sentence)
{
    messages_->tell(sentence);
}

void MainWindow::showWorkspace()
{
    panels_->form().setAbout(workspace_.about());
    setWindowTitle(workspace_.title() + QStringLiteral("[*]"));
    setWindowModified(!workspace_.file().isEmpty() && controller_.isModified());
}

void MainWindow::setDevice(Device device)
{
    settings_.setDevice(device);
    controller_.setDevice(device);
}

void MainWindow::setTheme(ThemeChoice choice)
{
    theme_ = choice;
    settings_.setTheme(choice);
    themes_->actions().at(static_cast<int>(choice))->setChecked(true);
    applyTheme();
}

void MainWindow::applyTheme()
{
    apply_theme(*static_cast<QApplication*>(QApplication::instance()), Theme::of(theme_, system_palette_),
                presentation_ ? kPresentationScale : 1.0);
}

void MainWindow::setPresentation(bool on)
{
    presentation_ = on;
    // Forms in large type would make the window wider: they are away before the type grows and back after it has
    // shrunk.
    if (on) {
        panels_->experiment().hide();
    }
    statusBar()->setVisible(!on);
    applyTheme();
    // The type changes later, and what is hidden keeps the sizes that it had: it would be shown with them.
    QApplication::sendPostedEvents(nullptr, QEvent::ApplicationFontChange);
    for (QWidget* part : panels_->experiment().findChildren<QWidget*>()) {
        part->updateGeometry();
    }
    QApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    panels_->experiment().setVisible(!on);
}

void MainWindow::showEvent(QShowEvent* event)
{
    if (first_layout_.isEmpty()) {
        first_layout_ = saveState();
        restoreGeometry(settings_.geometry());
        restoreState(settings_.layout());
        panels_->showAgain();
    }
    QMainWindow::showEvent(event);
}

void MainWindow::resetLayout()
{
    settings_.forgetLayout();
    restoreState(first_layout_);
    panels_->showAgain();
}

void MainWindow::fillRecentFiles(QMenu* menu)
{
    menu->clear();
    for (const QString& file : settings_.recentFiles()) {
        menu->addAction(QFileInfo(file).fileName(), this,
                        [this, file] {
                            if (mayDiscard()) {
                                workspace_.open(file, true);
                            }
                        })
            ->setToolTip(file);
    }
    if (menu->isEmpty()) {
        menu->addAction(tr("No files yet"))->setEnabled(false);
    }
}

void MainWindow::openDialog()
{
    if (!mayDiscard()) {
        return;
    }
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Open an experiment"), settings_.lastFolder(), spec_filter());
    if (!file.isEmpty()) {
        workspace_.open(file, true);
    }
}

bool MainWindow::save()
{
    return workspace_.file().isEmpty() ? saveDialog() : workspace_.save(workspace_.file());
}

bool MainWindow::saveDialog()
{
    const QString proposed =
        workspace_.file().isEmpty() ? settings_.lastFolder() + "/experiment.json" : workspace_.file();
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the experiment"), proposed, spec_filter());
    return !file.isEmpty() && workspace_.save(file);
}

void MainWindow::saveReplayDialog()
{
    const QString file = QFileDialog::getSaveFileName(this, tr("Export this run to repeat it"),
                                                      settings_.lastFolder() + "/run.json", spec_filter());
    if (!file.isEmpty()) {
        workspace_.saveReplay(file);
    }
}

bool MainWindow::mayDiscard()
{
    if (workspace_.file().isEmpty() || !controller_.isModified()) {
        return true;
    }
    const auto answer =
        QMessageBox::question(this, tr("Basin"), tr("%1 has changes that are not saved.").arg(workspace_.title()),
                              QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    return answer == QMessageBox::Discard || (answer == QMessageBox::Save && save());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayDiscard()) {
        event->ignore();
        return;
    }
    if (presentation_) {
        setPresentation(false);
    }
    settings_.setWindow(saveGeometry(), saveState());
    event->accept();
}

}  // namespace basin
