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

class QComboBox;
class QLabel;
class QSlider;

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

    SpectrumChart& chart() { return *chart_; }
    ProbeControls& controls() { return *controls_; }

private:
    struct Measured {
        std::uint64_t step = 0;
        bool live = false;
        double trace = 0;
        double trace_error = 0;
        double top = 0;
        double top_error = 0;
        std::map<QString, std::shared_ptr<const Spectrum>> parts;  // by layer; "": the whole
    };
    const Measured* chosen(std::size_t lane) const;
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
    QLabel* step_;
    QLabel* words_;
    SpectrumChart* chart_;
};

}  // namespace basin
