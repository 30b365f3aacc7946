#include "app/message_bar.h"

#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "widgets/forms/icons.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {
// How much of the warning colour the bar takes: enough to be seen, with text still at full contrast.
constexpr double kTint = 0.18;
constexpr int kSign = 18;

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](float x, float y) { return x + (y - x) * static_cast<float>(share); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}
}  // namespace

MessageBar::MessageBar(QWidget* parent) : QFrame(parent), sign_(new QLabel), text_(new QLabel), more_(new QLabel)
{
    setObjectName(QStringLiteral("messageBar"));
    setAutoFillBackground(true);
    text_->setObjectName(QStringLiteral("messageText"));
    more_->setObjectName(QStringLiteral("messageCount"));
    text_->setWordWrap(true);
    text_->setTextFormat(Qt::PlainText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* close = new QToolButton;
    close->setObjectName(QStringLiteral("closeMessage"));
    close->setIcon(icon(Icon::close));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 6);
    layout->setSpacing(10);
    layout->addWidget(sign_);
    layout->addWidget(text_, 1);
    layout->addWidget(more_);
    layout->addWidget(close);
    connect(close, &QToolButton::clicked, this, &MessageBar::clear);
    recolor();
    hide();
}

QString MessageBar::text() const
{
    return isHidden() ? QString() : text_->text();
}

void MessageBar::tell(const QString& sentence)
{
    if (sentence.isEmpty() || (sentence == text_->text() && !isHidden())) {
        return;
    }
    ++count_;
    text_->setText(sentence);
    more_->setVisible(count_ > 1);
    more_->setText(tr("%1 messages").arg(count_));
    show();
}

void MessageBar::clear()
{
    count_ = 0;
    text_->clear();
    hide();
}

void MessageBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    // The application's own event reaches top-level windows only.
    if (event->type() == QEvent::PaletteChange) {
        recolor();
    }
}

void MessageBar::recolor()
{
    const Theme& theme = Theme::of(QGuiApplication::palette());
    sign_->setPixmap(icon(Icon::warning).pixmap(QSize(kSign, kSign), devicePixelRatioF()));
    const QColor ground = mixed(theme.panel, theme.warn, kTint);
    if (palette().color(QPalette::Window) != ground) {  // setting it is itself a change of the palette
        QPalette colors;  // this role alone, so that the others follow the theme and changes of it arrive here
        colors.setColor(QPalette::Window, ground);
        setPalette(colors);
    }
}

}  // namespace basin
