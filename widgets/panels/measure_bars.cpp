#include "widgets/panels/measure_bars.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/plots/lane_style.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

constexpr double kSide = 10;
constexpr double kGap = 8;
constexpr double kMark = 4.5;  // half the size of a measure's sign

// Each measure has a sign of its own: a triangle for the loss, a diamond for the paper's, a disc for the smoothed loss.
void draw_sign(QPainter& painter, QPointF at, std::size_t measure, const Theme& theme)
{
    painter.setPen(QPen(theme.text, 1.3));
    painter.setBrush(measure == 2 ? theme.text : theme.panel);
    if (measure == 0) {
        painter.drawPolygon(
            QPolygonF({at + QPointF(-kMark, -kMark), at + QPointF(kMark, -kMark), at + QPointF(0, kMark)}));
    } else if (measure == 1) {
        painter.drawPolygon(QPolygonF({at + QPointF(0, -kMark - 1), at + QPointF(kMark, 0), at + QPointF(0, kMark + 1),
                                       at + QPointF(-kMark, 0)}));
    } else {
        painter.drawEllipse(at, kMark - 0.5, kMark - 0.5);
    }
}

QString share_text(const Measured& share)
{
    return share.known() ? percent_text(share.value) : QStringLiteral("–");
}

QString distance_text(const MeasureDistance& distance)
{
    if (!distance.w1.known()) {
        return QStringLiteral("–");
    }
    const int decimals = distance.w1.value < 0.0995 ? 4 : 3;
    QString text = fixed_text(distance.w1.value, decimals);
    if (std::isfinite(distance.w1.error)) {
        text += QStringLiteral(" ± ") + fixed_text(distance.w1.error, decimals);
    }
    return text;
}

}  // namespace

MeasureBars::MeasureBars(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("measureBars"));
    setAccessibleName(QStringLiteral("Shares of particles and distances to the measures"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void MeasureBars::set_rows(std::vector<MeasureRow> rows, QStringList basins)
{
    // The height depends on what is known of a lane, not on how many lanes there are alone.
    const int before = heightForWidth(width());
    rows_ = std::move(rows);
    basins_ = std::move(basins);
    if (heightForWidth(width()) != before) {
        updateGeometry();
    }
    update();
}

void MeasureBars::set_coordinate(Coordinate coordinate)
{
    coordinate_ = coordinate;
    update();
}

double MeasureBars::label_width(double width) const
{
    const QFontMetricsF metrics(font());
    double widest = 0;
    for (const MeasureRow& row : rows_) {
        widest = std::max(widest, metrics.horizontalAdvance(row.label));
    }
    return std::min(widest, 0.32 * width) + 4;
}

double MeasureBars::heading(QPainter* painter, double y, double width, const QString& text) const
{
    const QFont bold = scaled_font(font(), 1, true);
    const QFontMetricsF metrics(bold);
    const QRectF room(kSide, y + 7, width - 2 * kSide, 1000);
    const QRectF needed = metrics.boundingRect(room, Qt::TextWordWrap, text);
    if (painter != nullptr) {
        painter->setFont(bold);
        painter->setPen(Theme::of(*this).text);
        painter->drawText(room, Qt::TextWordWrap, text);
        painter->setFont(font());
    }
    return 7 + needed.height() + 2;
}

double MeasureBars::share_row(QPainter* painter, double y, double width, const MeasureRow& row,
                              const BasinShare& basin) const
{
    const QFontMetricsF metrics(font());
    const double height = std::max(metrics.height() + 5, 20.0);
    if (painter == nullptr) {
        return height;
    }
    const Theme& theme = Theme::of(*this);
    const double label = label_width(width);
    const double value = metrics.horizontalAdvance(QStringLiteral("100.0 %")) + 2;
    const QRectF bar(kSide + label + kGap, y + 3, width - 2 * kSide - label - value - 2 * kGap, height - 6);
    painter->setPen(theme.text);
    painter->drawText(QRectF(kSide, y, label, height), Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(row.label, Qt::ElideRight, label));
    painter->drawText(QRectF(width - kSide - value, y, value, height), Qt::AlignRight | Qt::AlignVCenter,
                      share_text(basin.share));
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.grid);
    painter->drawRoundedRect(bar, 2, 2);
    if (basin.share.known()) {
        painter->setBrush(lane_style(row.style, theme.dark).color);
        painter->drawRoundedRect(
            QRectF(bar.left(), bar.top(), bar.width() * std::clamp(basin.share.value, 0.0, 1.0), bar.height()), 2, 2);
    }
    for (std::size_t k = 0; k < kMeasures; ++k) {
        if (std::isfinite(basin.target[k])) {
            draw_sign(*painter, QPointF(bar.left() + basin.target[k] * bar.width(), bar.center().y()), k, theme);
        }
    }
    return height;
}

double MeasureBars::distance_row(QPainter* painter, double y, double width, const MeasureRow& row,
                                 const MeasureDistance& distance, double longest) const
{
    const QFontMetricsF metrics(font());
    const double height = std::max(metrics.height() + 5, 20.0);
    if (painter == nullptr) {
        return height;
    }
    const Theme& theme = Theme::of(*this);
    const double label = label_width(width);
    const QString reached = QStringLiteral("● reached");
    const double light = metrics.horizontalAdvance(reached) + 4;
    const double value = metrics.horizontalAdvance(QStringLiteral("0.0000 ± 0.0000")) + 2;
    const QRectF bar(kSide + label + kGap, y + 5, width - 2 * kSide - label - value - light - 3 * kGap, height - 10);
    painter->setPen(theme.text);
    painter->drawText(QRectF(kSide, y, label, height), Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(row.label, Qt::ElideRight, label));
    painter->drawText(QRectF(width - kSide - value - light - kGap, y, value, height), Qt::AlignRight | Qt::AlignVCenter,
                      distance_text(distance));
    if (!distance.w1.known()) {
        return height;
    }
    if (distance.reached()) {
        painter->setPen(theme.good);
        painter->drawText(QRectF(width - kSide - light, y, light, height), Qt::AlignRight | Qt::AlignVCenter, reached);
    }
    if (bar.width() < 24) {
        return height;  // the number says it all
    }
    const auto x = [&](double w1) { return bar.left() + std::clamp(w1 / longest, 0.0, 1.0) * bar.width(); };
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.grid);
    painter->drawRoundedRect(bar, 2, 2);
    painter->setBrush(lane_style(row.style, theme.dark).color);
    painter->drawRoundedRect(QRectF(bar.left(), bar.top(), x(distance.w1.value) - bar.left(), bar.height()), 2, 2);
    if (std::isfinite(distance.floor)) {
        painter->setPen(QPen(theme.text, 1.5));
        const double at = x(distance.floor + 2 * distance.floor_deviation);
        painter->drawLine(QPointF(at, bar.top() - 2), QPointF(at, bar.bottom() + 2));
    }
    return height;
}

