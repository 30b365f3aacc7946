#include "widgets/plots/slice_chart.h"

#include <QGraphicsItem>
#include <QMenu>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/catalog/params.h"
#include "widgets/plots/chart_frame.h"
#include "widgets/plots/colour_bar.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/save_picture.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

// Narrower than this a plane needs the room of its colour bar itself.
constexpr double kBarFrom = 340;
constexpr double kNear = 8;  // px between the cursor and a point of a path that is read out

std::size_t nearest(const AxisRange& range, std::size_t count, double at)
{
    if (count < 2) {
        return 0;
    }
    const double share = std::clamp((at - range.low) / range.span(), 0.0, 1.0);
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(count - 1)));
}

double coordinate(const AxisRange& range, std::size_t count, std::size_t index)
{
    return count < 2 ? range.low
                     : range.low + range.span() * static_cast<double>(index) / static_cast<double>(count - 1);
}

}  // namespace

/// Stands beside the plot, where the layer may not paint.
class SliceChart::Bar : public QGraphicsItem {
public:
    explicit Bar(SliceLayer* layer) : layer_(layer) {}

    QString title;
    QString brief;
    QFont font;

    void changed()
    {
        prepareGeometryChange();
        update();
    }
    QRectF boundingRect() const override
    {
        const QRectF& plot = layer_->area();
        return {plot.right(), plot.top() - 8, colour_bar_width(font), plot.height() + 16};
    }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) override
    {
        painter->setFont(font);
        draw_colour_bar(*painter, colour_bar_place(layer_->area()), layer_->scale(), layer_->levels(), title, brief,
                        layer_->theme());
    }

private:
    SliceLayer* layer_;
};

SliceChart::SliceChart(QWidget* parent) : SliceChart(new SliceLayer, parent) {}

SliceChart::SliceChart(SliceLayer* layer, QWidget* parent)
    : Chart(layer, QStringLiteral("slice"), parent), layer_(layer), bar_(new Bar(layer))
{
    frame().add_layer(bar_);
    begin();
}

void SliceChart::set_scale_title(const QString& title, const QString& brief)
{
    bar_->title = title;
    bar_->brief = brief;
    bar_->update();
}

void SliceChart::set_slice(std::vector<SliceField> shown, std::vector<SliceField> known)
{
    known_ = std::move(known);
    layer_->set_fields(std::move(shown));
    show_legend();
    follow_data(false);
}

void SliceChart::set_paths(std::vector<SlicePath> paths)
{
    layer_->paths = std::move(paths);
    show_legend();
    follow_data(false);
}

void SliceChart::show_legend()
{
    std::vector<ChartFrame::LegendEntry> legend;
    if (layer_->is_line()) {
        for (std::size_t k = 0; k < layer_->fields().size(); ++k) {
            legend.push_back({layer_->fields()[k].name, lane_style(static_cast<int>(k), layer_->dark), true});
        }
    } else {
        for (const SlicePath& path : layer_->paths) {
            legend.push_back({path.label, lane_style(path.style, layer_->dark), path.visible});
        }
    }
    frame().set_legend(legend);
}

void SliceChart::set_titles(const QString& x, const QString& y)
{
    x_title_ = x;
    y_title_ = y;
    apply_axes();
}

