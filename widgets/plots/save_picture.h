// Everything drawn can be saved.
#pragma once

#include <QByteArray>
#include <QString>
#include <functional>

class QWidget;

namespace basin {

/// Saves what `widget` shows as PNG (at twice its pixels, for slides) or, where Qt's SVG module was built in, as SVG;
/// the file's ending decides. Empty when it went well, else one sentence for the window.
QString save_picture(QWidget& widget, const QString& path);

/// What a plot's save() does: `table` where the name ends in .csv, else the picture.
QString save_plot(QWidget& widget, const std::function<QByteArray()>& table, const QString& path);

/// What a plot's "Save as …" does: asks where to, beginning in the folder of the last time and with `name` (without an
/// ending), and saves. The ending follows the kind of file that was chosen. Empty when it went well or was given up,
/// else one sentence.
QString save_plot_as(QWidget& widget, const std::function<QByteArray()>& table, const QString& title,
                     const QString& name);

/// A cell of a table that may hold commas and quotes.
QByteArray csv_quoted(const QString& text);

/// Writes `text` whole or not at all (a temporary file is renamed). Empty when it went well, else one sentence.
QString save_text(const QByteArray& text, const QString& path);

}  // namespace basin
