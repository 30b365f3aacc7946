#include "widgets/forms/notice_label.h"

#include <QApplication>
#include <QEvent>

#include "widgets/plots/theme.h"

namespace basin {

namespace {
constexpr double kSmaller = 0.9;
}  // namespace

NoticeLabel::NoticeLabel(Kind kind, const QString& text, QWidget* parent) : QLabel(text, parent), kind_(kind)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    recolor();
}

void NoticeLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    // The application's own event reaches top-level windows only; a label inside one hears of its palette and font.
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ApplicationFontChange ||
        event->type() == QEvent::PaletteChange) {
        recolor();
    }
}

void NoticeLabel::recolor()
{
    const Theme& theme = Theme::of(QApplication::palette());
    const QColor color = kind_ == Kind::muted ? theme.muted : kind_ == Kind::warn ? theme.warn : theme.bad;
    if (palette().color(QPalette::WindowText) != color) {  // setting it is itself a change of the palette
        QPalette colors;
        colors.setColor(QPalette::WindowText, color);
        colors.setColor(QPalette::Text, color);
        setPalette(colors);
    }
    setFont(scaled_font(QApplication::font(), kSmaller));
}

}  // namespace basin
