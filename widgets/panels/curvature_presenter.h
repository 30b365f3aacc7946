// From the run to the panels of curvature.
#pragma once

#include <QObject>
#include <cstdint>
#include <string>

#include "widgets/bridge/run_controller.h"

namespace basin {

class ProbeControls;
class SharpnessPanel;
class SpectrumPanel;

/// Makes the panels of spectrum and sharpness, hands them the probes' reports, and asks for measurements when the user
/// does or the time that the user set has come. The widgets belong to whoever puts them into a window (or to `owner`
/// until then). Window's thread only.
class CurvaturePresenter : public QObject {
    Q_OBJECT

public:
    CurvaturePresenter(RunController& controller, QWidget* owner);

    SpectrumPanel& spectrum() { return *spectrum_; }
    SharpnessPanel& sharpness() { return *sharpness_; }

Q_SIGNALS:
    /// A picture or table could not be saved: one sentence.
    void failed(const QString& message);

private:
    /// A probe that a panel asks for.
    struct Asking {
        std::string probe;
        ProbeControls* controls;
        std::uint64_t asked_step = 0;  // newest step when it was last asked for
        bool asked = false;            // in this run
    };
    void connect_controls(Asking& asking);
    /// As the experiment sets the probe up, with what the panel asks for besides. `by_hand`: eigenvectors too, which
    /// are as long as theta and would fill the memory if every later measurement kept its own.
    Params params_of(const Asking& asking, bool by_hand) const;
    void ask(Asking& asking, bool by_hand);
    void show_forecast(Asking& asking);
    void save_vectors();
    void ask_again(Asking& asking, const ProbeActivity& activity);
    void show_activity(Asking& asking, const ProbeActivity& activity);
    void begin_run();
    void arrange_lanes();
    void take_reports();
    void look();

    RunController& controller_;
    SpectrumPanel* spectrum_;
    SharpnessPanel* sharpness_;
    Asking spectrum_asking_;
    Asking sharpness_asking_;
    std::size_t reports_taken_ = 0;
    std::uint64_t looks_ = 0;
};

}  // namespace basin
