// The Hessian's spectrum of every lane, while it trains.
#pragma once

#include <QWidget>
#include <map>
#include <string>
#include <vector>

#include "core/run/runner.h"
#include "widgets/panels/probe_controls.h"
#include "widgets/panels/shown_lane.h"
#include "widgets/plots/spectrum_chart.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace basin {

/// Takes reports of the probe `hessian_spectrum` as they come: densities with bands, eigenvalues with residuals, for
/// the whole or a layer, now or at an earlier step. Window's thread only.
class SpectrumPanel : public QWidget {
    Q_OBJECT

public:
    explicit SpectrumPanel(QWidget* parent = nullptr);

    /// A new run begins: everything measured so far is forgotten.
    void begin();
    void set_lanes(const std::vector<ShownLane>& lanes);
    void take(const ProbeReport& report);
    /// After any number of take(): shows what came.
    void refresh();

    /// What the next "measure now" is asked for besides.
    bool wants_layers() const;
    bool wants_vectors() const;
    /// The eigenvectors of what is shown of every visible lane, a row each of eigenvectors_LANE_STEP.npy (float32),
    /// with eigenvalue and residual of each row in eigenvalues_LANE_STEP.csv; of a layer with its name before the lane.
    /// Empty when it went well, else one sentence.
    QString save_vectors(const QString& folder) const;

    SpectrumChart& chart() { return *chart_; }
    ProbeControls& controls() { return *controls_; }

Q_SIGNALS:
    void saveVectorsAsked();

private:
    /// Of the whole matrix or of a layer's block.
    struct Part {
        std::shared_ptr<const Spectrum> spectrum;
        ProbeValue top;  // value NaN: not measured
        ProbeValue trace;
        ProbeMatrix vectors;  // in the order of the spectrum's eigenvalues; none unless asked for
    };
    struct Measured {
        std::uint64_t step = 0;
        bool live = false;
        std::map<QString, Part> parts;  // by layer; "": the whole
    };
    const Measured* chosen(std::size_t lane) const;
    /// What is shown of a lane; null when nothing is.
    const Part* shown(std::size_t lane) const;
    void fill_layers();
    void fill_steps();
    void show_spectra();

    std::vector<ShownLane> lanes_;
    std::vector<std::vector<Measured>> measured_;  // by lane, steps increasing
    std::vector<std::uint64_t> steps_;             // of all lanes
    std::map<std::size_t, QString> problems_;      // by lane, of its newest report
    ProbeControls* controls_;
    QComboBox* arrangement_;
    QComboBox* layer_;
    QSlider* history_;
    QCheckBox* each_layer_;
    QCheckBox* vectors_;
    QToolButton* save_vectors_;
    QLabel* step_;
    QLabel* words_;
    SpectrumChart* chart_;
};

}  // namespace basin
