// Edges of what is written and ticked in.
#pragma once

#include <QProxyStyle>

namespace basin {

/// Fusion, whose outlines are darker than the window: on a dark one nobody sees where a field or an empty box is. There
/// the outlines have the colour of axes, whose contrast is 3, and a tool bar's button for what has no room in it that
/// of text. Window's thread only.
class FieldStyle : public QProxyStyle {
    Q_OBJECT

public:
    FieldStyle();
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
};

}  // namespace basin
