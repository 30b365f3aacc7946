// What is wrong with the texts that a window shows.
#pragma once

#include <QStringList>

class QWidget;

namespace basin {

class MainWindow;

/// Adds a sentence for every text of the widget that is elided, cut off or written over another.
void look_at(QWidget* widget, QStringList& faults);

/// A dock behind others in a stack of tabs is "visible" somewhere outside of the window.
bool stands_behind(const QWidget* widget);

/// All of the window that is to be seen: texts, cells of tables, and controls that stand out of what holds them.
QStringList faults_of(MainWindow& window);

}  // namespace basin
