#include "widgets/plots/chart_frame.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QPainter>
#include <QResizeEvent>
#include <algorithm>
#include <utility>

#include "widgets/plots/theme.h"

namespace basin {

namespace {

// What Qt's legend adds to a name: the sample of the line and the gaps around it.
constexpr double kLegendMarker = 48;
// The least of it, where a title stands before the names, and what is around all of them.
constexpr double kTightMarker = 30;
constexpr double kLegendRoom = 18;
// Around a title Qt Charts wants some room too.
constexpr double kTitleRoom = 12;
// Qt Charts gives an axis with labels and title this share of the height at most, and cuts the title else.
constexpr double kAxisShare = 0.4;
constexpr float kInnerOpacity = 0.75F;

bool same_ticks(const Ticks& a, const Ticks& b)
{
    return std::equal(
        a.major.begin(), a.major.end(), b.major.begin(), b.major.end(),
        [](const Ticks::Tick& one, const Ticks::Tick& two) { return one.at == two.at && one.label == two.label; });
}

/// Titles of axes that have no room anywhere else, in the corners of the plot where curves are rarest: y above, x
/// below; and that of y in the line of the legend.
class InnerTitles : public QGraphicsItem {
public:
    using QGraphicsItem::QGraphicsItem;

    QRectF area;
    QRectF line;  // over the plot, for y; empty: it stands in the plot
    QString x;
    QString y;
    QFont font;
    const Theme* theme = &Theme::light();

    void changed()
    {
        prepareGeometryChange();
        update();
    }
    QRectF boundingRect() const override { return area | line; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) override
    {
        painter->setFont(font);
        const QFontMetricsF metrics(font);
        painter->setPen(theme->muted);
        if (!line.isEmpty()) {
            painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, y);
        }
        const auto write = [&](const QString& text, bool at_top) {
            if (text.isEmpty()) {
                return;
            }
            const QSizeF size(metrics.horizontalAdvance(text) + 6, metrics.height());
            const QPointF corner = at_top ? area.topLeft() + QPointF(3, 2)
                                          : area.bottomRight() - QPointF(size.width() + 3, size.height() + 2);
            const QRectF box(corner, size);
            QColor back = theme->panel;
            back.setAlphaF(kInnerOpacity);
            painter->fillRect(box, back);
            painter->drawText(box, Qt::AlignCenter, text);
        };
        write(line.isEmpty() ? y : QString(), true);
        write(x, false);
    }
};

}  // namespace

class ChartFrame::Charts {
public:
    Charts() : chart(new QChart), x(new QCategoryAxis), y(new QCategoryAxis), inner(new InnerTitles(chart))
    {
        inner->setZValue(60);  // over the layers
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
        const bool same = same_ticks(current.ticks, wanted.ticks) && current.range == wanted.range;
        current = wanted;
        if (!same) {
            for (const QString& label : axis->categoriesLabels()) {
                axis->remove(label);
            }
            axis->setRange(wanted.range.low, wanted.range.high);
            axis->setStartValue(wanted.range.low);
            for (const Ticks::Tick& tick : wanted.ticks.major) {
                axis->append(tick.label, tick.at);
            }
        }
    }

    static void set_title(QCategoryAxis* axis, const QString& title)
    {
        if (axis->titleText() != title) {
            axis->setTitleText(title);
        }
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
        room = std::max(room, static_cast<int>(side_room));
        const int top = legend_shown ? 2 : title_above ? QFontMetrics(y->titleFont()).height() + 4 : 10;
        const QMargins margins(4, top, room, 2);
        if (chart->margins() != margins) {
            chart->setMargins(margins);
        }
    }

    // In the legend's line, which begins after it, or where there are no names in one of its own. 0: nowhere.
    void put_title_above(double width)
    {
        const double left = chart->plotArea().left();
        const double names = legend_shown ? legend_width(kTightMarker) + kLegendRoom : 0;
        title_above = width > 0 && left + width + names < chart->size().width();
        // Qt's legend centres its names between its left edge and that of its right margin. At once: where the chart is
        // being laid out, later would be never.
        const double shift = title_above && legend_shown ? left + width : 0;
        if (shift != legend_shift) {
            legend_shift = shift;
            chart->legend()->setContentsMargins(0, 0, -shift, 0);
            chart->legend()->layout()->setGeometry(chart->legend()->contentsRect());
        }
        const double height = QFontMetricsF(y->titleFont()).height();
        const double middle = legend_shown ? chart->legend()->geometry().center().y() : 2 + 0.5 * height;
        inner->line = title_above ? QRectF(left, middle - 0.5 * height, width, height) : QRectF();
        make_room();
    }

