// Which panels there are and where they stand.
#pragma once

#include <QObject>
#include <string>
#include <vector>

class QDockWidget;
class QMainWindow;
class QTabWidget;

namespace basin {

class ExperimentPanel;
class RunController;

/// Makes all panels of the window and puts them in their places: the map (or the network and its slices) in the middle,
/// the experiment on the left, curves and measurements on the right. Those that an experiment has no use for are
/// hidden. Window's thread only.
class PanelDocks : public QObject {
    Q_OBJECT

public:
    /// The middle panels' tabs are for whoever lays the window out to place.
    PanelDocks(RunController& controller, QMainWindow& window);

    QTabWidget& centre() { return *centre_; }
    ExperimentPanel& form() { return *form_; }
    QDockWidget& experiment() { return *experiment_; }
    /// In the order of the menu.
    std::vector<QDockWidget*> docks() const;
    /// After a layout was restored, which may have shown what this experiment has no use for.
    void showAgain();

Q_SIGNALS:
    /// One sentence: something that a panel was asked to do could not be done.
    void failed(const QString& message);

private:
    void addPanels();
    QDockWidget* add(const char* name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
    void showKind();
    QDockWidget& worthLooking() const;

    RunController& controller_;
    QMainWindow& window_;
    std::string shown_;  // kind and name of the experiment
    QTabWidget* centre_;
    ExperimentPanel* form_ = nullptr;
    QDockWidget* experiment_ = nullptr;
    QDockWidget* loss_ = nullptr;
    QDockWidget* measure_ = nullptr;
    QDockWidget* accuracy_ = nullptr;
    QDockWidget* spectrum_ = nullptr;
    QDockWidget* sharpness_ = nullptr;
    QDockWidget* compare_ = nullptr;
};

}  // namespace basin
