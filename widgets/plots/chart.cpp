#include "widgets/plots/chart.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/plots/chart_frame.h"
#include "widgets/plots/chart_layer.h"
#include "widgets/plots/save_picture.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

AxisRange zoomed(const AxisRange& range, double factor, double share)
{
    if (factor == 1) {
        return range;
    }
    const double stays = range.low + share * range.span();
    return {stays + (range.low - stays) * factor, stays + (range.high - stays) * factor};
}

AxisRange moved(const AxisRange& range, double share)
{
    return {range.low + share * range.span(), range.high + share * range.span()};
}

/// Closer than this neighbouring pixels would be one number; farther, the data one dot.
bool sensible(const AxisRange& range)
{
    const double scale = std::max({1e-12, std::fabs(range.low), std::fabs(range.high)});
    return range.span() > 1e-9 * scale && range.span() < 1e15;
}

}  // namespace

Chart::Chart(ChartLayer* layer, const QString& name, QWidget* parent)
    : QWidget(parent),
      frame_(new ChartFrame(this)),
      layer_(layer),
      input_(std::make_unique<ChartInput>(*this, *frame_)),
      name_(name)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(frame_);
    frame_->add_layer(layer_);
    connect(frame_, &ChartFrame::plotAreaChanged, this, [this] { layer_->set_area(frame_->plot_area()); });
    connect(frame_, &ChartFrame::legendClicked, this, &Chart::curveClicked);
    // How many ticks there are, and where the titles stand, depends on the room.
    connect(frame_, &ChartFrame::resized, this, [this] { apply_axes(); });
    connect(input_.get(), &ChartInput::fitAsked, this, &Chart::fit);
    connect(input_.get(), &ChartInput::hovered, this, [this](QPointF at) { hover(at); });
    connect(input_.get(), &ChartInput::left, this, [this] { leave(); });
    connect(input_.get(), &ChartInput::zoomed, this, [this](double factor_x, double factor_y, QPointF stays) {
        move_to(zoomed(x_range(), factor_x, stays.x()), zoomed(y_range(), factor_y, stays.y()));
    });
    connect(input_.get(), &ChartInput::panned, this,
            [this](double x, double y) { move_to(moved(x_range(), x), moved(y_range(), y)); });
}

Chart::~Chart() = default;

void Chart::begin()
{
    apply_theme();
    fit();
}

void Chart::move_to(const AxisRange& x, const AxisRange& y)
{
    if (sensible(x) && sensible(y)) {
        follow_ = false;
        set_ranges(x, y);
        apply_axes();
    }
}

void Chart::fit()
{
    follow_ = true;
    follow_data(true);
}

void Chart::leave()
{
    layer_->forget_readout();
    layer_->update();
}

QRectF Chart::plot_area() const
{
    return frame_->plot_area().translated(frame_->viewport()->mapTo(this, QPoint(0, 0)));
}

QPointF Chart::share(const QPointF& viewport) const
{
    const QRectF area = frame_->plot_area();
    return {(viewport.x() - area.left()) / std::max(1.0, area.width()),
            (area.bottom() - viewport.y()) / std::max(1.0, area.height())};
}

void Chart::set_empty_text(const QString& text)
{
    layer_->empty_text = text;
    layer_->update();
}

QString Chart::save(const QString& path)
{
    return save_plot(
        *frame_, [this] { return table(); }, path);
}

void Chart::saveAs()
{
    save_table_as([this] { return table(); }, name_);
}

void Chart::save_table_as(const std::function<QByteArray()>& table, const QString& name)
{
    const QString problem = save_plot_as(*frame_, table, tr("Save %1").arg(name), name);
    if (!problem.isEmpty()) {
        Q_EMIT saveFailed(problem);
    }
}

void Chart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        apply_theme();
    }
    QWidget::changeEvent(event);
}

void Chart::apply_theme()
{
    const Theme& theme = Theme::of(*this);
    layer_->dark = theme.dark;
    frame_->apply(theme);
    show_legend();
    apply_axes();
    layer_->touch();
}

void Chart::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    connect(menu.addAction(tr("Fit (double click, F)")), &QAction::triggered, this, &Chart::fit);
    connect(menu.addAction(tr("Save as …")), &QAction::triggered, this, &Chart::saveAs);
    add_actions(menu);
    menu.exec(event->globalPos());
}

}  // namespace basin
