#include "widgets/plots/theme.h"

#include <QApplication>
#include <QStyle>
#include <QVariant>
#include <QWidget>
#include <algorithm>

#include "widgets/plots/field_style.h"

namespace basin {

namespace {

constexpr const char* kFirstFont = "basin_first_font_size";

Theme make(bool dark)
{
    Theme theme;
    theme.dark = dark;
    const auto pick = [dark](QRgb light, QRgb night) { return QColor::fromRgb(dark ? night : light); };
    theme.window = pick(0xfff1f3f6, 0xff15181d);
    theme.panel = pick(0xffffffff, 0xff1c2027);
    theme.text = pick(0xff1d2229, 0xffe6e9ef);
    theme.muted = pick(0xff596270, 0xff9aa5b4);
    theme.grid = pick(0xffe4e7ec, 0xff2d333d);
    theme.axis = pick(0xff8a93a0, 0xff66707f);
    theme.accent = pick(0xff1f6fd6, 0xff5aa2ff);
    theme.good = pick(0xff1a7f4b, 0xff3fc583);
    theme.warn = pick(0xff9a6500, 0xffe8b23a);
    theme.bad = pick(0xffc0312b, 0xffff7468);
    return theme;
}

}  // namespace

const Theme& Theme::light()
{
    static const Theme theme = make(false);
    return theme;
}

const Theme& Theme::night()
{
    static const Theme theme = make(true);
    return theme;
}

const Theme& Theme::of(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightnessF() < 0.5F ? night() : light();
}

const Theme& Theme::of(const QWidget& widget)
{
    return of(widget.palette());
}

const Theme& Theme::of(ThemeChoice choice, const QPalette& system)
{
    switch (choice) {
        case ThemeChoice::light:
            return light();
        case ThemeChoice::dark:
            return night();
        case ThemeChoice::system:
            break;
    }
    return of(system);
}

QPalette Theme::palette() const
{
    QPalette palette;
    const QColor button = dark ? panel.lighter(135) : QColor::fromRgb(0xfff7f8fa);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, panel);
    palette.setColor(QPalette::AlternateBase, dark ? panel.lighter(115) : QColor::fromRgb(0xfff6f8fa));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::PlaceholderText, muted);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, bad);
    palette.setColor(QPalette::ToolTipBase, dark ? panel.lighter(150) : QColor::fromRgb(0xfffdfdf5));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, dark ? QColor::fromRgb(0xff0b0d10) : QColor(Qt::white));
    palette.setColor(QPalette::Link, accent);
    palette.setColor(QPalette::LinkVisited, accent);
    // What Fusion derives its frames and grooves from.
    palette.setColor(QPalette::Light, dark ? panel.lighter(160) : QColor(Qt::white));
    palette.setColor(QPalette::Midlight, dark ? panel.lighter(140) : window);
    palette.setColor(QPalette::Mid, dark ? panel.lighter(125) : grid.darker(115));
    palette.setColor(QPalette::Dark, dark ? window.darker(130) : grid.darker(130));
    palette.setColor(QPalette::Shadow, dark ? QColor(Qt::black) : grid.darker(180));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        QColor faded = muted;
        faded.setAlphaF(0.65F);
        palette.setColor(QPalette::Disabled, role, faded);
    }
    return palette;
}

void apply_theme(QApplication& application, const Theme& theme, double scale)
{
    // Fusion is the one style that follows a palette everywhere.
    if (qobject_cast<FieldStyle*>(QApplication::style()) == nullptr) {
        QApplication::setStyle(new FieldStyle);
    }
    QApplication::setPalette(theme.palette());
    QFont font = QApplication::font();
    QVariant first = application.property(kFirstFont);
    if (!first.isValid()) {
        first = font.pointSizeF() > 0 ? font.pointSizeF() : 10.0;
        application.setProperty(kFirstFont, first);
    }
    font.setPointSizeF(std::clamp(first.toDouble() * scale, 6.0, 48.0));
    QApplication::setFont(font);
}

QFont scaled_font(const QFont& font, double scale, bool bold)
{
    QFont result = font;
    if (font.pointSizeF() > 0) {
        result.setPointSizeF(font.pointSizeF() * scale);
    } else {
        result.setPixelSize(std::max(1, static_cast<int>(font.pixelSize() * scale)));
    }
    result.setBold(bold);
    return result;
}

}  // namespace basin
