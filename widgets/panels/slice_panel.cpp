#include "widgets/panels/slice_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/slice/barrier.h"
#include "core/slice/slice_order.h"
#include "widgets/panels/wrap_layout.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

struct Kind {
    PlaneKind kind;
    const char* name;
    std::size_t lanes;  // that it asks for; 0: all of them
    const char* tip;
};

constexpr std::array<Kind, 7> kKinds{{
    {PlaneKind::principal, "Paths of all lanes", 0,
     "The plane in which all lanes' paths together move most (principal components)"},
    {PlaneKind::line, "Line between two lanes", 2, "From one lane's solution to another's, with the barrier between"},
    {PlaneKind::points, "Through three lanes", 3, "The plane that holds three lanes' solutions"},
    {PlaneKind::line_and_random, "Two lanes and a random direction", 2,
     "Across: from one lane's solution to another's; up: a random direction, filter-normalised"},
    {PlaneKind::random, "Random directions", 1, "Two random directions around a lane's solution, filter-normalised"},
    {PlaneKind::hessian_top, "Two most curved directions", 1, "The two largest eigenvalues' directions of the Hessian"},
    {PlaneKind::hessian_top_and_bottom, "Most and least curved direction", 1,
     "The largest and the smallest (most negative) eigenvalue's directions of the Hessian"},
}};

const Kind& kind_at(int index)
{
    return kKinds[static_cast<std::size_t>(std::max(0, index))];
}

QString value_name(const std::string& key)
{
    static const std::map<std::string, QString> names{
        {"train_loss", QStringLiteral("training loss")},
        {"test_loss", QStringLiteral("test loss")},
        {"train_accuracy", QStringLiteral("training accuracy")},
        {"test_accuracy", QStringLiteral("test accuracy")},
        {"smoothed_train_loss", QStringLiteral("smoothed training loss")},
        {"smoothed_train_loss_error", QStringLiteral("its standard error")},
    };
    const auto known = names.find(key);
    return known == names.end() ? QString::fromStdString(key) : known->second;
}

bool is_accuracy(const std::string& key)
{
    return key.ends_with("accuracy");
}

/// What the colour bar says: the unit, and that equal steps of colour are equal shares of the plane, not of the value.
QString scale_title(const std::string& key)
{
    const QString unit = is_accuracy(key) ? QStringLiteral("share of examples") : QStringLiteral("mean per example");
    return QStringLiteral("%1 (%2), colours by rank").arg(value_name(key), unit);
}

constexpr int kSteps = 1000;  // of the progress bar
constexpr int kGap = 6;

}  // namespace

SlicePanel::SlicePanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("slicePanel"));
    kind_ = new QComboBox;
    kind_->setObjectName(QStringLiteral("sliceKind"));
    for (const Kind& kind : kKinds) {
        kind_->addItem(QString::fromUtf8(kind.name));
        kind_->setItemData(kind_->count() - 1, QString::fromUtf8(kind.tip), Qt::ToolTipRole);
    }
    count_ = new QComboBox;
    count_->setObjectName(QStringLiteral("sliceCount"));
    for (const int count : {21, 51, 101}) {
        count_->addItem(tr("%1 a side").arg(count), count);
    }
    count_->setCurrentIndex(1);
    count_->setToolTip(tr("Points along each direction"));
    test_ = new QCheckBox(tr("Test set too"));
    test_->setObjectName(QStringLiteral("sliceTest"));
    test_->setToolTip(tr("Loss and accuracy on test examples as well; a point takes twice as long"));
    sigma_ = new QDoubleSpinBox;
    sigma_->setObjectName(QStringLiteral("sliceSigma"));
    sigma_->setDecimals(4);
    sigma_->setRange(0, 10);
    sigma_->setSingleStep(0.005);
    sigma_->setPrefix(tr("smoothed, σ "));
    sigma_->setSpecialValueText(tr("not smoothed"));
    sigma_->setToolTip(tr(
        "The loss as fSGLD sees it: its mean over normal perturbations of this scale, by 8 pairs of perturbations that "
        "all points share; a point takes 17 times as long"));
    compute_ = new QToolButton;
    compute_->setObjectName(QStringLiteral("sliceCompute"));
    compute_->setText(tr("Compute"));
    compute_->setToolTip(tr("Coarse first, then finer, beside the run; a new slice takes the place of this one"));
    cancel_ = new QToolButton;
    cancel_->setObjectName(QStringLiteral("sliceCancel"));
    save_ = new QToolButton;
    save_->setObjectName(QStringLiteral("sliceSave"));
    save_->setText(tr("Save"));
    save_->setToolTip(tr("All numbers (.npy and .json in a folder), the table (.csv) or the picture (.png, .svg)"));
    auto* open = new QToolButton;
    open->setObjectName(QStringLiteral("sliceOpen"));
    open->setText(tr("Open"));
    open->setToolTip(tr("A folder that was saved from this experiment; a half-done slice goes on"));

    value_ = new QComboBox;
    value_->setObjectName(QStringLiteral("sliceValue"));
    value_->setToolTip(tr("What the map shows"));
    progress_ = new QProgressBar;
    progress_->setObjectName(QStringLiteral("sliceProgress"));
    progress_->setRange(0, kSteps);
    progress_->setTextVisible(false);
    progress_->setMaximumHeight(8);
    state_ = new QLabel;
    state_->setObjectName(QStringLiteral("sliceState"));
    state_->setWordWrap(true);
    words_ = new QLabel;
    words_->setObjectName(QStringLiteral("sliceWords"));
    words_->setWordWrap(true);
    words_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    chart_ = new SliceChart;
    chart_->setObjectName(QStringLiteral("sliceChart"));
    chart_->setAccessibleName(tr("Loss slice"));
    chart_->set_empty_text(
        tr("The loss around where the lanes went: choose a line or a plane through theta's space and compute it."));

    auto* controls = new WrapLayout(kGap);
    controls->addWidget(kind_);
    for (int i = 0; i < 3; ++i) {
        from_.push_back(new QComboBox);
        from_.back()->setObjectName(QStringLiteral("sliceLane%1").arg(i));
        from_.back()->setToolTip(tr("The lane whose newest state is taken"));
        controls->addWidget(from_.back());
    }
    for (QWidget* control :
         std::initializer_list<QWidget*>{count_, test_, sigma_, compute_, cancel_, value_, save_, open}) {
        controls->addWidget(control);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(4);
    layout->addLayout(controls);
    layout->addWidget(progress_);
    layout->addWidget(state_);
    layout->addWidget(chart_, 1);
    layout->addWidget(words_);

    connect(kind_, &QComboBox::currentIndexChanged, this, &SlicePanel::show_needs);
    connect(value_, &QComboBox::currentIndexChanged, this, &SlicePanel::show_slice);
    connect(compute_, &QToolButton::clicked, this, &SlicePanel::computeAsked);
    connect(cancel_, &QToolButton::clicked, this, [this] {
        if (report_.stage == SliceStage::cancelled) {
            Q_EMIT resumeAsked();
        } else {
            Q_EMIT cancelAsked();
        }
    });
    connect(save_, &QToolButton::clicked, this, &SlicePanel::saveAsked);
    connect(open, &QToolButton::clicked, this, &SlicePanel::openAsked);
    show_needs();
    begin();
}

void SlicePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    Q_EMIT shown();
}

void SlicePanel::begin()
{
    marks_.clear();
    set_report({});
}

void SlicePanel::set_lanes(const std::vector<ShownLane>& lanes)
{
    lanes_ = lanes;
    for (std::size_t i = 0; i < from_.size(); ++i) {
        const QSignalBlocker blocker(from_[i]);
        const int before = from_[i]->currentIndex();
        from_[i]->clear();
        for (const ShownLane& lane : lanes_) {
            from_[i]->addItem(lane.label);
        }
        // At first each names another lane.
        const int fresh = std::min(static_cast<int>(i), from_[i]->count() - 1);
        from_[i]->setCurrentIndex(before >= 0 && before < from_[i]->count() ? before : fresh);
    }
    chart_->set_paths(paths());
}

SlicePanel::Choice SlicePanel::choice() const
{
    const Kind& kind = kind_at(kind_->currentIndex());
    Choice choice{
        kind.kind, {}, static_cast<std::size_t>(count_->currentData().toInt()), test_->isChecked(), sigma_->value()};
    for (std::size_t i = 0; i < kind.lanes; ++i) {
        choice.lanes.push_back(static_cast<std::size_t>(std::max(0, from_[i]->currentIndex())));
    }
    return choice;
}

void SlicePanel::show_needs()
{
    const Kind& kind = kind_at(kind_->currentIndex());
    kind_->setToolTip(QString::fromUtf8(kind.tip));
    for (std::size_t i = 0; i < from_.size(); ++i) {
        from_[i]->setVisible(i < kind.lanes);
    }
}

void SlicePanel::set_report(const SliceReport& report)
{
    const bool new_plane = report.spec != report_.spec;
    report_ = report;
    if (new_plane) {
        marks_ = report_.spec ? report_.spec->plane.marks : std::vector<PlaneMark>();
        const QSignalBlocker blocker(value_);
        const QVariant before = value_->currentData();
        value_->clear();
        for (const std::string& key : report_.values.keys) {
            value_->addItem(value_name(key), QString::fromStdString(key));
        }
        value_->setCurrentIndex(std::max(0, value_->findData(before)));
    }
    // Losses of a line stand in one picture, accuracies in another.
    value_->setVisible(value_->count() > 1);
    show_progress();
    show_slice();
    if (new_plane) {
        chart_->fit();
    }
}

void SlicePanel::set_marks(const std::vector<PlaneMark>& marks)
{
    marks_ = marks;
    chart_->set_paths(paths());
}

