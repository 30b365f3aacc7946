#include "widgets/panels/lane_table.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <algorithm>

#include "widgets/plots/lane_style.h"
#include "widgets/plots/save_picture.h"
#include "widgets/plots/theme.h"

namespace basin {

namespace {

constexpr int kRoom = 7;  // between a text and its neighbours

QIcon swatch(int style, bool visible, bool dark, double ratio)
{
    constexpr int kSize = 16;
    QPixmap pixmap(QSize(kSize, kSize) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(visible ? 1.0 : 0.3);
    painter.setPen(Qt::NoPen);
    painter.setBrush(lane_style(style, dark).color);
    painter.drawEllipse(QRectF(3, 3, 10, 10));
    return QIcon(pixmap);
}

}  // namespace

LaneTable::LaneTable(QWidget* parent) : QTableWidget(parent)
{
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(QFrame::NoFrame);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(1);
    set_row_height();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    set_columns({});  // lanes may come before it is known what will be said of them
}

void LaneTable::set_columns(const QStringList& columns, const QStringList& leave_out)
{
    leave_out_ = leave_out;
    setColumnCount(static_cast<int>(columns.size()) + 1);
    setHorizontalHeaderLabels(QStringList(QStringLiteral("Lane")) + columns);
    horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    measure_columns();
}

void LaneTable::set_row_height()
{
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kRoom);
}

int LaneTable::cell_width(int row, int column) const
{
    return item(row, column) != nullptr ? sizeHintForIndex(model()->index(row, column)).width() + kRoom : 0;
}

/// Anew for all, as another font or other columns ask for.
void LaneTable::measure_columns()
{
    widths_.assign(static_cast<std::size_t>(columnCount()), 0);
    for (int column = 0; column < columnCount(); ++column) {
        setColumnHidden(column, false);  // a hidden header says that it needs nothing
        int& width = widths_[static_cast<std::size_t>(column)];
        width = horizontalHeader()->sectionSizeHint(column) + kRoom;
        for (int row = 0; row < rowCount(); ++row) {
            width = std::max(width, cell_width(row, column));
        }
    }
    fit_columns();
}

void LaneTable::fit_columns()
{
    int needed = 0;
    for (int column = 0; column < columnCount(); ++column) {
        const int width = widths_[static_cast<std::size_t>(column)];
        setColumnHidden(column, false);
        setColumnWidth(column, width);
        needed += width;
    }
    for (const QString& name : leave_out_) {
        for (int column = 1; column < columnCount() && needed > viewport()->width(); ++column) {
            if (horizontalHeaderItem(column)->text() == name) {
                needed -= widths_[static_cast<std::size_t>(column)];
                setColumnHidden(column, true);
            }
        }
    }
}

void LaneTable::showEvent(QShowEvent* event)
{
    QTableWidget::showEvent(event);
    measure_columns();
}

void LaneTable::resizeEvent(QResizeEvent* event)
{
    QTableWidget::resizeEvent(event);
    fit_columns();
}

void LaneTable::put(int row, int column, const QString& text)
{
    QTableWidgetItem* cell = item(row, column);
    if (cell == nullptr) {
        cell = new QTableWidgetItem;
        cell->setTextAlignment(Qt::Alignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
        setItem(row, column, cell);
    }
    if (cell->text() != text) {
        cell->setText(text);
        int& width = widths_[static_cast<std::size_t>(column)];
        const int needed = cell_width(row, column);
        if (needed > width) {
            width = needed;
            fit_columns();
        }
    }
}

QSize LaneTable::minimumSizeHint() const
{
    constexpr int kWhole = 3;
    const int rows = std::min(rowCount(), kWhole) * verticalHeader()->defaultSectionSize();
    return {QTableWidget::minimumSizeHint().width(), horizontalHeader()->sizeHint().height() + rows + 2 * frameWidth()};
}

void LaneTable::set_rows(const std::vector<Row>& rows)
{
    bool swatches = rows.size() != rows_.size();
    setRowCount(static_cast<int>(rows.size()));
    if (swatches) {
        updateGeometry();
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        const int at = static_cast<int>(i);
        swatches =
            swatches || row.style != rows_[i].style || row.visible != rows_[i].visible || row.bad != rows_[i].bad;
        put(at, 0, row.label);
        for (qsizetype column = 0; column < row.cells.size() && column + 1 < columnCount(); ++column) {
            put(at, static_cast<int>(column) + 1, row.cells[column]);
        }
        if (row.tip != item(at, 0)->toolTip()) {
            for (int column = 0; column < columnCount(); ++column) {
                if (item(at, column) != nullptr) {
                    item(at, column)->setToolTip(row.tip);
                }
            }
        }
    }
    rows_ = rows;
    if (swatches) {
        paint_swatches();
    }
}

void LaneTable::paint_swatches()
{
    const Theme& theme = Theme::of(*this);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const int at = static_cast<int>(i);
        if (item(at, 0) != nullptr) {
            item(at, 0)->setIcon(swatch(rows_[i].style, rows_[i].visible, theme.dark, devicePixelRatioF()));
        }
        if (item(at, 1) != nullptr) {
            item(at, 1)->setForeground(rows_[i].bad ? theme.bad : theme.text);
        }
    }
    measure_columns();  // the swatch takes room too
}

void LaneTable::changeEvent(QEvent* event)
{
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        paint_swatches();
    } else if (event->type() == QEvent::FontChange) {
        set_row_height();
        measure_columns();
        updateGeometry();
    }
}

void LaneTable::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    connect(menu.addAction(tr("Save as …")), &QAction::triggered, this, &LaneTable::saveAs);
    menu.exec(event->globalPos());
}

QString LaneTable::save(const QString& path)
{
    return save_plot(
        *this, [this] { return table(); }, path);
}

void LaneTable::saveAs()
{
    const QString problem = save_plot_as(
        *this, [this] { return table(); }, tr("Save table"), QStringLiteral("lanes"));
    if (!problem.isEmpty()) {
        Q_EMIT saveFailed(problem);
    }
}

QByteArray LaneTable::table() const
{
    QByteArray text;
    for (int row = -1; row < rowCount(); ++row) {
        for (int column = 0; column < columnCount(); ++column) {
            const QTableWidgetItem* cell = row < 0 ? horizontalHeaderItem(column) : item(row, column);
            text += (column > 0 ? "," : "") + csv_quoted(cell != nullptr ? cell->text() : QString());
        }
        text += '\n';
    }
    return text;
}

}  // namespace basin
