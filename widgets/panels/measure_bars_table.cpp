// The bars as numbers, and how they are saved.
#include <QContextMenuEvent>
#include <QMenu>
#include <cmath>

#include "core/catalog/params.h"
#include "widgets/panels/measure_bars.h"
#include "widgets/plots/save_picture.h"

namespace basin {

namespace {

QByteArray number(double value)
{
    return std::isfinite(value) ? QByteArray::fromStdString(format_number(value)) : QByteArray();
}

}  // namespace

QByteArray MeasureBars::table() const
{
    QByteArray text = "lane,step,quantity,value,error,pi_u,pi_v,pi_g,floor\n";
    for (const MeasureRow& row : rows_) {
        if (!row.visible || !row.newest.measured) {
            continue;
        }
        const LaneMeasure& newest = row.newest;
        const QByteArray head = csv_quoted(row.label) + ',' + QByteArray::number(qulonglong(newest.step)) + ',';
        for (std::size_t i = 0; i < newest.basins.size(); ++i) {
            const BasinShare& basin = newest.basins[i];
            text += head + csv_quoted(QStringLiteral("share in the ") + basins_.value(static_cast<qsizetype>(i))) +
                    ',' + number(basin.share.value) + ',' + number(basin.share.error) + ',';
            for (const double target : basin.target) {
                text += number(target) + ',';
            }
            text += '\n';
        }
        for (const auto& [name, distances] : {std::pair("θ₁", &newest.x), std::pair("θ₂", &newest.y)}) {
            for (std::size_t k = 0; k < kMeasures; ++k) {
                const MeasureDistance& distance = (*distances)[k];
                text += head + csv_quoted(QStringLiteral("W1 of %1 to %2").arg(name, measure_symbol(k))) + ',' +
                        number(distance.w1.value) + ',' + number(distance.w1.error) + ",,,," + number(distance.floor) +
                        '\n';
            }
        }
    }
    return text;
}

QString MeasureBars::save(const QString& path)
{
    return save_plot(
        *this, [this] { return table(); }, path);
}

void MeasureBars::saveAs()
{
    const QString problem = save_plot_as(
        *this, [this] { return table(); }, QStringLiteral("Save measure"), QStringLiteral("measure"));
    if (!problem.isEmpty()) {
        Q_EMIT saveFailed(problem);
    }
}

void MeasureBars::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    connect(menu.addAction(QStringLiteral("Save as …")), &QAction::triggered, this, &MeasureBars::saveAs);
    menu.exec(event->globalPos());
}

}  // namespace basin
