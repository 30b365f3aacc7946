#include "widgets/panels/compare_panel.h"

#include <QVBoxLayout>

#include "widgets/panels/lane_table.h"
#include "widgets/plots/number_text.h"

namespace basin {

ComparePanel::ComparePanel(QWidget* parent) : QWidget(parent), table_(new LaneTable)
{
    setObjectName(QStringLiteral("comparePanel"));
    table_->setObjectName(QStringLiteral("compareTable"));
    table_->set_columns({QStringLiteral("State"), QStringLiteral("Steps"), QStringLiteral("Gradients"),
                         QStringLiteral("Loss"), QStringLiteral("Escaped"), QStringLiteral("Seconds")},
                        {QStringLiteral("Seconds"), QStringLiteral("Gradients"), QStringLiteral("Escaped")});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(table_);
}

void ComparePanel::set_rows(const std::vector<CompareRow>& rows)
{
    std::vector<LaneTable::Row> lines;
    lines.reserve(rows.size());
    for (const CompareRow& row : rows) {
        lines.push_back({row.label,
                         row.style,
                         row.visible,
                         {row.state, count_text(row.steps), count_text(row.gradients), number_text(row.loss),
                          row.escaped > 0 ? count_text(row.escaped) : QStringLiteral("0"), seconds_text(row.seconds)},
                         row.message,
                         row.failed});
    }
    table_->set_rows(lines);
}

}  // namespace basin
