// The window: lays out panels, forms and menus, and connects them.
#pragma once

#include <QMainWindow>

#include "app/settings.h"
#include "app/workspace.h"
#include "widgets/bridge/run_controller.h"

class QActionGroup;
class QDockWidget;
class QMenu;
class QTabWidget;

namespace basin {

class FrameMeter;
class MessageBar;
class PanelDocks;
class RunBar;

/// Computes nothing and owns no data of a run. Window's thread only.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// `meter` may be null; then no frames are counted.
    MainWindow(const QString& settings_file, FrameMeter* meter, QWidget* parent = nullptr);

    RunController& controller() { return controller_; }
    Workspace& workspace() { return workspace_; }
    /// What runs to come compute on, where it can be used; remembered.
    void setDevice(Device device);
    Device rememberedDevice() const { return settings_.device(); }
    /// Light, dark, or what the platform has; remembered.
    void setTheme(ThemeChoice choice);

public Q_SLOTS:
    void tell(const QString& sentence);
    void setPresentation(bool on);

protected:
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void layOutPanels();
    void addFileMenu();
    void addEditMenu();
    void addViewMenu();
    void addRunMenu();
    void addHelpMenu();
    void connectRun();
    void fillRecentFiles(QMenu* menu);
    void showWorkspace();
    void applyTheme();
    void resetLayout();
    void openDialog();
    bool saveDialog();
    bool save();
    void saveReplayDialog();
    bool mayDiscard();

    Settings settings_;
    RunController controller_;
    Workspace workspace_;
    QPalette system_palette_;
    ThemeChoice theme_ = ThemeChoice::system;
    bool presentation_ = false;
    QByteArray first_layout_;
    RunBar* run_bar_ = nullptr;
    MessageBar* messages_ = nullptr;
    PanelDocks* panels_ = nullptr;
    QActionGroup* themes_ = nullptr;
};

}  // namespace basin
