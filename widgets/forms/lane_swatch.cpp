#include "widgets/forms/lane_swatch.h"

#include <QPainter>

#include "widgets/plots/lane_style.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {
constexpr int kWidth = 26;
constexpr int kHeight = 16;
constexpr double kThickness = 3;
}  // namespace

LaneSwatch::LaneSwatch(int style, QWidget* parent) : QWidget(parent), style_(style)
{
    setFixedSize(kWidth, kHeight);
}

void LaneSwatch::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(lane_style(style_, Theme::of(*this).dark).pen(kThickness));
    const double middle = height() / 2.0;
    painter.drawLine(QPointF(2, middle), QPointF(width() - 2.0, middle));
}

}  // namespace basin
