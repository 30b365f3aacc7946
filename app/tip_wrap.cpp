#include "app/tip_wrap.h"

#include <QHelpEvent>
#include <QMenu>
#include <QTextDocument>
#include <QToolTip>

namespace basin {

namespace {
// Characters; Qt gives wrapped text about as much room again.
constexpr qsizetype kLine = 60;
}  // namespace

QString wrapped_tip(const QString& tip)
{
    return tip.size() <= kLine || Qt::mightBeRichText(tip)
               ? tip
               : QStringLiteral("<qt>%1</qt>").arg(tip.toHtmlEscaped().replace('\n', QStringLiteral("<br>")));
}

bool TipWrap::eventFilter(QObject* watched, QEvent* event)
{
    auto* widget = event->type() == QEvent::ToolTip ? qobject_cast<QWidget*>(watched) : nullptr;
    if (widget == nullptr) {
        return false;
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    QString tip = widget->toolTip();
    if (const auto* menu = qobject_cast<const QMenu*>(widget)) {
        const QAction* action = menu->toolTipsVisible() ? menu->actionAt(help->pos()) : nullptr;
        tip = action != nullptr ? action->toolTip() : QString();
    }
    const QString wrapped = wrapped_tip(tip);
    if (tip.isEmpty() || wrapped == tip) {
        return false;
    }
    QToolTip::showText(help->globalPos(), wrapped, widget);
    return true;
}

}  // namespace basin
