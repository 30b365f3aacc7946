#include "widgets/panels/spectrum_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include "core/run/append_file.h"
#include "core/run/npy.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> array(const ProbeResult& result, const std::string& name)
{
    const auto found = result.arrays.find(name);
    return found == result.arrays.end() ? std::vector<double>() : found->second;
}

ProbeValue value(const ProbeResult& result, const std::string& key)
{
    const auto found =
        std::find_if(result.values.begin(), result.values.end(), [&](const ProbeValue& one) { return one.key == key; });
    return found == result.values.end() ? ProbeValue{key, kNan, kNan} : *found;
}

/// Layers that a report has spectra of.
std::set<std::string> layers_of(const ProbeResult& result)
{
    std::set<std::string> layers;
    for (const auto& [name, values] : result.arrays) {
        for (const std::string_view prefix : {"density_at_", "eigenvalues_"}) {
            if (name.starts_with(prefix)) {
                layers.insert(name.substr(prefix.size()));
            }
        }
    }
    return layers;
}

/// `suffix`: "" or "_" and a layer's name.
std::shared_ptr<const Spectrum> spectrum(const ProbeResult& result, const std::string& suffix)
{
    auto spectrum = std::make_shared<Spectrum>();
    spectrum->at = array(result, "density_at" + suffix);
    spectrum->density = array(result, "density" + suffix);
    spectrum->error = array(result, "density_error" + suffix);
    spectrum->eigenvalues = array(result, "eigenvalues" + suffix);
    spectrum->residuals = array(result, "residuals" + suffix);
    return spectrum;
}

ProbeMatrix vectors(const ProbeResult& result, const std::string& suffix)
{
    const auto found = result.matrices.find("eigenvectors" + suffix);
    return found == result.matrices.end() ? ProbeMatrix{} : found->second;
}

}  // namespace

SpectrumPanel::SpectrumPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("spectrumPanel"));
    controls_ = new ProbeControls(QStringLiteral("spectrum"));
    each_layer_ = controls_->add_option(
        QStringLiteral("Layers"), tr("layers"),
        tr("Measures the block of every weight and bias as well, which takes as long again for each of them"));
    vectors_ =
        controls_->add_option(QStringLiteral("Vectors"), tr("eigenvectors"),
                              tr("Keeps the eigenvectors of the next \"Measure now\", so that they can be saved"));
    save_vectors_ = new QToolButton;
    save_vectors_->setObjectName(QStringLiteral("spectrumSaveVectors"));
    save_vectors_->setText(tr("Save vectors"));
    save_vectors_->setToolTip(tr("The eigenvectors shown lanes have here, as .npy into a folder"));
    arrangement_ = new QComboBox;
    arrangement_->setObjectName(QStringLiteral("spectrumArrangement"));
    arrangement_->addItems({tr("Overlaid"), tr("Stacked")});
    arrangement_->setToolTip(tr("Lanes over each other, or in strips below each other"));
    layer_ = new QComboBox;
    layer_->setObjectName(QStringLiteral("spectrumLayer"));
    layer_->setToolTip(tr(
        "The whole Hessian or one layer's block of it. Layers are measured when the probe's \"layers\" is \"each\""));
    history_ = new QSlider(Qt::Horizontal);
    history_->setObjectName(QStringLiteral("spectrumHistory"));
    history_->setToolTip(tr("Measurements so far; at the right end the newest one is shown"));
    history_->setMinimumWidth(50);
    step_ = new QLabel;
    step_->setObjectName(QStringLiteral("spectrumStep"));
    words_ = new QLabel;
    words_->setObjectName(QStringLiteral("spectrumWords"));
    words_->setWordWrap(true);
    words_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    chart_ = new SpectrumChart;
    chart_->setObjectName(QStringLiteral("spectrumChart"));
    chart_->setAccessibleName(tr("Hessian spectrum"));
    chart_->set_empty_text(
        tr("Eigenvalues of the Hessian: flat minima have small ones. \"Measure now\" measures every lane."));

    auto* choices = new QHBoxLayout;
    choices->addWidget(arrangement_);
    choices->addWidget(layer_);
    choices->addWidget(history_, 1);
    choices->addWidget(step_);
    choices->addWidget(save_vectors_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(3);
    layout->addWidget(controls_);
    layout->addLayout(choices);
    layout->addWidget(chart_, 1);
    layout->addWidget(words_);

    connect(arrangement_, &QComboBox::currentIndexChanged, this,
            [this](int index) { chart_->set_stacked(index == 1); });
    connect(layer_, &QComboBox::currentIndexChanged, this, &SpectrumPanel::show_spectra);
    connect(save_vectors_, &QToolButton::clicked, this, &SpectrumPanel::saveVectorsAsked);
    connect(history_, &QSlider::valueChanged, this, &SpectrumPanel::show_spectra);
    begin();
}

