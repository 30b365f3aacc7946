// Something slower that is measured at a copied theta, on its own worker.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/catalog/params.h"
#include "core/objective/objective.h"
#include "core/optim/optimizer.h"

namespace basin {

/// A copy of a lane's state at a step, and what its method samples.
struct ProbeInput {
    std::vector<float> theta;  // chains x dim
    std::vector<float> buffers;
    std::size_t chains = 1;
    /// Start points of the run: chain c began at number c * start_groups / chains (rounded down).
    std::size_t start_groups = 1;
    std::uint64_t seed = 0;
    std::uint64_t step = 0;
    OptimizerEntry::Measure measure;
    /// The lane's step size at this step, schedules evaluated; 0 where the method has none.
    double step_size = 0;
};

/// One number of a result; `error` is one standard error, NaN when there is none. Of an eigenvalue (a probe's file says
/// which these are) it is the true residual |A x - theta x|, a bound.
struct ProbeValue {
    std::string key;
    double value = 0;
    double error = 0;
};

/// Rows of float32, for what is as long as theta. Copies share the numbers.
struct ProbeMatrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::shared_ptr<const std::vector<float>> numbers;  // C order; null: nothing
};

struct ProbeResult {
    std::vector<ProbeValue> values;                     // same keys in the same order for one probe and objective
    std::map<std::string, std::vector<double>> arrays;  // densities, spectra
    std::string note;                                   // one sentence for the panel, may be empty
    std::map<std::string, ProbeMatrix> matrices{};      // eigenvectors; only where they were asked for
};

/// What one measurement takes: at most, where it ends by itself when it knows enough; exactly, where nothing is
/// adaptive.
struct ProbeCost {
    std::uint64_t products = 0;     // with a second-derivative matrix
    std::uint64_t evaluations = 0;  // of the loss, with or without its gradient, on the probe's sample
    std::uint64_t bytes = 0;        // of the probe's own, beside what the objective keeps for products
    std::uint64_t kept_bytes = 0;   // this, as far as it is known
    /// All of it in gradients of one training example, so that the speed of training tells the time; 0: not known.
    double example_gradients = 0;
    bool adaptive = true;  // it may end earlier
};

/// Measures; may keep what it computed before (grids, references). One caller at a time.
class Probe {
public:
    virtual ~Probe() = default;
    virtual ProbeResult measure(const ProbeInput& input, std::stop_token stop,
                                const std::function<void(double)>& progress) = 0;
    /// Before it starts; measures nothing, looks at the objective's constant members only, and so may be called on a
    /// probe made for it while another one measures.
    virtual ProbeCost cost(const ProbeInput&) { return {}; }
};

struct ProbeEntry {
    std::string key;
    std::string label;
    std::string help;
    std::string reference;
    ParamSchema schema;
    /// Throws std::invalid_argument when the objective does not offer what the probe needs. The objective outlives the
    /// probe and is called by it alone while it measures.
    std::unique_ptr<Probe> (*make)(const Params& params, Objective& objective);
};

std::span<const ProbeEntry* const> probe_entries();
const ProbeEntry& find_probe(std::string_view key);

}  // namespace basin
