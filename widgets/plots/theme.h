// The window's colours and fonts, light or dark; everything that paints asks here.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

class QApplication;
class QWidget;

namespace basin {

enum class ThemeChoice { system, light, dark };

/// Colours of one appearance. A value. Widgets need not be told which one is in force: `Theme::of(*this)` reads it
/// off the widget's palette, so setting the application's palette (apply_theme) changes everything, and a widget that
/// caches pictures drops them on QEvent::PaletteChange.
struct Theme {
    bool dark = false;
    QColor window;  // behind panels
    QColor panel;   // behind charts, forms and tables
    QColor text;    // contrast to panel at least 7
    QColor muted;   // axis labels, second-rate text: at least 4.5
    QColor grid;    // lines that must not compete with data
    QColor axis;    // axis lines and ticks
    QColor accent;  // selection, focus, links
    QColor good;    // lights, with a word or a sign beside them
    QColor warn;
    QColor bad;

    static const Theme& light();
    static const Theme& night();
    /// By the lightness of the palette's base colour.
    static const Theme& of(const QPalette& palette);
    static const Theme& of(const QWidget& widget);
    /// `system` is resolved with the palette that the platform gave the application before it was changed.
    static const Theme& of(ThemeChoice choice, const QPalette& system);

    QPalette palette() const;
};

/// Sets the style, palette and font of the whole application. `scale` multiplies the font size: 1 is the platform's,
/// presentation mode uses about 1.5.
void apply_theme(QApplication& application, const Theme& theme, double scale = 1.0);

/// A font of the widget's family at `scale` times its size.
QFont scaled_font(const QFont& font, double scale, bool bold = false);

}  // namespace basin
