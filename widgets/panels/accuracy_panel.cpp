#include "widgets/panels/accuracy_panel.h"

#include <QComboBox>
#include <QHeaderView>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <utility>

#include "widgets/panels/lane_table.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

const QString kSeconds = QStringLiteral("Seconds");
const QString kTimesFirst = QStringLiteral("× first");

struct Name {
    const char* key;
    const char* name;
    const char* short_name;  // table heads
    const char* tip;
    bool share;
};

constexpr std::array<Name, 6> kNames{{
    {"test_accuracy", "Test accuracy", "Test", "Share of test examples predicted correctly", true},
    {"clean_accuracy", "Clean training accuracy", "Clean",
     "Share of training examples predicted as their true label, flipped or not", true},
    {"flipped_fitted", "Flipped labels fitted", "Flipped fitted",
     "Share of training examples with a flipped label that are predicted as that wrong label: memorised", true},
    {"flipped_corrected", "Flipped labels corrected", "Flipped corrected",
     "Share of training examples with a flipped label that are predicted as their true label all the same", true},
    {"train_loss", "Training loss", "Train loss", "Mean loss on the labels as given", false},
    {"test_loss", "Test loss", "Test loss", "Mean loss on the test examples", false},
}};

const Name* known_name(const std::string& key)
{
    const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const Name& name) { return key == name.key; });
    return found == kNames.end() ? nullptr : &*found;
}

}  // namespace

QString metric_name(const std::string& key)
{
    const Name* name = known_name(key);
    return name != nullptr ? QString::fromUtf8(name->name) : QString::fromStdString(key);
}

bool metric_is_share(const std::string& key)
{
    const Name* name = known_name(key);
    return name != nullptr && name->share;
}

AccuracyPanel::AccuracyPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("accuracyPanel"));
    metric_ = new QComboBox;
    metric_->setObjectName(QStringLiteral("accuracyMetric"));
    metric_->setToolTip(QStringLiteral("What the curves show"));
    chart_ = new CurveChart;
    chart_->setObjectName(QStringLiteral("accuracyChart"));
    chart_->setAccessibleName(QStringLiteral("Accuracy"));
    chart_->set_empty_text(QStringLiteral("A network's accuracies appear here when all lanes have been evaluated."));
    table_ = new LaneTable;
    table_->setObjectName(QStringLiteral("accuracyTable"));

    auto* top = new QWidget;
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(8, 4, 8, 0);
    column->addWidget(metric_);
    column->addWidget(chart_, 1);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(top);
    splitter->addWidget(table_);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    connect(metric_, &QComboBox::currentIndexChanged, this, &AccuracyPanel::show_metric);
}

void AccuracyPanel::begin(const std::vector<std::string>& keys, double steps_per_epoch)
{
    steps_per_epoch_ = steps_per_epoch;
    rows_.clear();
    rows_.resize(lanes_.size());
    if (keys != keys_) {
        keys_ = keys;
        const QSignalBlocker blocker(metric_);
        const QVariant before = metric_->currentData();
        metric_->clear();
        QStringList columns;
        // The well-known ones in the order in which they are read, whatever order they come in.
        for (const Name& name : kNames) {
            if (std::find(keys_.begin(), keys_.end(), name.key) != keys_.end()) {
                metric_->addItem(QString::fromUtf8(name.name), QString::fromUtf8(name.key));
                metric_->setItemData(metric_->count() - 1, QString::fromUtf8(name.tip), Qt::ToolTipRole);
                columns << QString::fromUtf8(name.short_name);
            }
        }
        for (const std::string& key : keys_) {
            if (known_name(key) == nullptr) {
                metric_->addItem(QString::fromStdString(key), QString::fromStdString(key));
                columns << QString::fromStdString(key);
            }
        }
        metric_->setCurrentIndex(std::max(0, metric_->findData(before)));
        // Test, clean and flipped are what a run with noisy labels is read by; of these, clean goes first in large
        // type.
        QStringList leave_out = columns.mid(std::min<qsizetype>(columns.size(), 3));
        std::reverse(leave_out.begin(), leave_out.end());
        table_->set_columns(columns + QStringList{kSeconds, kTimesFirst},
                            leave_out + QStringList{kTimesFirst, kSeconds} + columns.mid(1, 1));
    }
    show_metric();
    fill_table();
}

void AccuracyPanel::set_lanes(const std::vector<ShownLane>& lanes)
{
    lanes_ = lanes;
    rows_.resize(lanes_.size());
    show_metric();
    fill_table();
}

void AccuracyPanel::take(std::size_t lane, const std::vector<MetricsRow>& rows)
{
    if (lane >= rows_.size()) {
        return;
    }
    LaneRows& mine = rows_[lane];
    while (mine.series.size() < keys_.size()) {
        mine.series.push_back(std::make_shared<CurveSeries>());
    }
    for (; mine.taken < rows.size(); ++mine.taken) {
        const MetricsRow& row = rows[mine.taken];
        for (std::size_t i = 0; i < std::min(keys_.size(), row.values.size()); ++i) {
            mine.series[i]->append(static_cast<double>(row.step), static_cast<double>(row.gradients), row.seconds,
                                   row.values[i]);
        }
        mine.newest = row.values;
        mine.seconds = row.seconds;
    }
}

void AccuracyPanel::refresh()
{
    show_metric();
    fill_table();
}

std::vector<CurveView> AccuracyPanel::curves(const std::string& key) const
{
    std::vector<CurveView> curves;
    const auto index = static_cast<std::size_t>(std::find(keys_.begin(), keys_.end(), key) - keys_.begin());
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        const bool known = index < rows_[i].series.size();
        curves.push_back({lanes_[i].label, lanes_[i].style, lanes_[i].visible,
                          known ? std::shared_ptr<const CurveSeries>(rows_[i].series[index]) : nullptr});
    }
    return curves;
}

void AccuracyPanel::show_metric()
{
    const std::string key = metric_->currentData().toString().toStdString();
    const Name* name = known_name(key);
    chart_->set_y_title(metric_name(key), name != nullptr ? QString::fromUtf8(name->short_name) : QString());
    chart_->set_x_axis(steps_per_epoch_ > 0 ? XAxis::epochs : XAxis::step,
                       steps_per_epoch_ > 0 ? 1 / steps_per_epoch_ : 1);
    chart_->set_curves(curves(key));
}

void AccuracyPanel::fill_table()
{
    std::vector<LaneTable::Row> rows;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        LaneTable::Row row{lanes_[i].label, lanes_[i].style, lanes_[i].visible, {}, {}, false};
        const LaneRows& mine = rows_[i];
        for (int column = 0; column < metric_->count(); ++column) {
            const std::string key = metric_->itemData(column).toString().toStdString();
            const auto index = static_cast<std::size_t>(std::find(keys_.begin(), keys_.end(), key) - keys_.begin());
            const bool known = index < mine.newest.size();
            row.cells << (!known                 ? QStringLiteral("–")
                          : metric_is_share(key) ? percent_text(mine.newest[index])
                                                 : fixed_text(mine.newest[index], 3));
        }
        const bool known = !mine.newest.empty();
        row.cells << (known ? seconds_text(mine.seconds) : QStringLiteral("–"));
        const bool comparable = known && rows_[0].seconds > 0;
        row.cells << (comparable ? fixed_text(mine.seconds / rows_[0].seconds, 2) : QStringLiteral("–"));
        rows.push_back(std::move(row));
    }
    table_->set_rows(rows);
}

}  // namespace basin