void SpectrumPanel::begin()
{
    measured_.assign(lanes_.size(), {});
    steps_.clear();
    problems_.clear();
    fill_layers();
    fill_steps();
    show_spectra();
}

void SpectrumPanel::set_lanes(const std::vector<ShownLane>& lanes)
{
    lanes_ = lanes;
    measured_.resize(lanes_.size());
    show_spectra();
}

void SpectrumPanel::take(const ProbeReport& report)
{
    if (report.key != "hessian_spectrum" || report.lane >= measured_.size()) {
        return;
    }
    problems_.erase(report.lane);
    if (!report.error.empty()) {
        problems_[report.lane] = QString::fromStdString(report.error);
        return;
    }
    Measured measured{report.step, report.live, {}};
    measured.parts[QString()] = {spectrum(report.result, {}), value(report.result, "top_0"),
                                 value(report.result, "trace"), vectors(report.result, {})};
    for (const std::string& layer : layers_of(report.result)) {
        const std::string suffix = "_" + layer;
        measured.parts[QString::fromStdString(layer)] = {
            spectrum(report.result, suffix), value(report.result, "top" + suffix),
            value(report.result, "trace" + suffix), vectors(report.result, suffix)};
    }
    // A live measurement may come in before a scheduled one of an earlier step.
    std::vector<Measured>& mine = measured_[report.lane];
    const auto place = std::lower_bound(mine.begin(), mine.end(), report.step,
                                        [](const Measured& one, std::uint64_t step) { return one.step < step; });
    if (place != mine.end() && place->step == report.step) {
        *place = std::move(measured);
    } else {
        mine.insert(place, std::move(measured));
    }
    const auto known = std::lower_bound(steps_.begin(), steps_.end(), report.step);
    if (known == steps_.end() || *known != report.step) {
        steps_.insert(known, report.step);
    }
}

void SpectrumPanel::refresh()
{
    fill_layers();
    fill_steps();
    show_spectra();
}

void SpectrumPanel::fill_layers()
{
    QStringList layers;
    for (const std::vector<Measured>& lane : measured_) {
        for (const Measured& measured : lane) {
            for (const auto& [layer, spectrum] : measured.parts) {
                if (!layer.isEmpty() && !layers.contains(layer)) {
                    layers << layer;
                }
            }
        }
    }
    if (layer_->count() == layers.size() + 1) {
        return;
    }
    const QSignalBlocker blocker(layer_);
    const QString before = layer_->currentData().toString();
    layer_->clear();
    layer_->addItem(tr("Whole"), QString());
    for (const QString& layer : layers) {
        layer_->addItem(layer, layer);
    }
    layer_->setCurrentIndex(std::max(0, layer_->findData(before)));
    layer_->setVisible(layer_->count() > 1);
}

void SpectrumPanel::fill_steps()
{
    const bool newest = history_->value() == history_->maximum();
    const QSignalBlocker blocker(history_);
    history_->setRange(0, std::max(0, static_cast<int>(steps_.size()) - 1));
    if (newest) {
        history_->setValue(history_->maximum());
    }
    history_->setEnabled(steps_.size() > 1);
}

