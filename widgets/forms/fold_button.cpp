#include "widgets/forms/fold_button.h"

#include <QStyleOptionToolButton>
#include <QStylePainter>

namespace basin {

FoldButton::FoldButton(QWidget* parent) : QToolButton(parent)
{
    setCheckable(true);
    setAutoRaise(true);
    setArrowType(Qt::RightArrow);
    connect(this, &QToolButton::toggled, this,
            [this](bool open) { setArrowType(open ? Qt::DownArrow : Qt::RightArrow); });
}

void FoldButton::paintEvent(QPaintEvent* /*event*/)
{
    QStyleOptionToolButton option;
    initStyleOption(&option);
    option.state &= ~(QStyle::State_On | QStyle::State_Sunken);
    if (!underMouse()) {
        option.state &= ~QStyle::State_Raised;
    }
    QStylePainter painter(this);
    painter.drawComplexControl(QStyle::CC_ToolButton, option);
}

}  // namespace basin