double MeasureBars::arrange(double width, QPainter* painter) const
{
    const Theme& theme = Theme::of(*this);
    const QFontMetricsF metrics(font());
    const auto shown = [](const MeasureRow& row) { return row.visible && row.newest.measured; };
    if (std::none_of(rows_.begin(), rows_.end(), shown)) {
        const QString text = QStringLiteral("Shares and distances appear here with the first measurement.");
        const QRectF room(kSide, 12, width - 2 * kSide, 1000);
        if (painter != nullptr) {
            painter->setPen(theme.muted);
            painter->drawText(room, Qt::TextWordWrap | Qt::AlignHCenter, text);
        }
        return metrics.boundingRect(room, Qt::TextWordWrap, text).height() + 24;
    }
    double y = 0;
    y += heading(painter, y, width, QStringLiteral("Share of the particles in each basin"));
    // The signs, each with its name.
    double x = kSide + kMark;
    if (painter != nullptr) {
        for (std::size_t k = 0; k < kMeasures; ++k) {
            draw_sign(*painter, QPointF(x + 1, y + 0.5 * metrics.height()), k, theme);
            painter->setPen(theme.muted);
            const QString name = measure_symbol(k) + QStringLiteral(" would have");
            painter->drawText(QPointF(x + 10, y + metrics.ascent()), k == 2 ? name : measure_symbol(k));
            x += 10 + metrics.horizontalAdvance(measure_symbol(k)) + 14;
        }
    }
    y += metrics.height() + 3;
    for (qsizetype i = 0; i < basins_.size(); ++i) {
        if (painter != nullptr) {
            painter->setPen(theme.muted);
            painter->drawText(QPointF(kSide, y + metrics.ascent() + 2), basins_[i]);
        }
        y += metrics.height() + 2;
        for (const MeasureRow& row : rows_) {
            if (shown(row) && static_cast<std::size_t>(i) < row.newest.basins.size()) {
                y += share_row(painter, y, width, row, row.newest.basins[static_cast<std::size_t>(i)]);
            }
        }
    }
    double longest = 0;
    const auto distances = [this](const MeasureRow& row) -> const auto&
    {
        return coordinate_ == Coordinate::x ? row.newest.x : row.newest.y;
    };
    for (const MeasureRow& row : rows_) {
        for (const MeasureDistance& distance : distances(row)) {
            if (shown(row) && distance.w1.known()) {
                longest = std::max(longest, distance.w1.value);
            }
        }
    }
    for (std::size_t k = 0; k < kMeasures; ++k) {
        y += heading(painter, y + 3, width,
                     QStringLiteral("Distance W1 of %1 to %2")
                         .arg(coordinate_ == Coordinate::x ? QStringLiteral("θ₁") : QStringLiteral("θ₂"),
                              measure_name(k))) +
             3;
        for (const MeasureRow& row : rows_) {
            if (shown(row)) {
                y += distance_row(painter, y, width, row, distances(row)[k], longest > 0 ? longest : 1);
            }
        }
    }
    const QString foot = QStringLiteral(
        "The line on a bar is the sampling floor: as many independent draws of the measure "
        "stay below it 97 times in 100. Inside it, the measure is reached.");
    const QRectF room(kSide, y + 6, width - 2 * kSide, 1000);
    if (painter != nullptr) {
        painter->setPen(theme.muted);
        painter->drawText(room, Qt::TextWordWrap, foot);
    }
    return y + 6 + metrics.boundingRect(room, Qt::TextWordWrap, foot).height() + 8;
}

int MeasureBars::heightForWidth(int width) const
{
    return static_cast<int>(std::ceil(arrange(width, nullptr)));
}

QSize MeasureBars::sizeHint() const
{
    return {360, heightForWidth(360)};
}

QSize MeasureBars::minimumSizeHint() const
{
    const QFontMetricsF metrics(font());
    const int width = static_cast<int>(
        metrics.horizontalAdvance(QStringLiteral("SGLD mmmm 0.0000 ± 0.0000 ● reached")) + 2 * kSide + 3 * kGap);
    return {width, heightForWidth(std::max(width, this->width()))};
}

void MeasureBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    painter.fillRect(rect(), Theme::of(*this).panel);
    arrange(width(), &painter);
}

bool MeasureBars::event(QEvent* event)
{
    if (event->type() == QEvent::FontChange) {
        updateGeometry();
    }
    return QWidget::event(event);
}

}  // namespace basin