void SliceChart::follow_data(bool /*exact*/)
{
    if (follows() && !layer_->empty()) {
        const SliceField& field = layer_->fields().front();
        layer_->x = field.alpha;
        layer_->y = field.beta;
        if (layer_->is_line()) {
            AxisRange y{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
            for (const SliceField& one : layer_->fields()) {
                for (const double value : one.values) {
                    if (std::isfinite(value)) {
                        y = {std::min(y.low, value), std::max(y.high, value)};
                    }
                }
            }
            layer_->x = widened(layer_->x, 0.03);
            layer_->y = y.low <= y.high ? widened(y, 0.08) : AxisRange{0, 1};
        }
    }
    apply_axes();
}

void SliceChart::set_ranges(const AxisRange& x, const AxisRange& y)
{
    layer_->x = x;
    layer_->y = y;
}

void SliceChart::apply_axes()
{
    const bool plane = !layer_->empty() && !layer_->is_line();
    input().set_zoom(plane ? ChartInput::Zoom::both : ChartInput::Zoom::x);
    bar_->font = scaled_font(font(), 0.9);
    bar_->setVisible(plane && width() > kBarFrom);
    frame().set_side_room(bar_->isVisible() ? colour_bar_width(bar_->font) : 0);
    const int columns = frame().x_labels(QStringLiteral("0000.0"));
    frame().set_axes({layer_->x, linear_ticks(layer_->x.low, layer_->x.high, columns), x_title_},
                     {layer_->y, linear_ticks(layer_->y.low, layer_->y.high, frame().y_labels()), y_title_});
    layer_->set_area(frame().plot_area());
    bar_->changed();
    layer_->update();
}

QStringList SliceChart::readout(double alpha, double beta) const
{
    if (known_.empty()) {
        return {};
    }
    const SliceField& first = known_.front();
    const std::size_t column = nearest(first.alpha, first.columns, alpha);
    const std::size_t row = first.rows > 1 ? nearest(first.beta, first.rows, beta) : 0;
    QStringList lines{QStringLiteral("α ") + number_text(coordinate(first.alpha, first.columns, column), 3) +
                      (first.rows > 1 ? QStringLiteral(", β ") + number_text(coordinate(first.beta, first.rows, row), 3)
                                      : QString())};
    for (const SliceField& field : known_) {
        const double value = field.values[row * field.columns + column];
        lines << field.name + QStringLiteral(": ") +
                     (std::isnan(value)   ? tr("not yet known")
                      : std::isinf(value) ? tr("not finite")
                                          : number_text(value));
    }
    if (first.rows > 1) {
        const QPointF here = layer_->pixel(alpha, beta);
        for (const SlicePath& path : layer_->paths) {
            const SlicePath::Stop* found = nullptr;
            double best = kNear;
            for (const SlicePath::Stop& stop : path.stops) {
                const QPointF apart = layer_->pixel(stop.alpha, stop.beta) - here;
                const double distance = std::hypot(apart.x(), apart.y());
                if (path.visible && distance < best) {
                    best = distance;
                    found = &stop;
                }
            }
            if (found != nullptr) {
                lines << QStringLiteral("%1, step %2, %3 from the plane")
                             .arg(path.label, count_text(found->step), number_text(found->distance, 3));
            }
        }
    }
    return lines;
}

void SliceChart::hover(const QPointF& at)
{
    if (!layer_->empty()) {
        const QPointF place = layer_->coordinates(at);
        layer_->readout = SliceLayer::Readout{at, readout(place.x(), place.y())};
        layer_->update();
    }
}

QByteArray SliceChart::table() const
{
    if (known_.empty()) {
        return {};
    }
    const SliceField& first = known_.front();
    const bool plane = first.rows > 1;
    QByteArray text = plane ? "alpha,beta" : "alpha";
    for (const SliceField& field : known_) {
        text += ',' + csv_quoted(field.name);
    }
    text += '\n';
    for (std::size_t row = 0; row < first.rows; ++row) {
        for (std::size_t column = 0; column < first.columns; ++column) {
            const std::size_t at = row * first.columns + column;
            const auto unknown = [at](const SliceField& field) { return std::isnan(field.values[at]); };
            if (std::all_of(known_.begin(), known_.end(), unknown)) {
                continue;
            }
            text += QByteArray::fromStdString(format_number(coordinate(first.alpha, first.columns, column)));
            if (plane) {
                text += ',' + QByteArray::fromStdString(format_number(coordinate(first.beta, first.rows, row)));
            }
            for (const SliceField& field : known_) {
                text += ',';
                text += unknown(field) ? QByteArray() : QByteArray::fromStdString(format_number(field.values[at]));
            }
            text += '\n';
        }
    }
    return text;
}

QByteArray SliceChart::paths_table() const
{
    QByteArray text = "lane,step,alpha,beta,distance\n";
    for (const SlicePath& path : layer_->paths) {
        for (const SlicePath::Stop& stop : path.stops) {
            text += csv_quoted(path.label) + ',' + QByteArray::number(qulonglong(stop.step));
            for (const double number : {stop.alpha, stop.beta, stop.distance}) {
                text += ',' + QByteArray::fromStdString(format_number(number));
            }
            text += '\n';
        }
    }
    return text;
}

void SliceChart::add_actions(QMenu& menu)
{
    QAction* paths = menu.addAction(tr("Save paths as …"));
    paths->setEnabled(!layer_->paths.empty());
    connect(paths, &QAction::triggered, this,
            [this] { save_table_as([this] { return paths_table(); }, QStringLiteral("paths")); });
}

}  // namespace basin