std::vector<SliceField> SlicePanel::fields(bool filled) const
{
    std::vector<SliceField> fields;
    if (!report_.spec || report_.values.keys.empty() || report_.spec->axes.empty()) {
        return fields;
    }
    const SliceSpec& spec = *report_.spec;
    const SliceOrder order(spec.rows(), spec.columns());
    const std::string chosen = value_->currentData().toString().toStdString();
    for (std::size_t k = 0; k < report_.values.keys.size(); ++k) {
        const std::string& key = report_.values.keys[k];
        const bool line = spec.axes.size() == 1;
        const bool wanted = line ? is_accuracy(key) == is_accuracy(chosen) && !key.ends_with("_error") : key == chosen;
        if (filled && !wanted) {
            continue;
        }
        SliceField field;
        field.name = value_name(key);
        field.rows = spec.rows();
        field.columns = spec.columns();
        field.alpha = {spec.axes[0].lower, spec.axes[0].upper};
        field.beta = line ? AxisRange{0, 1} : AxisRange{spec.axes[1].lower, spec.axes[1].upper};
        field.values =
            filled && !line ? order.filled(report_.values.arrays[k], report_.values.done) : report_.values.arrays[k];
        fields.push_back(std::move(field));
    }
    return fields;
}

std::vector<SlicePath> SlicePanel::paths() const
{
    std::vector<SlicePath> paths;
    for (const ShownLane& lane : lanes_) {
        SlicePath path{lane.label, lane.style, lane.visible, {}};
        for (const PlaneMark& mark : marks_) {
            if (QString::fromStdString(mark.label) == lane.label) {
                path.stops.push_back({mark.at.alpha, mark.at.beta, mark.at.distance, mark.step});
            }
        }
        if (!path.stops.empty()) {
            paths.push_back(std::move(path));
        }
    }
    return paths;
}

void SlicePanel::show_slice()
{
    const bool line = report_.spec && report_.spec->axes.size() == 1;
    chart_->set_titles(QStringLiteral("α"), line ? value_->currentText() : QStringLiteral("β"));
    chart_->set_scale_title(scale_title(value_->currentData().toString().toStdString()), value_->currentText());
    chart_->set_slice(fields(true), fields(false));
    chart_->set_paths(paths());
    words_->setText(words());
    words_->setVisible(!words_->text().isEmpty());
}

QString SlicePanel::words() const
{
    QStringList words;
    if (!report_.spec) {
        return {};
    }
    QStringList shares;
    for (const auto& [name, number] : report_.spec->plane.numbers) {
        if (!name.starts_with("share")) {
            words << QString::fromStdString(name) + QLatin1Char(' ') + number_text(number, 3);
        } else if (shares.size() < 2) {
            shares << percent_text(number);  // those of the directions that are not drawn say nothing of the picture
        }
    }
    if (shares.size() == 2) {
        words << tr("%1 of the paths' variation lies along α, %2 along β").arg(shares[0], shares[1]);
    }
    if (report_.spec->axes.size() == 1) {
        for (std::size_t k = 0; k < report_.values.keys.size(); ++k) {
            const std::string& key = report_.values.keys[k];
            if (is_accuracy(key) || key.ends_with("_error")) {
                continue;
            }
            if (const auto found = barrier(report_.spec->axes[0], report_.values.arrays[k])) {
                words << tr("barrier of the %1: %2 at α = %3")
                             .arg(value_name(key), number_text(found->height, 3), number_text(found->t, 3));
            }
        }
    }
    return words.join(QStringLiteral(";  "));
}

void SlicePanel::show_progress()
{
    const SliceStage stage = report_.stage;
    const bool busy = stage == SliceStage::directions || stage == SliceStage::points;
    progress_->setVisible(busy || stage == SliceStage::cancelled);
    progress_->setValue(static_cast<int>(report_.progress * kSteps));
    cancel_->setVisible(busy || stage == SliceStage::cancelled);
    cancel_->setText(stage == SliceStage::cancelled ? tr("Go on") : tr("Cancel"));
    cancel_->setToolTip(stage == SliceStage::cancelled ? tr("Goes on with the points that are left")
                                                       : tr("Stops after the point in hand; what is known stays"));
    save_->setEnabled(report_.values.done > 0);
    QString text;
    if (stage == SliceStage::directions) {
        text = tr("Looking for the directions");
    } else if (stage == SliceStage::points || stage == SliceStage::cancelled) {
        text = tr("%1 of %2 points")
                   .arg(count_text(report_.values.done), count_text(report_.values.rows * report_.values.columns));
        if (std::isfinite(report_.seconds_left)) {
            text += tr(", about %1 left").arg(seconds_text(report_.seconds_left));
        }
    } else if (stage == SliceStage::finished) {
        text = tr("%1 points in %2").arg(count_text(report_.values.done), seconds_text(report_.seconds));
    } else if (stage == SliceStage::failed) {
        text = QString::fromStdString(report_.message);
    }
    state_->setText(text);
    state_->setVisible(!text.isEmpty());
}

}  // namespace basin
