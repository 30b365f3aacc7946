#include "widgets/plots/field_style.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

#include "widgets/plots/theme.h"

namespace basin {

namespace {

constexpr double kRound = 2;  // as Fusion has it
constexpr float kDisabled = 0.5F;

/// Over the outline that Fusion has drawn, but for the one that shows the focus.
void outline(const QStyleOption& option, QPainter* painter, double round)
{
    const Theme& theme = Theme::of(option.palette);
    if (!theme.dark || (option.state & QStyle::State_HasFocus) != 0) {
        return;
    }
    QColor color = theme.axis;
    color.setAlphaF((option.state & QStyle::State_Enabled) != 0 ? 1 : kDisabled);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(color, 1));
    painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), round, round);
    painter->restore();
}

/// The sign for "what is left over is here".
void draw_more(const QStyleOption& option, QPainter* painter)
{
    constexpr double kArm = 3;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(option.palette.color(QPalette::ButtonText), 1.3));
    const QPointF middle = QRectF(option.rect).center();
    for (const double x : {-0.5 * kArm, 0.5 * kArm}) {
        const QPointF tip = middle + QPointF(x + 0.5 * kArm, 0);
        painter->drawPolyline(QPolygonF({tip + QPointF(-kArm, -kArm), tip, tip + QPointF(-kArm, kArm)}));
    }
    painter->restore();
}

}  // namespace

FieldStyle::FieldStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void FieldStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element == PE_FrameLineEdit || element == PE_IndicatorCheckBox) {
        outline(*option, painter, element == PE_FrameLineEdit ? kRound : 0);
    }
}

void FieldStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                    const QWidget* widget) const
{
    const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
    if (control == CC_ToolButton && button != nullptr && widget != nullptr &&
        widget->objectName() == QLatin1String("qt_toolbar_ext_button")) {
        QStyleOptionToolButton bare = *button;
        bare.icon = QIcon();  // a picture, dark in every theme
        QProxyStyle::drawComplexControl(control, &bare, painter, widget);
        draw_more(*button, painter);
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    if (control == CC_SpinBox && box != nullptr && box->frame) {
        outline(*option, painter, kRound);
    }
}

}  // namespace basin
