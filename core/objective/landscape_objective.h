// A landscape as an objective: many particles, exact or noisy gradients.
#pragma once

#include <memory>

#include "core/catalog/params.h"
#include "core/compute/block.h"
#include "core/compute/device_landscape.h"
#include "core/landscape/landscape.h"
#include "core/objective/objective.h"

namespace basin {

/// Evaluates a landscape at any number of particles with the kernels of its backend's instruction set. Gradients get
/// N(0, gradient_noise^2 I) added, which stands for mini-batches: a pure function of the BatchKey. Values are exact.
///
/// Where the backend's memory is a GPU's, the kernels are that GPU's.
///
/// A particle that leaves the escape box, or stops being finite, becomes NaN for good (see measure).
class LandscapeObjective : public Objective {
public:
    /// The escape box reaches this many view half-widths from the view's centre.
    static constexpr double kEscapeReach = 100;

    /// Throws std::invalid_argument where the backend's device has no kernels of this landscape.
    LandscapeObjective(std::shared_ptr<const Landscape> landscape, double gradient_noise, Backend& backend);

    /// "gradient_noise", which stands beside a landscape's own parameters in a spec.
    static ParamSpec gradient_noise_param();

    const Layout& layout() const override { return layout_; }
    const Layout& buffer_layout() const override { return buffer_layout_; }
    /// Throws std::invalid_argument naming start.points or start.spread.
    void start(std::span<float> theta, std::span<float> buffers, std::size_t chains, const StartSpec& spec,
               std::uint64_t seed) override;
    void evaluate(const EvaluationArrays& arrays, BatchKey key, Want want) override;
    std::size_t examples(BatchKey, Want) const override { return 0; }
    std::size_t steps_per_epoch() const override { return 0; }
    std::vector<std::string> metric_keys() const override { return {}; }
    const Landscape* landscape() const override { return landscape_.get(); }
    /// "loss": the landscape's exact value, in double; samples and seed have no meaning.
    std::vector<std::string> point_value_keys() const override { return {"loss"}; }
    std::unique_ptr<PointValues> point_values(std::span<const float>, const PointRequest& request) override;
    std::unique_ptr<Objective> clone(Backend& backend) const override;

    float gradient_noise() const { return gradient_noise_; }
    const LandscapeKernels& kernels() const;
    EscapeBox escape_box() const;
    /// Null where the backend's memory is the host's.
    DeviceLandscape* on_device() const { return device_; }

    /// How many particles have not escaped, and the sum of their values (0 when it was not asked for).
    using Totals = EnsembleTotals;
    /// Applies the escape rule to theta and counts. Sums in a fixed order, so equal theta gives equal bytes.
    Totals measure(float* theta, std::size_t chains, bool losses);

private:
    std::shared_ptr<const Landscape> landscape_;
    float gradient_noise_;
    Backend* backend_;
    DeviceLandscape* device_ = nullptr;
    Layout layout_;
    Layout buffer_layout_;
};

}  // namespace basin
