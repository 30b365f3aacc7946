// Everything drawn can be saved.
#pragma once

#include <QString>

class QWidget;

namespace basin {

/// Saves what `widget` shows as PNG (at twice its pixels, for slides) or, where Qt's SVG module was built in, as SVG;
/// the file's ending decides. Empty when it went well, else one sentence for the window.
QString save_picture(QWidget& widget, const QString& path);

/// File filters for a save dialog: pictures, and "CSV" where `table` is set.
QString picture_filters(bool table);

/// Writes `text` whole or not at all (a temporary file is renamed). Empty when it went well, else one sentence.
QString save_text(const QByteArray& text, const QString& path);

}  // namespace basin