    double legend_width(double marker) const
    {
        const QFontMetrics metrics(chart->legend()->font());
        double needed = 0;
        for (const LegendEntry& entry : legend) {
            needed += entry.label.isEmpty() ? 0 : marker + metrics.horizontalAdvance(entry.label);
        }
        return needed;
    }

    // All names or none: Qt's legend leaves the names out one by one where there is no room.
    void show_legend(double width)
    {
        const double needed = legend_width(kLegendMarker);
        legend_shown = needed > 0 && needed < width;
        chart->legend()->setVisible(legend_shown);
    }

    QChart* chart;
    QCategoryAxis* x;
    QCategoryAxis* y;
    Axis x_wanted;  // x_now may have its title in its last label
    Axis x_now;
    Axis y_now;
    std::vector<LegendEntry> legend;
    std::vector<QLineSeries*> series;
    QColor faded;
    QColor text;
    bool legend_shown = false;
    bool title_above = false;
    double legend_shift = 0;
    double side_room = 0;
    InnerTitles* inner = nullptr;

    void style_markers()
    {
        for (std::size_t i = 0; i < series.size(); ++i) {
            if (series[i] == nullptr) {
                continue;
            }
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
    QObject::connect(charts_->chart, &QChart::plotAreaChanged, this, [this] {
        place_titles();
        Q_EMIT plotAreaChanged();
    });
    apply(Theme::of(*this));
}

ChartFrame::~ChartFrame()
{
    charts_->chart->disconnect(this);  // the scene goes after what these connections look at
}

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
    charts_->x_wanted = x;
    Charts::set(charts_->y, charts_->y_now, y);
    place_titles();
    charts_->make_room();
}

void ChartFrame::place_titles()
{
    Charts& all = *charts_;
    const QFontMetricsF metrics(all.x->titleFont());
    const auto width = [&metrics](const QString& text) { return metrics.horizontalAdvance(text); };
    const double legend = all.legend_shown ? metrics.height() + 18 : 8;
    const bool below = 2 * metrics.height() + 16 < kAxisShare * (viewport()->height() - legend - 4);
    Axis x = all.x_wanted;
    if (!below && !x.ticks.major.empty()) {
        QString& last = x.ticks.major.back().label;
        last = std::exchange(x.title, {}) + QChar(QChar::Nbsp) + last;
    }
    Charts::set(all.x, all.x_now, x);
    Charts::set_title(all.x, below ? x.title : QString());
    const double height = plot_area().height() - kTitleRoom;
    const QString& title = all.y_now.title;
    const QString& brief = all.y_now.brief;
    const bool whole = width(title) < height;
    const bool beside = whole || (!brief.isEmpty() && width(brief) < height);
    Charts::set_title(all.y, whole ? title : beside ? brief : QString());
    all.inner->x = below ? QString() : x.title;
    all.inner->y = beside ? QString() : width(title) < 0.6 * plot_area().width() || brief.isEmpty() ? title : brief;
    all.inner->area = all.chart->plotArea();
    all.put_title_above(beside ? 0 : width(all.inner->y) + kTitleRoom);
    all.inner->font = all.x->titleFont();
    all.inner->changed();
}

// At least three labels are asked for, of which two are inside of nearly every range: fewer would be no scale.
int ChartFrame::x_labels(const QString& widest) const
{
    constexpr int kMost = 10;
    constexpr int kLeast = 3;
    constexpr int kBeside = 80;  // labels and title of the y-axis
    const QFontMetrics metrics(charts_->x->labelsFont());
    const double room = width() - kBeside - charts_->side_room;
    return std::clamp(static_cast<int>(room / metrics.horizontalAdvance(widest + QStringLiteral("    "))), kLeast,
                      kMost);
}

int ChartFrame::y_labels() const
{
    constexpr int kMost = 8;
    constexpr int kLeast = 3;
    constexpr int kAround = 70;  // legend, labels and title of the x-axis
    const QFontMetrics metrics(charts_->y->labelsFont());
    return std::clamp((height() - kAround) / (2 * metrics.height()), kLeast, kMost);
}

void ChartFrame::set_side_room(double width)
{
    charts_->side_room = width;
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
            if (entries[i].label.isEmpty()) {
                charts_->series.push_back(nullptr);
                continue;
            }
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
    charts_->inner->theme = theme.dark ? &Theme::night() : &Theme::light();
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
    Q_EMIT resized();
}

}  // namespace basin
