// How LandscapeView answers mouse, wheel and keys.
#include <QActionGroup>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <cmath>

#include "core/catalog/params.h"
#include "widgets/plots/landscape_view.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/save_picture.h"

namespace basin {

namespace {

constexpr double kWheelStep = 1.0 / 360;  // a notch (120) zooms by a third of an octave
constexpr double kKeyZoom = 0.75;
constexpr double kKeyPan = 0.1;
constexpr double kClickReach = 4;  // pixels a hand may move within a click

Box shifted(const Box& box, double x, double y)
{
    return {box.x_min + x, box.x_max + x, box.y_min + y, box.y_max + y};
}

}  // namespace

void LandscapeView::wheelEvent(QWheelEvent* event)
{
    const double factor = std::exp2(-event->angleDelta().y() * kWheelStep);
    move_view(zoomed(transform_.box, factor, transform_.to_plane(event->position())));
    event->accept();
}

void LandscapeView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && transform_.area.contains(event->position())) {
        press_ = event->position();
        dragging_ = false;
    }
}

void LandscapeView::mouseMoveEvent(QMouseEvent* event)
{
    cursor_ = event->position();
    if (press_) {
        const QPointF moved = event->position() - *press_;
        if (dragging_ || std::hypot(moved.x(), moved.y()) > kClickReach) {
            dragging_ = true;
            setCursor(Qt::ClosedHandCursor);
            press_ = event->position();
            move_view(shifted(transform_.box, -moved.x() / transform_.x_scale(), moved.y() / transform_.y_scale()));
        }
    }
    update();
}

void LandscapeView::mouseReleaseEvent(QMouseEvent* event)
{
    if (press_ && !dragging_ && event->button() == Qt::LeftButton) {
        click_at_ = *press_;
        click_timer_.start();
    }
    press_.reset();
    dragging_ = false;
    unsetCursor();
    update();
}

void LandscapeView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && transform_.area.contains(event->position())) {
        click_timer_.stop();
        press_.reset();
        fit();
    }
}

void LandscapeView::leaveEvent(QEvent*)
{
    cursor_.reset();
    update();
}

void LandscapeView::keyPressEvent(QKeyEvent* event)
{
    const Box& box = transform_.box;
    const Point middle{0.5 * (box.x_min + box.x_max), 0.5 * (box.y_min + box.y_max)};
    const double x = kKeyPan * (box.x_max - box.x_min);
    const double y = kKeyPan * (box.y_max - box.y_min);
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return move_view(zoomed(box, kKeyZoom, middle));
        case Qt::Key_Minus:
            return move_view(zoomed(box, 1 / kKeyZoom, middle));
        case Qt::Key_Left:
            return move_view(shifted(box, -x, 0));
        case Qt::Key_Right:
            return move_view(shifted(box, x, 0));
        case Qt::Key_Up:
            return move_view(shifted(box, 0, y));
        case Qt::Key_Down:
            return move_view(shifted(box, 0, -y));
        case Qt::Key_F:
        case Qt::Key_0:
            return fit();
        default:
            QWidget::keyPressEvent(event);
    }
}

void LandscapeView::resizeEvent(QResizeEvent*)
{
    lay_out();
    request_field();
}

void LandscapeView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        map_ = QImage();
        lay_out();
        update();
    }
    QWidget::changeEvent(event);
}

void LandscapeView::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addSection(QStringLiteral("Show as map"));
    QActionGroup group(&menu);
    for (const FieldKind kind : {FieldKind::loss, FieldKind::second_order, FieldKind::smoothed}) {
        QAction* action = group.addAction(field_title(kind, sigma()));
        action->setCheckable(true);
        action->setChecked(kind == kind_);
        action->setEnabled(kind == FieldKind::loss || sigma() > 0);
        connect(action, &QAction::triggered, this, [this, kind] { set_field(kind); });
        menu.addAction(action);
    }
    menu.addSeparator();
    connect(menu.addAction(QStringLiteral("Fit (double click, F)")), &QAction::triggered, this, &LandscapeView::fit);
    connect(menu.addAction(QStringLiteral("Save as …")), &QAction::triggered, this, &LandscapeView::saveAs);
    connect(menu.addAction(QStringLiteral("Save the map's values as …")), &QAction::triggered, this, [this] {
        save_table_as([this] { return field_table(); }, QStringLiteral("Save the map's values"), QStringLiteral("map"));
    });
    menu.exec(event->globalPos());
}

void LandscapeView::saveAs()
{
    save_table_as([this] { return table(); }, QStringLiteral("Save map"), QStringLiteral("landscape"));
}

void LandscapeView::save_table_as(const std::function<QByteArray()>& table, const QString& title, const QString& name)
{
    cursor_.reset();
    const QString problem = save_plot_as(*this, table, title, name);
    if (!problem.isEmpty()) {
        Q_EMIT saveFailed(problem);
    }
}

QString LandscapeView::save(const QString& path)
{
    cursor_.reset();
    return save_plot(
        *this, [this] { return table(); }, path);
}

QByteArray LandscapeView::table() const
{
    QByteArray text = "lane,x,y\n";
    for (const LaneState& state : lanes_) {
        if (!state.lane.visible) {
            continue;
        }
        const QByteArray label = csv_quoted(state.lane.label);
        for (std::size_t i = 0; i + 1 < state.positions.size(); i += 2) {
            if (std::isfinite(state.positions[i]) && std::isfinite(state.positions[i + 1])) {
                text += label + ',' + float_text(state.positions[i]) + ',' + float_text(state.positions[i + 1]) + '\n';
            }
        }
    }
    return text;
}

QByteArray LandscapeView::field_table() const
{
    if (!picture_) {
        return {};
    }
    QByteArray text = "x,y,value\n";
    const FloatGrid& grid = picture_->values;
    for (std::size_t cell = 0; cell < grid.values.size(); ++cell) {
        const Point at = grid.lattice.middle(cell);
        text += QByteArray::fromStdString(format_number(at.x)) + ',' + QByteArray::fromStdString(format_number(at.y)) +
                ',' + float_text(grid.values[cell]) + '\n';
    }
    return text;
}

}  // namespace basin
