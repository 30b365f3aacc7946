#include "widgets/panels/compare_panel.h"

#include <QVBoxLayout>
#include <algorithm>

#include "widgets/panels/lane_table.h"
#include "widgets/plots/number_text.h"

namespace basin {

ComparePanel::ComparePanel(QWidget* parent) : QWidget(parent), table_(new LaneTable)
{
    setObjectName(QStringLiteral("comparePanel"));
    table_->setObjectName(QStringLiteral("compareTable"));
    set_columns(escaped_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(table_);
}

void ComparePanel::set_columns(bool escaped)
{
    QStringList columns{QStringLiteral("State"), QStringLiteral("Steps"), QStringLiteral("Gradients"),
                        QStringLiteral("Loss")};
    QStringList leave_out{QStringLiteral("Seconds"), QStringLiteral("Gradients")};
    if (escaped) {
        columns << QStringLiteral("Escaped");
        leave_out << QStringLiteral("Escaped");
    }
    table_->set_columns(columns << QStringLiteral("Seconds"), leave_out);
    escaped_ = escaped;
}

void ComparePanel::set_rows(const std::vector<CompareRow>& rows)
{
    const bool escaped =
        std::any_of(rows.begin(), rows.end(), [](const CompareRow& row) { return row.escaped.has_value(); });
    if (escaped != escaped_ && !rows.empty()) {
        table_->set_rows({});  // their cells stood under other titles
        set_columns(escaped);
    }
    std::vector<LaneTable::Row> lines;
    lines.reserve(rows.size());
    for (const CompareRow& row : rows) {
        QStringList cells{row.state, count_text(row.steps), count_text(row.gradients), number_text(row.loss)};
        if (escaped) {
            cells << count_text(row.escaped.value_or(0));
        }
        lines.push_back(
            {row.label, row.style, row.visible, cells << seconds_text(row.seconds), row.message, row.failed});
    }
    table_->set_rows(lines);
}

}  // namespace basin
