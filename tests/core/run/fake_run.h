// Runs that need no data, no network and no catalog of probes.
#pragma once

#include <QByteArray>
#include <QTemporaryDir>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "core/run/run_parts.h"
#include "core/run/runner.h"
#include "core/run/spec.h"

namespace basin {

/// Holds measurements up until it is opened, so that a test decides when a probe is slow.
class Gate {
public:
    explicit Gate(bool open) : open_(open) {}
    void open();
    /// Lets this many more through.
    void admit(int passes);
    void pass(std::stop_token stop);
    /// All who were admitted are through, and somebody stands before it.
    bool holds() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    bool open_;
    int admitted_ = 0;
    int standing_ = 0;
};

/// Four coordinates, u = |x|^2 / 2, a gradient with a little noise from the batch, epochs of eight steps and a metric
/// "norm", which waits for the gate `metrics` after a quarter of the way. Like a network it is no landscape: its lanes
/// step through the backend's verbs.
class FakeObjective : public Objective {
public:
    FakeObjective(Backend& backend, std::shared_ptr<Gate> gate,
                  std::shared_ptr<Gate> metrics = std::make_shared<Gate>(true));
    const Layout& layout() const override { return layout_; }
    const Layout& buffer_layout() const override { return buffer_layout_; }
    void start(std::span<float> theta, std::span<float> buffers, std::size_t chains, const StartSpec& spec,
               std::uint64_t seed) override;
    void evaluate(const EvaluationArrays& arrays, BatchKey key, Want want) override;
    std::size_t examples(BatchKey, Want) const override { return 16; }
    std::size_t steps_per_epoch() const override { return 8; }
    std::vector<std::string> metric_keys() const override { return {"norm"}; }
    std::optional<std::vector<double>> metrics(std::span<const float> theta, std::span<const float> buffers,
                                               const std::stop_token& stop,
                                               const std::function<void(double)>& progress) override;
    std::vector<std::string> point_value_keys() const override { return {"loss"}; }
    std::unique_ptr<PointValues> point_values(std::span<const float> buffers, const PointRequest& request) override;
    std::unique_ptr<Objective> clone(Backend& backend) const override;
    Gate& gate() const { return *gate_; }

private:
    std::shared_ptr<Gate> gate_;
    std::shared_ptr<Gate> metrics_gate_;
    Layout layout_;
    Layout buffer_layout_;
};

/// Real backends and optimizers, FakeObjective for the kind "fake" and landscapes for "landscape"; the probes "sum" (of
/// all coordinates, waits for the gate where there is one) and "broken" (throws).
RunParts fake_parts(std::shared_ptr<Gate> gate = std::make_shared<Gate>(true),
                    std::shared_ptr<Gate> metrics = std::make_shared<Gate>(true));

/// "heavy ball" (SGD with momentum), "fSGLD" and "SAM" on FakeObjective.
ExperimentSpec fake_spec(std::optional<std::uint64_t> steps);
/// The same methods on the Gaussian wells, from both wells.
ExperimentSpec wells_spec(std::optional<std::uint64_t> steps, std::size_t chains);
LaneSpec lane(const std::string& label, const std::string& optimizer,
              const std::vector<std::pair<std::string, ParamValue>>& values);

/// Name to content of all files of a run but its clock values; summary.json is cut to what equal runs share.
std::map<std::string, QByteArray> files_of(const std::filesystem::path& folder);
/// Runs to the end and returns files_of(folder).
std::map<std::string, QByteArray> run_to_end(const ExperimentSpec& spec, const std::filesystem::path& folder,
                                             int threads = 1, const RunParts& parts = fake_parts());

}  // namespace basin
