#include "widgets/panels/measure_panel.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/landscape/landscape.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/theme.h"

namespace basin {

MeasurePanel::MeasurePanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("measurePanel"));
    what_ = new QComboBox;
    what_->setObjectName(QStringLiteral("measureQuantity"));
    what_->setToolTip(QStringLiteral("The newest measurement, or one quantity over the steps"));
    what_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    what_->setMinimumContentsLength(12);
    coordinate_ = new QComboBox;
    coordinate_->setObjectName(QStringLiteral("measureCoordinate"));
    coordinate_->addItems({QStringLiteral("W1 of θ₁"), QStringLiteral("W1 of θ₂")});
    coordinate_->setToolTip(QStringLiteral("The coordinate whose marginal is compared"));
    light_ = new QLabel;
    light_->setObjectName(QStringLiteral("measureLight"));
    light_->setWordWrap(true);
    words_ = new QLabel;
    words_->setObjectName(QStringLiteral("measureWords"));
    words_->setWordWrap(true);
    bars_ = new MeasureBars;
    chart_ = new CurveChart;
    chart_->setObjectName(QStringLiteral("measureChart"));
    chart_->setAccessibleName(QStringLiteral("Measurements over steps"));
    chart_->set_steps_only(true);
    chart_->set_empty_text(QStringLiteral("Measurements over the steps appear here while the run goes on."));

    auto* now = new QWidget;
    auto* column = new QVBoxLayout(now);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bars_);
    column->addWidget(words_);
    column->addStretch(1);
    scroll_ = new QScrollArea;
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setWidget(now);
    leave_room();
    pages_ = new QStackedWidget;
    pages_->addWidget(scroll_);
    pages_->addWidget(chart_);

    auto* controls = new QHBoxLayout;
    controls->addWidget(what_, 1);
    controls->addWidget(coordinate_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 4);
    layout->setSpacing(4);
    controls->setContentsMargins(8, 0, 8, 0);
    layout->addLayout(controls);
    light_->setContentsMargins(10, 0, 10, 0);
    words_->setContentsMargins(10, 2, 10, 2);
    layout->addWidget(light_);
    layout->addWidget(pages_, 1);

    connect(what_, &QComboBox::currentIndexChanged, this, &MeasurePanel::show_quantity);
    connect(coordinate_, &QComboBox::currentIndexChanged, this, [this](int index) {
        bars_->set_coordinate(index == 0 ? MeasureBars::Coordinate::x : MeasureBars::Coordinate::y);
    });
    fill_quantities();
}

/// The bars do not scroll sideways: they get what they need, in this font, beside the scroll bar.
void MeasurePanel::leave_room()
{
    scroll_->setMinimumWidth(bars_->minimumSizeHint().width() + scroll_->verticalScrollBar()->sizeHint().width());
}

void MeasurePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        leave_room();
    }
}

// Shares of the basins, then W1 of theta 1 and of theta 2 to the measures.
std::size_t MeasurePanel::quantity_count() const
{
    return static_cast<std::size_t>(basins_.size()) + 2 * kMeasures;
}

QString MeasurePanel::quantity_name(std::size_t quantity) const
{
    const auto basins = static_cast<std::size_t>(basins_.size());
    if (quantity < basins) {
        return QStringLiteral("Share in the ") + basins_[static_cast<qsizetype>(quantity)];
    }
    const std::size_t k = quantity - basins;
    return QStringLiteral("W1 of %1 to %2")
        .arg(k < kMeasures ? QStringLiteral("θ₁") : QStringLiteral("θ₂"), measure_name(k % kMeasures));
}

void MeasurePanel::fill_quantities()
{
    const QString before = what_->currentText();
    const QSignalBlocker blocker(what_);
    what_->clear();
    what_->addItem(QStringLiteral("Now"));
    for (std::size_t i = 0; i < quantity_count(); ++i) {
        what_->addItem(quantity_name(i));
    }
    what_->setCurrentIndex(std::max(0, what_->findText(before)));
    show_quantity();
}

void MeasurePanel::begin(std::shared_ptr<const Landscape> landscape)
{
    landscape_ = std::move(landscape);
    const QStringList basins = landscape_ ? basin_names(*landscape_) : QStringList();
    for (MeasureRow& row : rows_) {
        row.newest = {};
    }
    histories_.clear();
    if (basins != basins_) {
        basins_ = basins;
        fill_quantities();
    }
    refresh();
    show_quantity();
}

void MeasurePanel::set_lanes(const std::vector<MeasureRow>& lanes)
{
    std::vector<MeasureRow> rows = lanes;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].newest = i < rows_.size() ? rows_[i].newest : LaneMeasure{};
    }
    rows_ = std::move(rows);
    refresh();
    show_quantity();
}

