#include "widgets/panels/sharpness_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/panels/lane_table.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Quantity {
    const char* key;
    const char* name;
    const char* head;
    const char* tip;
};

constexpr std::size_t kTop = 1;
constexpr std::size_t kLimit = 6;
constexpr std::array<Quantity, 7> kNames{{
    {"trace", "Trace of the Hessian", "Trace", "Sum of all eigenvalues: what fSGLD pays for, sigma²/2 times this"},
    {"top_eigenvalue", "Top eigenvalue", "Top",
     "Largest curvature; gradient descent is not stable where it is above 2/λ"},
    {"sam_step", "SAM sharpness, one step", "SAM step", "L(θ + ρ g/|g|) - L(θ)"},
    {"sam_ascent", "SAM sharpness, ascent", "SAM ascent", "Largest L within ρ that projected ascent finds, minus L(θ)"},
    {"average_sharpness", "Average sharpness", "Average",
     "E L(θ + σ ε) - L(θ): near σ²/2 times the trace while σ is small"},
    {"gradient_norm", "Gradient norm", "|g|", "Length of the gradient over the probe's sample"},
    {"two_over_step_size", "2/λ", "2/λ", "The top eigenvalue above which plain gradient descent is not stable"},
}};

}  // namespace

SharpnessPanel::SharpnessPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("sharpnessPanel"));
    controls_ = new ProbeControls(QStringLiteral("sharpness"));
    quantity_ = new QComboBox;
    quantity_->setObjectName(QStringLiteral("sharpnessQuantity"));
    quantity_->setToolTip(tr("What the curves show"));
    QStringList heads;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (i != kLimit) {
            quantity_->addItem(QString::fromUtf8(kNames[i].name));
            quantity_->setItemData(quantity_->count() - 1, QString::fromUtf8(kNames[i].tip), Qt::ToolTipRole);
        }
        heads << QString::fromUtf8(kNames[i].head);
    }
    logarithmic_ = new QCheckBox(tr("Log"));
    logarithmic_->setObjectName(QStringLiteral("sharpnessLogarithmic"));
    logarithmic_->setToolTip(tr("Logarithmic axis; what is not positive has no place on it"));
    words_ = new QLabel;
    words_->setObjectName(QStringLiteral("sharpnessWords"));
    words_->setWordWrap(true);
    chart_ = new CurveChart;
    chart_->setObjectName(QStringLiteral("sharpnessChart"));
    chart_->setAccessibleName(tr("Sharpness"));
    chart_->set_steps_only(true);
    chart_->set_empty_text(
        tr("How curved the loss is where each lane stands. \"Measure now\" measures every lane; set \"again every\" to "
           "follow it."));
    table_ = new LaneTable;
    table_->setObjectName(QStringLiteral("sharpnessTable"));
    // The trace and the top eigenvalue stay, however narrow it gets.
    table_->set_columns(QStringList{tr("Step")} + heads,
                        {heads[kLimit], heads[3], heads[2], heads[5], heads[4], tr("Step")});

    auto* choices = new QHBoxLayout;
    choices->addWidget(quantity_);
    choices->addWidget(logarithmic_);
    choices->addStretch(1);
    auto* top = new QWidget;
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(8, 4, 8, 0);
    column->setSpacing(3);
    column->addWidget(controls_);
    column->addLayout(choices);
    column->addWidget(chart_, 1);
    column->addWidget(words_);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(top);
    splitter->addWidget(table_);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    quantity_->setCurrentIndex(static_cast<int>(kTop));
    connect(quantity_, &QComboBox::currentIndexChanged, this, &SharpnessPanel::show_quantity);
    connect(logarithmic_, &QCheckBox::toggled, this, &SharpnessPanel::show_quantity);
    begin(0);
}

void SharpnessPanel::begin(double steps_per_epoch)
{
    steps_per_epoch_ = steps_per_epoch;
    rows_.assign(lanes_.size(), {});
    problems_.clear();
    refresh();
}

void SharpnessPanel::set_lanes(const std::vector<ShownLane>& lanes)
{
    lanes_ = lanes;
    rows_.resize(lanes_.size());
    refresh();
}

