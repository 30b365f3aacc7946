// One lane's mathematics: theta, its optimizer's state, and how to go forward from any step.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/optim/optimizer.h"

namespace basin {

/// What a recorded step leaves: `step` counts finished steps (0 is the start).
struct StepRecord {
    std::uint64_t step = 0;
    std::uint64_t gradients = 0;
    /// A landscape's mean value over the particles that have not escaped, after the step; a network's mini-batch loss
    /// where the method first evaluated it in this step (of the start: on the first batch).
    double loss = 0;
    std::uint64_t escaped = 0;
};

/// A lane can not go on: a network's loss is not finite, or every particle of a landscape has escaped. what() names
/// the step.
class LaneFailed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A named array of a lane's state, for checkpoints and export.
struct StateArray {
    std::string name;
    float* data = nullptr;
    std::size_t size = 0;
};

/// Steps one lane. Where landscape and method both have a block functor, blocks of chains do several steps each
/// while they stay in cache; else the optimizer's `step` runs on the backend's verbs. Both give equal bytes, and so do
/// any cut of the steps into calls and any number of threads. Not thread-safe.
class Stepper {
public:
    struct Options {
        std::size_t chains = 1;
        std::uint64_t seed = 1;
        std::uint32_t lane = 0;         // RngKey::lane
        std::uint64_t total_steps = 0;  // 0: endless; schedules need it
        bool fuse = true;               // tests set false
    };
    static constexpr std::uint64_t kQueued = 16;
    Stepper(Backend& backend, Objective& objective, const OptimizerEntry& optimizer, Params params, Options options);
    ~Stepper();

    /// Places the chains; step 0. Returns the record of the start.
    StepRecord start(const StartSpec& start);
    /// Goes `steps` steps forward; appends a record for every finished step that is a multiple of `record_every`.
    /// Throws LaneFailed; theta is then that of the failing step. Throws OutOfMemory. A network's steps on a GPU are
    /// queued, and their losses looked at after every step whose number is a multiple of kQueued and at the end: there
    /// step() and counts() are those of the failing step, and theta that of a step up to kQueued - 1 later.
    void advance(std::uint64_t steps, std::uint64_t record_every, std::vector<StepRecord>& records);

    /// In force from the next step on. Throws std::invalid_argument.
    void change(std::string_view key, const ParamValue& value);
    const Params& params() const;

    std::uint64_t step() const;
    const Counts& counts() const;
    std::uint64_t escaped() const;
    std::size_t chains() const;
    std::size_t dim() const;
    const float* theta() const;  // chains x dim on the backend
    OptimizerEntry::Measure measure() const;
    /// In force at this step; 0 where the method has no parameter of that name.
    double step_size() const;

    /// theta, buffers and the optimizer's arrays, by name: what a checkpoint holds.
    std::vector<StateArray> arrays();
    /// After the arrays have been filled from a checkpoint.
    void restore(std::uint64_t step, const Counts& counts);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace basin
