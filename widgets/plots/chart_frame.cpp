#include "widgets/plots/chart_frame.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QResizeEvent>
#include <algorithm>

#include "widgets/plots/theme.h"

namespace basin {

namespace {

// What Qt's legend adds to a name: the sample of the line and the gaps around it.
constexpr double kLegendMarker = 48;

bool same_ticks(const Ticks& a, const Ticks& b)
{
    return std::equal(
        a.major.begin(), a.major.end(), b.major.begin(), b.major.end(),
        [](const Ticks::Tick& one, const Ticks::Tick& two) { return one.at == two.at && one.label == two.label; });
}

}  // namespace

class ChartFrame::Charts {
public:
    Charts() : chart(new QChart), x(new QCategoryAxis), y(new QCategoryAxis)
    {
        chart->setAnimationOptions(QChart::NoAnimation);
        chart->setBackgroundRoundness(0);
        chart->setMargins(QMargins(4, 2, 8, 2));
        chart->layout()->setContentsMargins(0, 0, 0, 0);
        chart->legend()->setAlignment(Qt::AlignTop);
        chart->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
        chart->legend()->setContentsMargins(0, 0, 0, 0);
        for (QCategoryAxis* axis : {x, y}) {
            axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
            axis->setTruncateLabels(false);
        }
        chart->addAxis(x, Qt::AlignBottom);
        chart->addAxis(y, Qt::AlignLeft);
    }

    static void set(QCategoryAxis* axis, Axis& current, const Axis& wanted)
    {
        if (!same_ticks(current.ticks, wanted.ticks) || current.range != wanted.range) {
            for (const QString& label : axis->categoriesLabels()) {
                axis->remove(label);
            }
            axis->setRange(wanted.range.low, wanted.range.high);
            axis->setStartValue(wanted.range.low);
            for (const Ticks::Tick& tick : wanted.ticks.major) {
                axis->append(tick.label, tick.at);
            }
        }
        if (axis->titleText() != wanted.title) {
            axis->setTitleText(wanted.title);
        }
        current = wanted;
    }

    // Half of the last label of the x-axis stands out to the right of the plot.
    void make_room()
    {
        const QFontMetrics metrics(x->labelsFont());
        int room = 8;
        if (!x_now.ticks.major.empty()) {
            const Ticks::Tick& last = x_now.ticks.major.back();
            const double inside = (x_now.range.high - last.at) / x_now.range.span() * chart->plotArea().width();
            const double half = 0.5 * metrics.horizontalAdvance(last.label) + 4;
            room = std::max(room, static_cast<int>(half - inside));
        }
        const QMargins margins(4, legend_shown ? 2 : 10, room, 2);
        if (chart->margins() != margins) {
            chart->setMargins(margins);
        }
    }

    // All names or none: Qt's legend leaves the names out one by one where there is no room.
    void show_legend(double width)
    {
        const QFontMetrics metrics(chart->legend()->font());
        double needed = 0;
        for (const LegendEntry& entry : legend) {
            needed += kLegendMarker + metrics.horizontalAdvance(entry.label);
        }
        legend_shown = !legend.empty() && needed < width;
        chart->legend()->setVisible(legend_shown);
    }

    QChart* chart;
    QCategoryAxis* x;
    QCategoryAxis* y;
    Axis x_now;
    Axis y_now;
    std::vector<LegendEntry> legend;
    std::vector<QLineSeries*> series;
    QColor faded;
    QColor text;
    bool legend_shown = false;

    void style_markers()
    {
        for (std::size_t i = 0; i < series.size(); ++i) {
            for (QLegendMarker* marker : chart->legend()->markers(series[i])) {
                marker->setLabelBrush(legend[i].visible ? text : faded);
            }
        }
    }
};

ChartFrame::ChartFrame(QWidget* parent) : QGraphicsView(parent), charts_(std::make_unique<Charts>())
{
    setObjectName(QStringLiteral("chartFrame"));
    setScene(new QGraphicsScene(this));
    scene()->addItem(charts_->chart);
    scene()->setItemIndexMethod(QGraphicsScene::NoIndex);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setRenderHint(QPainter::Antialiasing);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    QObject::connect(charts_->chart, &QChart::plotAreaChanged, this, [this] { Q_EMIT plotAreaChanged(); });
    apply(Theme::of(*this));
}

ChartFrame::~ChartFrame() = default;

QRectF ChartFrame::plot_area() const
{
    return charts_->chart->mapRectToScene(charts_->chart->plotArea());
}

void ChartFrame::add_layer(QGraphicsItem* layer)
{
    layer->setParentItem(charts_->chart);
    layer->setZValue(50);  // series are at 40 in Qt Charts, its legend above 200
}

void ChartFrame::set_axes(const Axis& x, const Axis& y)
{
    Charts::set(charts_->x, charts_->x_now, x);
    Charts::set(charts_->y, charts_->y_now, y);
    charts_->make_room();
}

void ChartFrame::set_legend(const std::vector<LegendEntry>& entries)
{
    const bool same =
        std::equal(entries.begin(), entries.end(), charts_->legend.begin(), charts_->legend.end(),
                   [](const LegendEntry& a, const LegendEntry& b) {
                       return a.label == b.label && a.style.color == b.style.color && a.style.dashes == b.style.dashes;
                   });
    charts_->legend = entries;
    if (!same) {
        charts_->chart->removeAllSeries();
        charts_->series.clear();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            auto* line = new QLineSeries;
            line->setName(entries[i].label);
            line->setPen(entries[i].style.pen(2.5));
            charts_->chart->addSeries(line);
            charts_->series.push_back(line);
            for (QLegendMarker* marker : charts_->chart->legend()->markers(line)) {
                QObject::connect(marker, &QLegendMarker::clicked, this,
                                 [this, i] { Q_EMIT legendClicked(static_cast<int>(i)); });
            }
        }
    }
    charts_->show_legend(width());
    charts_->make_room();
    charts_->style_markers();
}

void ChartFrame::apply(const Theme& theme)
{
    charts_->chart->setBackgroundBrush(theme.panel);
    charts_->chart->setBackgroundPen(Qt::NoPen);
    setBackgroundBrush(theme.panel);
    charts_->text = theme.text;
    charts_->faded = theme.axis;
    const QFont small = scaled_font(font(), 0.9);
    charts_->chart->legend()->setLabelColor(theme.text);
    charts_->chart->legend()->setFont(small);
    for (QCategoryAxis* axis : {charts_->x, charts_->y}) {
        axis->setLabelsColor(theme.muted);
        axis->setLabelsFont(small);
        axis->setTitleFont(small);
        axis->setTitleBrush(theme.muted);
        axis->setGridLineColor(theme.grid);
        axis->setLinePen(QPen(theme.axis, 1));
    }
    charts_->style_markers();
}

void ChartFrame::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    const QRectF all(QPointF(0, 0), QSizeF(viewport()->size()));
    setSceneRect(all);
    charts_->chart->setGeometry(all);
    charts_->show_legend(all.width());
    charts_->make_room();
}

}  // namespace basin
