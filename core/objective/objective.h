// What is minimised, seen through one interface: landscapes, networks and everything else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/compute/backend.h"
#include "core/compute/layout.h"
#include "core/objective/curvature.h"
#include "core/objective/point_values.h"

namespace basin {

class Landscape;

/// Names a mini-batch: a pure function of seed, step and draw, so that asking twice gives the same batch.
struct BatchKey {
    std::uint64_t seed = 0;
    std::uint64_t step = 0;
    std::uint32_t draw = 0;
    std::uint32_t lane = 0;
};

/// What one evaluation is asked for.
struct Want {
    bool losses = false;
    bool gradient = true;
    bool full_data = false;
    bool update_buffers = false;
    bool operator==(const Want&) const = default;
};

/// Where evaluate reads and writes; arrays live on the objective's backend.
struct EvaluationArrays {
    const float* theta = nullptr;  // chains x dim
    float* buffers = nullptr;      // buffer layout, one chain; may be null when there are none
    std::size_t chains = 1;
    float* losses = nullptr;    // chains, written when Want::losses
    float* gradient = nullptr;  // chains x dim, written when Want::gradient
    bool operator==(const EvaluationArrays&) const = default;
};

/// Start positions: points (each dim numbers, chains spread evenly over them in order) plus N(0, spread^2 I).
/// Without points the objective's own start is used (a landscape's suggested point, a network's initialisation).
struct StartSpec {
    std::vector<std::vector<double>> points{};
    double spread = 0;
    bool operator==(const StartSpec&) const = default;
};

/// Bytes that an objective takes on its backend's device beside theta.
struct MemoryNeed {
    std::uint64_t data = 0;        // once for all lanes
    std::uint64_t evaluation = 0;  // at most, while it evaluates
};

/// A probability-free summary number of a state, e.g. {"test_accuracy", 0.81}.
struct Metric {
    std::string key;
    double value = 0;
};

/// Loss and (stochastic) gradient at points theta of R^dim. Not thread-safe: one caller at a time; `clone` gives
/// another caller its own view on the same immutable data.
class Objective {
public:
    virtual ~Objective() = default;
    virtual const Layout& layout() const = 0;
    virtual const Layout& buffer_layout() const = 0;
    std::size_t dim() const { return layout().size(); }

    virtual void start(std::span<float> theta, std::span<float> buffers, std::size_t chains, const StartSpec& spec,
                       std::uint64_t seed) = 0;
    virtual void evaluate(const EvaluationArrays& arrays, BatchKey key, Want want) = 0;

    /// Examples that this evaluation looks at (0 where there is no data); an epoch's last batch may be smaller.
    virtual std::size_t examples(BatchKey key, Want want) const = 0;
    /// Steps of one epoch, its smaller last batch counted; 0 where there is no data.
    virtual std::size_t steps_per_epoch() const = 0;
    /// Data-set metrics at one theta, in a fixed order; empty for landscapes.
    virtual std::vector<std::string> metric_keys() const = 0;
    std::vector<double> metrics(std::span<const float> theta, std::span<const float> buffers)
    {
        return *metrics(theta, buffers, {}, {});
    }
    /// The same, which over large data sets takes a while: `progress`, where there is one, is told the share of the
    /// examples that is done, and nothing is returned when `stop` was asked before the end.
    virtual std::optional<std::vector<double>> metrics(std::span<const float> theta, std::span<const float> buffers,
                                                       const std::stop_token& stop,
                                                       const std::function<void(double)>& progress)
    {
        (void)theta, (void)buffers, (void)stop, (void)progress;
        return std::vector<double>{};
    }
    /// Names and SHA-256 of the files that were read, for summary.json.
    virtual std::vector<std::pair<std::string, std::string>> file_hashes() const { return {}; }

    /// Estimated; 0 where it is nothing beside theta.
    virtual MemoryNeed memory() const { return {}; }

    /// Not null when this objective is a landscape: its exact value, Hessian, smoothing, minima.
    virtual const Landscape* landscape() const { return nullptr; }
    /// Second derivatives at one chain's theta (dim); null where this objective offers none. Throws
    /// std::invalid_argument when the sample is larger than the data.
    virtual std::unique_ptr<Curvature> curvature(std::span<const float> theta, std::span<const float> buffers,
                                                 const CurvatureRequest& request)
    {
        (void)theta, (void)buffers, (void)request;
        return nullptr;
    }
    /// What that would cost; empty where it is not known. Beside any other member, on any thread.
    virtual std::optional<CurvatureCost> curvature_cost(const CurvatureRequest& request, CurvatureMatrix matrix) const
    {
        (void)request, (void)matrix;
        return {};
    }
    /// What point_values() can be asked for; empty where this objective offers none.
    virtual std::vector<std::string> point_value_keys() const { return {}; }
    /// Values at points on fixed samples; `buffers` are copied and stay as they are at all points. Null where none are
    /// offered. Throws std::invalid_argument when a sample is larger than the data or a value is unknown.
    virtual std::unique_ptr<PointValues> point_values(std::span<const float> buffers, const PointRequest& request)
    {
        (void)buffers, (void)request;
        return nullptr;
    }
    /// `threads` of the clone's own backend.
    virtual std::unique_ptr<Objective> clone(Backend& backend) const = 0;
};

}  // namespace basin
