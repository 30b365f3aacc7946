#include "text_faults.h"

#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QDockWidget>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QToolButton>

#include "app/main_window.h"
#include "text_recorder.h"

namespace basin {

namespace {

// Letters have room around them: what a font calls its box may stand out by this much and is still whole.
constexpr double kSlack = 2.5;

QString name_of(const QWidget* widget)
{
    QStringList names;
    for (; widget != nullptr; widget = widget->parentWidget()) {
        const QString own = widget->objectName();
        if (!own.isEmpty() && !own.startsWith(QLatin1String("qt_"))) {
            names.prepend(own);
        } else if (names.isEmpty()) {
            names.prepend(QString::fromLatin1(widget->metaObject()->className()));
        }
    }
    return names.join('/');
}

QString told(const QWidget* widget, const DrawnText& text, const QString& what)
{
    return QStringLiteral("%1: \"%2\" %3 (%4, %5, %6 x %7 in %8 x %9)")
        .arg(name_of(widget), text.text, what)
        .arg(text.box.x())
        .arg(text.box.y())
        .arg(text.box.width())
        .arg(text.box.height())
        .arg(widget->width())
        .arg(widget->height());
}

bool elided(const QString& text)
{
    // The dots alone are the button that looks for a file; "Save as …" stands in menus only.
    return text.trimmed() != QChar(0x2026) && (text.contains(QChar(0x2026)) || text.endsWith(QLatin1String("...")));
}

/// What scrolls shows a part: its content is looked at as a whole.
bool scrolls(const QWidget* widget)
{
    const auto* area = qobject_cast<const QAbstractScrollArea*>(widget->parentWidget());
    return area != nullptr && area->viewport() == widget;
}

}  // namespace

void look_at(QWidget* widget, QStringList& faults)
{
    const std::vector<DrawnText> texts = TextRecorder::of(*widget);
    const QRectF room = QRectF(widget->rect()).adjusted(-kSlack, -kSlack, kSlack, kSlack);
    const bool table = scrolls(widget) && qobject_cast<QAbstractItemView*>(widget->parentWidget()) != nullptr;
    for (const DrawnText& text : texts) {
        const bool seen = text.box.intersects(QRectF(widget->rect()));
        if (elided(text.text)) {
            faults << told(widget, text, QStringLiteral("is elided"));
        } else if (table && !seen) {
            continue;  // a row that is scrolled out
        } else if (text.box.left() < room.left() || text.box.right() > room.right() ||
                   (!table && (text.box.top() < room.top() || text.box.bottom() > room.bottom()))) {
            faults << told(widget, text, QStringLiteral("is cut off"));
        }
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        for (std::size_t k = i + 1; k < texts.size(); ++k) {
            const QRectF both = texts[i].box & texts[k].box;
            if (both.width() > kSlack && both.height() > 1.6 * kSlack) {
                faults << told(widget, texts[i], QStringLiteral("is written over \"%1\"").arg(texts[k].text));
            }
        }
    }
}

namespace {

/// Whether a widget is whole in what its ancestors show of it, sideways; up and down only where nothing scrolls.
void look_around(const QWidget* widget, QStringList& faults)
{
    QRect rect = widget->rect();
    const QWidget* inner = widget;
    bool scrolled = false;
    for (const QWidget* outer = widget->parentWidget(); outer != nullptr && !inner->isWindow();
         inner = outer, outer = outer->parentWidget()) {
        rect.translate(inner->pos());
        scrolled = scrolled || scrolls(outer);
        const QRect room = outer->rect();
        const bool wide = rect.left() >= room.left() && rect.right() <= room.right();
        const bool high = scrolled || (rect.top() >= room.top() && rect.bottom() <= room.bottom());
        if (!wide || !high) {
            faults << QStringLiteral("%1 stands out of %2 (%3, %4, %5 x %6 in %7 x %8)")
                          .arg(name_of(widget), name_of(outer))
                          .arg(rect.x())
                          .arg(rect.y())
                          .arg(rect.width())
                          .arg(rect.height())
                          .arg(room.width())
                          .arg(room.height());
            return;
        }
    }
}

/// A cell is cut at its column's edge, inside of what paints the whole table.
void look_at_cells(const QAbstractItemView* view, QStringList& faults)
{
    const auto* table = qobject_cast<const QTableView*>(view);
    for (int column = 0; table != nullptr && column < table->model()->columnCount(); ++column) {
        if (table->isColumnHidden(column)) {
            continue;
        }
        int needed = table->horizontalHeader()->sectionSizeHint(column);
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            needed = qMax(needed, table->sizeHintForIndex(table->model()->index(row, column)).width());
        }
        if (needed > table->columnWidth(column)) {
            faults << QStringLiteral("%1: column \"%2\" is %3 wide and needs %4")
                          .arg(name_of(table), table->model()->headerData(column, Qt::Horizontal).toString())
                          .arg(table->columnWidth(column))
                          .arg(needed);
        }
    }
}

bool has_text(const QWidget* widget)
{
    if (const auto* label = qobject_cast<const QLabel*>(widget)) {
        return !label->text().isEmpty();
    }
    return qobject_cast<const QAbstractButton*>(widget) != nullptr || widget->inherits("QComboBox") ||
           qobject_cast<const QLineEdit*>(widget) != nullptr || widget->inherits("QHeaderView") ||
           widget->inherits("QSlider");
}

}  // namespace

bool stands_behind(const QWidget* widget)
{
    while (widget != nullptr && qobject_cast<const QDockWidget*>(widget) == nullptr) {
        widget = widget->parentWidget();
    }
    return widget != nullptr && widget->visibleRegion().isEmpty();
}

QStringList faults_of(MainWindow& window)
{
    QStringList faults;
    for (QWidget* widget : window.findChildren<QWidget*>()) {
        if (!widget->isVisible() || stands_behind(widget)) {
            continue;
        }
        if (has_text(widget)) {
            look_around(widget, faults);
        }
        // A line to write in scrolls; what does not fit has a tooltip with all of it.
        const auto* line = qobject_cast<QLineEdit*>(widget);
        if (line != nullptr && line->isReadOnly()) {
            continue;
        }
        look_at(widget, faults);
        if (const auto* view = qobject_cast<const QAbstractItemView*>(widget)) {
            look_at_cells(view, faults);
        }
    }
    faults.removeDuplicates();
    return faults;
}

}  // namespace basin
