#include "widgets/plots/slice_chart.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/plots/chart_frame.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/save_picture.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

constexpr double kWheelStep = 1.0 / 480;  // a quarter octave a notch, as in the other charts
constexpr double kNear = 8;               // px between the cursor and a point of a path that is read out

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

SliceChart::SliceChart(QWidget* parent) : QWidget(parent), frame_(new ChartFrame(this)), layer_(new SliceLayer)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(frame_);
    setFocusPolicy(Qt::StrongFocus);
    frame_->setFocusPolicy(Qt::NoFocus);
    frame_->add_layer(layer_);
    frame_->viewport()->installEventFilter(this);
    connect(frame_, &ChartFrame::plotAreaChanged, this, [this] { layer_->set_area(frame_->plot_area()); });
    apply_theme();
    fit();
}

void SliceChart::set_slice(std::vector<SliceField> shown, std::vector<SliceField> known)
{
    known_ = std::move(known);
    layer_->set_fields(std::move(shown));
    show_legend();
    follow_data();
}

void SliceChart::set_paths(std::vector<SlicePath> paths)
{
    layer_->paths = std::move(paths);
    show_legend();
    follow_data();
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
    frame_->set_legend(legend);
}

void SliceChart::set_titles(const QString& x, const QString& y)
{
    x_title_ = x;
    y_title_ = y;
    apply_axes();
}

void SliceChart::set_empty_text(const QString& text)
{
    layer_->empty_text = text;
    layer_->update();
}

void SliceChart::fit()
{
    follow_ = true;
    follow_data();
}

void SliceChart::follow_data()
{
    if (follow_ && !layer_->empty()) {
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

void SliceChart::apply_axes()
{
    const QFontMetrics metrics(scaled_font(font(), 0.9));
    const int wide = std::max(2, (width() - 80) / std::max(1, metrics.horizontalAdvance(QStringLiteral("0000.0    "))));
    const int high = std::max(2, (height() - 70) / std::max(1, 2 * metrics.height()));
    frame_->set_axes({layer_->x, linear_ticks(layer_->x.low, layer_->x.high, std::min(wide, 10)), x_title_},
                     {layer_->y, linear_ticks(layer_->y.low, layer_->y.high, std::min(high, 8)), y_title_});
    layer_->set_area(frame_->plot_area());
    layer_->update();
}

void SliceChart::move(AxisRange x, AxisRange y)
{
    const auto too_far = [](const AxisRange& range) {
        const double scale = std::max({1e-12, std::fabs(range.low), std::fabs(range.high)});
        return range.span() < 1e-6 * scale || range.span() > 1e12;
    };
    if (too_far(x) || too_far(y)) {
        return;
    }
    layer_->x = x;
    layer_->y = y;
    follow_ = false;
    apply_axes();
}

QRectF SliceChart::plot_area() const
{
    return frame_->plot_area().translated(frame_->viewport()->mapTo(this, QPoint(0, 0)));
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

QString SliceChart::save(const QString& path)
{
    return save_picture(*frame_, path);
}

bool SliceChart::eventFilter(QObject* watched, QEvent* event)
{
    const QRectF area = frame_->plot_area();
    const AxisRange& x = layer_->x;
    const AxisRange& y = layer_->y;
    switch (event->type()) {
        case QEvent::Wheel: {
            const auto* wheel = static_cast<QWheelEvent*>(event);
            const double units = wheel->angleDelta().y() != 0 ? wheel->angleDelta().y() : wheel->angleDelta().x();
            const double factor = std::exp2(-units * kWheelStep);
            const QPointF at = layer_->coordinates(wheel->position());
            const auto around = [factor](const AxisRange& range, double middle) {
                return AxisRange{middle + (range.low - middle) * factor, middle + (range.high - middle) * factor};
            };
            move(around(x, at.x()), layer_->is_line() ? y : around(y, at.y()));
            return true;
        }
        case QEvent::MouseButtonPress: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            setFocus(Qt::MouseFocusReason);
            if (mouse->button() == Qt::LeftButton && area.contains(mouse->position())) {
                drag_from_ = mouse->position();
                dragging_ = true;
                return true;
            }
            break;
        }
        case QEvent::MouseMove: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            if (dragging_) {
                const QPointF by = layer_->coordinates(drag_from_) - layer_->coordinates(mouse->position());
                drag_from_ = mouse->position();
                move({x.low + by.x(), x.high + by.x()}, {y.low + by.y(), y.high + by.y()});
            }
            layer_->readout.reset();
            if (area.contains(mouse->position()) && !layer_->empty()) {
                const QPointF at = layer_->coordinates(mouse->position());
                layer_->readout = SliceLayer::Readout{mouse->position(), readout(at.x(), at.y())};
            }
            layer_->update();
            break;
        }
        case QEvent::MouseButtonRelease:
            dragging_ = false;
            break;
        case QEvent::MouseButtonDblClick:
            if (area.contains(static_cast<QMouseEvent*>(event)->position())) {
                fit();
                return true;
            }
            break;
        case QEvent::Leave:
            layer_->readout.reset();
            layer_->update();
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

void SliceChart::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_F) {
        fit();
        return;
    }
    QWidget::keyPressEvent(event);
}

void SliceChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        apply_theme();
    }
    QWidget::changeEvent(event);
}

void SliceChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    apply_axes();
}

void SliceChart::apply_theme()
{
    const Theme& theme = Theme::of(*this);
    layer_->dark = theme.dark;
    frame_->apply(theme);
    show_legend();
    apply_axes();
}

}  // namespace basin