void SharpnessPanel::take(const ProbeReport& report)
{
    if (report.key != "sharpness" || report.lane >= rows_.size()) {
        return;
    }
    problems_.erase(report.lane);
    if (!report.error.empty()) {
        problems_[report.lane] = QString::fromStdString(report.error);
        return;
    }
    Row row;
    row.step = report.step;
    row.values.fill(kNan);
    row.errors.fill(kNan);
    for (const ProbeValue& value : report.result.values) {
        for (std::size_t i = 0; i < kNames.size(); ++i) {
            if (value.key == kNames[i].key) {
                row.values[i] = value.value;
                row.errors[i] = value.error;
            }
        }
    }
    // Live and scheduled reports may overtake each other.
    std::vector<Row>& mine = rows_[report.lane];
    const auto place = std::lower_bound(mine.begin(), mine.end(), row.step,
                                        [](const Row& one, std::uint64_t step) { return one.step < step; });
    if (place != mine.end() && place->step == row.step) {
        *place = row;
    } else {
        mine.insert(place, row);
    }
}

void SharpnessPanel::refresh()
{
    show_quantity();
    fill_table();
    QStringList words;
    for (const auto& [lane, problem] : problems_) {
        words << (lane < lanes_.size() ? lanes_[lane].label + QStringLiteral(": ") : QString()) + problem;
    }
    words_->setText(words.join(QLatin1Char('\n')));
    words_->setVisible(!words.isEmpty());
}

std::vector<CurveView> SharpnessPanel::curves(std::size_t quantity) const
{
    std::vector<CurveView> curves;
    const auto series_of = [&](std::size_t lane, std::size_t which, bool error) {
        auto series = std::make_shared<CurveSeries>();
        for (const Row& row : rows_[lane]) {
            const auto step = static_cast<double>(row.step);
            series->append(step, step, 0, error ? row.errors[which] : row.values[which]);
        }
        return series;
    };
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        CurveView curve{lanes_[i].label, lanes_[i].style, lanes_[i].visible, nullptr};
        if (!rows_[i].empty()) {
            curve.series = series_of(i, quantity, false);
            curve.error = series_of(i, quantity, true);
        }
        curves.push_back(std::move(curve));
    }
    if (quantity != kTop) {
        return curves;
    }
    // One line where all lanes have one step size, else a line a lane.
    double common = kNan;
    bool equal = true;
    for (const std::vector<Row>& lane : rows_) {
        for (const Row& row : lane) {
            equal = equal && (std::isnan(common) || row.values[kLimit] == common);
            common = row.values[kLimit];
        }
    }
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        if (rows_[i].empty() || !std::isfinite(rows_[i].back().values[kLimit])) {
            continue;
        }
        const QString name = QStringLiteral("2/λ");
        CurveView line{equal ? name : name + QLatin1Char(' ') + lanes_[i].label,
                       lanes_[i].style,
                       equal || lanes_[i].visible,
                       series_of(i, kLimit, false),
                       nullptr,
                       true};
        // All of them have one entry: the legend has room for the lanes' names only. With its number where it has one:
        // the line may lie far above the data.
        const QString entry = equal ? name + QStringLiteral(" = ") + number_text(common, 3) : name;
        line.legend = curves.size() == lanes_.size() ? entry : QString();
        curves.push_back(std::move(line));
        if (equal) {
            break;
        }
    }
    return curves;
}

void SharpnessPanel::show_quantity()
{
    const auto quantity = static_cast<std::size_t>(std::max(0, quantity_->currentIndex()));
    chart_->set_y_title(QString::fromUtf8(kNames[quantity].name), QString::fromUtf8(kNames[quantity].head));
    chart_->set_logarithmic(logarithmic_->isChecked());
    chart_->set_x_axis(steps_per_epoch_ > 0 ? XAxis::epochs : XAxis::step,
                       steps_per_epoch_ > 0 ? 1 / steps_per_epoch_ : 1);
    chart_->set_curves(curves(quantity));
}

void SharpnessPanel::fill_table()
{
    std::vector<LaneTable::Row> rows;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        LaneTable::Row row{lanes_[i].label, lanes_[i].style, lanes_[i].visible, {}, {}, false};
        const bool known = !rows_[i].empty();
        row.cells << (known ? count_text(rows_[i].back().step) : QStringLiteral("–"));
        for (std::size_t k = 0; k < kNames.size(); ++k) {
            if (!known) {
                row.cells << QStringLiteral("–");
                continue;
            }
            const Row& newest = rows_[i].back();
            QString text = number_text(newest.values[k], 3);
            if (std::isfinite(newest.errors[k])) {
                text += QStringLiteral(" ± ") + number_text(newest.errors[k], 2);
            }
            row.cells << text;
        }
        const auto problem = problems_.find(i);
        if (problem != problems_.end()) {
            row.bad = true;
            row.tip = problem->second;
        }
        rows.push_back(std::move(row));
    }
    table_->set_rows(rows);
}

}  // namespace basin