/// The newest measurement of a lane that is not younger than the step chosen.
const SpectrumPanel::Measured* SpectrumPanel::chosen(std::size_t lane) const
{
    if (steps_.empty()) {
        return nullptr;
    }
    const std::uint64_t step = steps_[static_cast<std::size_t>(history_->value())];
    const Measured* found = nullptr;
    for (const Measured& measured : measured_[lane]) {
        found = measured.step <= step ? &measured : found;
    }
    return found;
}

const SpectrumPanel::Part* SpectrumPanel::shown(std::size_t lane) const
{
    const Measured* measured = chosen(lane);
    if (measured == nullptr || !lanes_[lane].visible) {
        return nullptr;
    }
    const auto part = measured->parts.find(layer_->currentData().toString());
    return part == measured->parts.end() ? nullptr : &part->second;
}

bool SpectrumPanel::wants_layers() const
{
    return each_layer_->isChecked();
}

bool SpectrumPanel::wants_vectors() const
{
    return vectors_->isChecked();
}

QString SpectrumPanel::save_vectors(const QString& folder) const
{
    const std::string layer = layer_->currentData().toString().toStdString();
    try {
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            const Part* part = shown(i);
            if (part == nullptr || !part->vectors.numbers) {
                continue;
            }
            const std::string name =
                "_" + (layer.empty() ? "" : layer + "_") + std::to_string(i) + "_" + std::to_string(chosen(i)->step);
            const std::filesystem::path to(folder.toStdString());
            write_npy(to / ("eigenvectors" + name + ".npy"), *part->vectors.numbers, part->vectors.rows,
                      part->vectors.columns);
            std::string table = "eigenvalue,residual\n";
            for (std::size_t k = 0; k < part->spectrum->eigenvalues.size(); ++k) {
                table +=
                    csv_number(part->spectrum->eigenvalues[k]) + "," + csv_number(part->spectrum->residuals[k]) + "\n";
            }
            replace_file(to / ("eigenvalues" + name + ".csv"), table, false);
        }
    } catch (const std::exception& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

void SpectrumPanel::show_spectra()
{
    const QString layer = layer_->currentData().toString();
    std::vector<SpectrumCurve> curves;
    QStringList words;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        SpectrumCurve curve{lanes_[i].label, lanes_[i].style, lanes_[i].visible, nullptr};
        if (const Measured* measured = chosen(i)) {
            const auto found = measured->parts.find(layer);
            const Part part = found == measured->parts.end() ? Part() : found->second;
            curve.spectrum = part.spectrum;
            QStringList numbers;
            if (part.spectrum && part.top.value == part.top.value) {
                numbers << tr("top %1 ± %2").arg(number_text(part.top.value), number_text(part.top.error, 1));
            }
            if (part.spectrum && part.trace.value == part.trace.value) {
                numbers << tr("trace %1 ± %2").arg(number_text(part.trace.value), number_text(part.trace.error, 2));
            }
            const QString text =
                QStringLiteral("%1, step %2%3: %4")
                    .arg(lanes_[i].label, count_text(measured->step), measured->live ? tr(" (live)") : QString(),
                         part.spectrum ? numbers.join(QStringLiteral(", ")) : tr("this layer was not measured"));
            if (lanes_[i].visible) {
                words << text;
            }
        }
        curves.push_back(std::move(curve));
    }
    for (const auto& [lane, problem] : problems_) {
        words << (lane < lanes_.size() ? lanes_[lane].label + QStringLiteral(": ") : QString()) + problem;
    }
    step_->setText(steps_.empty() ? QString()
                                  : tr("step %1").arg(count_text(steps_[static_cast<std::size_t>(history_->value())])));
    words_->setText(words.join(QLatin1Char('\n')));
    words_->setVisible(!words.isEmpty());
    bool can_save = false;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        const Part* part = shown(i);
        can_save = can_save || (part != nullptr && part->vectors.numbers);
    }
    save_vectors_->setVisible(can_save);
    chart_->set_curves(std::move(curves));
}

}  // namespace basin