void MeasurePanel::take(const ProbeReport& report)
{
    if (report.key != "gibbs_distance" || report.lane >= rows_.size()) {
        return;
    }
    LaneMeasure measure = read_measure(report);
    histories_.resize(rows_.size());
    History& history = histories_[report.lane];
    if (history.series.size() != quantity_count()) {
        history.series.clear();
        for (std::size_t i = 0; i < quantity_count(); ++i) {
            history.series.push_back(std::make_shared<CurveSeries>());
        }
        history.last_step = 0;
    }
    // Scheduled and live reports may overtake each other; a curve goes forward only.
    if (measure.measured && (history.series.front()->empty() || report.step > history.last_step)) {
        const auto step = static_cast<double>(report.step);
        const auto basins = static_cast<std::size_t>(basins_.size());
        for (std::size_t i = 0; i < quantity_count(); ++i) {
            double value = std::numeric_limits<double>::quiet_NaN();
            if (i < basins) {
                value = i < measure.basins.size() ? measure.basins[i].share.value : value;
            } else {
                const std::size_t k = i - basins;
                value = (k < kMeasures ? measure.x : measure.y)[k % kMeasures].w1.value;
            }
            history.series[i]->append(step, step, 0, value);
        }
        history.last_step = report.step;
    }
    if (report.step >= rows_[report.lane].newest.step || !rows_[report.lane].newest.measured) {
        rows_[report.lane].newest = std::move(measure);
    }
}

void MeasurePanel::refresh()
{
    bars_->set_rows(rows_, basins_);
    show_light();
    if (pages_->currentIndex() == 1) {
        show_quantity();
    }
    words_->setText(landscape_ ? explain(rows_, *landscape_).join(QLatin1Char(' ')) : QString());
    words_->setVisible(!words_->text().isEmpty());
}

void MeasurePanel::show_quantity()
{
    const int index = what_->currentIndex();
    pages_->setCurrentIndex(index > 0 ? 1 : 0);
    coordinate_->setVisible(index <= 0);
    if (index <= 0) {
        return;
    }
    const auto quantity = static_cast<std::size_t>(index - 1);
    std::vector<CurveView> curves;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const bool known = i < histories_.size() && quantity < histories_[i].series.size();
        curves.push_back({rows_[i].label, rows_[i].style, rows_[i].visible,
                          known ? std::shared_ptr<const CurveSeries>(histories_[i].series[quantity]) : nullptr});
    }
    const bool share = quantity < static_cast<std::size_t>(basins_.size());
    chart_->set_y_limits(share ? AxisRange{0, 1} : AxisRange{0, 0});
    chart_->set_y_title(share ? QStringLiteral("share of particles") : QStringLiteral("W1"), QStringLiteral("share"));
    chart_->set_logarithmic(!share);
    chart_->set_curves(std::move(curves));
}

void MeasurePanel::show_light()
{
    const Theme& theme = Theme::of(*this);
    const LaneMeasure* worst = nullptr;
    QString error;
    for (const MeasureRow& row : rows_) {
        if (!row.visible) {
            continue;
        }
        if (!row.newest.error.isEmpty()) {
            error = row.newest.error;
        }
        const bool known = row.newest.measured && row.newest.validity != ValidityLight::unknown;
        if (known && (worst == nullptr || row.newest.validity > worst->validity)) {
            worst = &row.newest;
        }
    }
    if (!error.isEmpty()) {
        light_->setText(
            QStringLiteral("<span style='color:%1'>●</span> %2").arg(theme.bad.name(), error.toHtmlEscaped()));
    } else if (worst == nullptr) {
        light_->clear();
    } else {
        constexpr double kNothing = 0.001;  // what rounding leaves of equal measures is no difference
        const QString difference = worst->total_variation < kNothing ? QStringLiteral("less than 0.001")
                                                                     : number_text(worst->total_variation, 2);
        const QString numbers = QStringLiteral(" (π_v and π_g differ by %1 in total variation, σ = %2)")
                                    .arg(difference, number_text(worst->sigma, 3));
        const bool good = worst->validity == ValidityLight::good;
        const bool wrong = worst->validity == ValidityLight::wrong;
        const QString text = good    ? QStringLiteral("π_v can be trusted here")
                             : wrong ? QStringLiteral("Do not trust π_v here, read π_g")
                                     : QStringLiteral("π_v is doubtful here, prefer π_g");
        light_->setText(QStringLiteral("<span style='color:%1'>●</span> <b>%2</b>%3")
                            .arg((good    ? theme.good
                                  : wrong ? theme.bad
                                          : theme.warn)
                                     .name(),
                                 text, numbers));
    }
    light_->setVisible(!light_->text().isEmpty());
}

}  // namespace basin
