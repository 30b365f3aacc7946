#include "core/optim/stepper.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/objective/landscape_objective.h"
#include "core/optim/block_runner.h"

namespace basin {
namespace {

bool has_schedule(const Params& params)
{
    return std::any_of(params.schema().begin(), params.schema().end(),
                       [&](const ParamSpec& spec) { return std::holds_alternative<Schedule>(params.value(spec.key)); });
}

double mean(double sum, std::uint64_t count)
{
    return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

class Stepper::Impl {
public:
    Impl(Backend& backend, Objective& objective, const OptimizerEntry& optimizer, Params params, Options options)
        : backend_(backend),
          objective_(objective),
          landscape_(dynamic_cast<LandscapeObjective*>(&objective)),
          optimizer_(optimizer),
          params_(std::move(params)),
          options_(options),
          dim_(objective.dim())
    {
        optimizer.check(params_);
        scratch_arrays_ = scratch_arrays(optimizer, params_);
        scheduled_ = has_schedule(params_);
        theta_ = backend.allocate(size());
        buffers_ = backend.allocate(objective.buffer_layout().size());
        losses_ = backend.allocate(landscape_ == nullptr ? options.chains : 0);
        for (const StateSpec& spec : optimizer.states(params_)) {
            states_.push_back({spec, backend.allocate(state_size(spec))});
            state_pointers_.push_back(states_.back().array.data());
        }
        if (options.fuse) {
            blocks_ = BlockRunner::make(backend, objective, optimizer);
        }
    }

    StepRecord start(const StartSpec& spec)
    {
        step_ = 0;
        counts_ = {};
        for (const State& state : states_) {
            backend_.upload(state.array.data(), std::vector<float>(state.array.size()));
        }
        // start() fills host memory; theta lives on the backend.
        std::vector<float> theta(size());
        std::vector<float> buffers(buffers_.size());
        objective_.start(theta, buffers, options_.chains, spec, options_.seed);
        backend_.upload(theta_.data(), theta);
        backend_.upload(buffers_.data(), buffers);
        if (landscape_ != nullptr) {
            return take(landscape_->measure(theta_.data(), options_.chains, true));
        }
        const BatchKey key{.seed = options_.seed, .lane = options_.lane};
        objective_.evaluate(
            {.theta = theta_.data(), .buffers = buffers_.data(), .chains = options_.chains, .losses = losses_.data()},
            key, {.losses = true, .gradient = false});
        return {.step = 0, .gradients = 0, .loss = network_loss(), .escaped = 0};
    }

    void advance(std::uint64_t steps, std::uint64_t record_every, std::vector<StepRecord>& records)
    {
        const std::uint64_t last = step_ + steps;
        try {
            while (step_ < last) {
                if (blocks_ == nullptr || !fused_steps(last, record_every, records)) {
                    verb_step(record_every, records);
                }
            }
        } catch (const OutOfMemory& error) {  // others may have room
            throw LaneFailed("step " + std::to_string(step_) + ": " + error.what());
        }
    }

    void change(std::string_view key, const ParamValue& value)
    {
        const ParamSchema& schema = params_.schema();
        const auto spec = std::find_if(schema.begin(), schema.end(), [&](const auto& each) { return each.key == key; });
        Params next = params_;
        next.set(key, value);  // an unknown key ends here
        if (!spec->live) {
            throw std::invalid_argument(std::string(key) + ": cannot be changed while running");
        }
        optimizer_.check(next);
        params_ = std::move(next);
        scheduled_ = has_schedule(params_);
    }

    std::vector<StateArray> arrays()
    {
        std::vector<StateArray> result{{"theta", theta_.data(), theta_.size()}};
        if (buffers_.size() > 0) {
            result.push_back({"buffers", buffers_.data(), buffers_.size()});
        }
        for (const State& state : states_) {
            result.push_back({state.spec.name, state.array.data(), state.array.size()});
        }
        return result;
    }

    void restore(std::uint64_t step, const Counts& counts)
    {
        step_ = step;
        counts_ = counts;
        if (landscape_ != nullptr) {
            escaped_ = options_.chains - landscape_->measure(theta_.data(), options_.chains, false).alive;
        }
    }

    const Params& params() const { return params_; }
    std::uint64_t step() const { return step_; }
    const Counts& counts() const { return counts_; }
    std::uint64_t escaped() const { return escaped_; }
    std::size_t chains() const { return options_.chains; }
    std::size_t dim() const { return dim_; }
    const float* theta() const { return theta_.data(); }
    OptimizerEntry::Measure measure() const { return optimizer_.measure(params_, step_, options_.total_steps); }
    double step_size() const
    {
        return params_.has("step_size") ? params_.number("step_size", step_, options_.total_steps) : 0;
    }

private:
    struct State {
        StateSpec spec;
        Buffer array;
    };

    std::size_t size() const { return options_.chains * dim_; }

    std::size_t state_size(const StateSpec& spec) const
    {
        switch (spec.scope) {
            case StateSpec::Scope::parameter:
                return spec.per * size();
            case StateSpec::Scope::chain:
                return spec.per * options_.chains;
            case StateSpec::Scope::lane:
                break;
        }
        return spec.per;
    }

    static bool recorded(std::uint64_t step, std::uint64_t record_every)
    {
        return record_every > 0 && step % record_every == 0;
    }

    StepRecord take(const LandscapeObjective::Totals& totals)
    {
        escaped_ = options_.chains - totals.alive;
        return {.step = step_,
                .gradients = counts_.gradients,
                .loss = mean(totals.loss_sum, totals.alive),
                .escaped = escaped_};
    }

    void fail_when_all_escaped() const
    {
        if (escaped_ == options_.chains) {
            throw LaneFailed("step " + std::to_string(step_) + ": every particle has escaped; try a smaller step size");
        }
    }

    double network_loss()
    {
        std::vector<float> losses(options_.chains);
        backend_.download(losses, losses_.data());
        double sum = 0;
        for (const float loss : losses) {
            sum += static_cast<double>(loss);
        }
        return mean(sum, options_.chains);
    }

    /// As many steps as one pass over the blocks takes; false when the next step needs the verbs.
    bool fused_steps(std::uint64_t last, std::uint64_t record_every, std::vector<StepRecord>& records)
    {
        const auto wanted = std::min<std::uint64_t>(last - step_, BlockRunner::kSteps);
        numbers_.clear();
        while (numbers_.size() < wanted) {
            BlockNumbers numbers = numbers_.empty() ? BlockNumbers{} : numbers_.back();
            const std::uint64_t now = step_ + numbers_.size();
            if ((scheduled_ || numbers_.empty()) && !optimizer_.block(params_, now, options_.total_steps, numbers)) {
                break;
            }
            numbers.record = recorded(now + 1, record_every);
            numbers_.push_back(numbers);
        }
        if (numbers_.empty()) {
            return false;
        }
        const auto& outcomes =
            blocks_->run(theta_.data(), options_.chains, options_.seed, options_.lane, step_, numbers_);
        const std::size_t gradients = optimizer_.gradients_per_step(params_);
        for (std::size_t s = 0; s < outcomes.size(); ++s) {
            ++step_;
            counts_.gradients += gradients;
            const StepRecord record = take({.alive = outcomes[s].alive, .loss_sum = outcomes[s].loss_sum});
            fail_when_all_escaped();
            if (numbers_[s].record) {
                records.push_back(record);
            }
        }
        return true;
    }

    void verb_step(std::uint64_t record_every, std::vector<StepRecord>& records)
    {
        while (scratch_.size() < scratch_arrays_) {  // fused lanes never get here and save the memory
            scratch_.push_back(backend_.allocate(size()));
            scratch_pointers_.push_back(scratch_.back().data());
        }
        float* losses = landscape_ == nullptr ? losses_.data() : nullptr;
        StepContext context(backend_, objective_, params_, state_pointers_, scratch_pointers_, theta_.data(),
                            buffers_.data(), losses, options_.chains, options_.seed, options_.lane, step_,
                            options_.total_steps, counts_);
        optimizer_.step(context);
        ++step_;
        const bool wanted = recorded(step_, record_every);
        StepRecord record;
        if (landscape_ != nullptr) {
            record = take(landscape_->measure(theta_.data(), options_.chains, wanted));
            fail_when_all_escaped();
        } else {
            record = {.step = step_, .gradients = counts_.gradients, .loss = network_loss(), .escaped = 0};
            if (!std::isfinite(record.loss)) {
                throw LaneFailed("step " + std::to_string(step_) + ": the loss is " + format_number(record.loss) +
                                 "; try a smaller step size");
            }
        }
        if (wanted) {
            records.push_back(record);
        }
    }

    Backend& backend_;
    Objective& objective_;
    LandscapeObjective* landscape_;
    const OptimizerEntry& optimizer_;
    Params params_;
    Options options_;
    std::size_t dim_;
    bool scheduled_ = false;
    std::size_t scratch_arrays_ = 0;

    Buffer theta_;
    Buffer buffers_;
    Buffer losses_;
    std::vector<State> states_;
    std::vector<float*> state_pointers_;
    std::vector<Buffer> scratch_;
    std::vector<float*> scratch_pointers_;

    std::unique_ptr<BlockRunner> blocks_;
    std::vector<BlockNumbers> numbers_;
    std::uint64_t step_ = 0;
    std::uint64_t escaped_ = 0;
    Counts counts_;
};

Stepper::Stepper(Backend& backend, Objective& objective, const OptimizerEntry& optimizer, Params params,
                 Options options)
    : impl_(std::make_unique<Impl>(backend, objective, optimizer, std::move(params), options))
{
}
Stepper::~Stepper() = default;

StepRecord Stepper::start(const StartSpec& start)
{
    return impl_->start(start);
}
void Stepper::advance(std::uint64_t steps, std::uint64_t record_every, std::vector<StepRecord>& records)
{
    impl_->advance(steps, record_every, records);
}
void Stepper::change(std::string_view key, const ParamValue& value)
{
    impl_->change(key, value);
}
const Params& Stepper::params() const
{
    return impl_->params();
}
std::uint64_t Stepper::step() const
{
    return impl_->step();
}
const Counts& Stepper::counts() const
{
    return impl_->counts();
}
std::uint64_t Stepper::escaped() const
{
    return impl_->escaped();
}
std::size_t Stepper::chains() const
{
    return impl_->chains();
}
std::size_t Stepper::dim() const
{
    return impl_->dim();
}
const float* Stepper::theta() const
{
    return impl_->theta();
}
OptimizerEntry::Measure Stepper::measure() const
{
    return impl_->measure();
}
double Stepper::step_size() const
{
    return impl_->step_size();
}
std::vector<StateArray> Stepper::arrays()
{
    return impl_->arrays();
}
void Stepper::restore(std::uint64_t step, const Counts& counts)
{
    impl_->restore(step, counts);
}

}  // namespace basin
