// SAM and ASAM over base methods, and what they and RWP make of a network's layout.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/compute/philox.h"
#include "core/optim/ascent.h"
#include "tests/core/optim/lane.h"

using namespace basin;
using namespace basin::testing;

namespace {

/// u = sum_i (i + 1) theta_i^2 / 2 on a weight of 2 x 3, a bias of 2 and a gain of 2, keeping a note of each
/// evaluation.
class Bowl : public Objective {
public:
    struct Call {
        std::vector<float> at;
        std::uint64_t step;
        std::uint32_t draw;
        Want want;
    };

    Bowl()
    {
        layout_.append("weight", {2, 3}, BlockRole::weight);
        layout_.append("bias", {2}, BlockRole::bias);
        layout_.append("gain", {2}, BlockRole::norm);
    }
    const Layout& layout() const override { return layout_; }
    const Layout& buffer_layout() const override { return buffer_layout_; }
    void start(std::span<float> theta, std::span<float>, std::size_t, const StartSpec&, std::uint64_t) override
    {
        for (std::size_t i = 0; i < theta.size(); ++i) {
            theta[i] = first(i);
        }
    }
    void evaluate(const EvaluationArrays& arrays, BatchKey key, Want want) override
    {
        if (want.gradient) {
            calls.push_back({{arrays.theta, arrays.theta + layout_.size()}, key.step, key.draw, want});
        }
        float sum = 0;
        for (std::size_t i = 0; i < layout_.size(); ++i) {
            const float slope = static_cast<float>(i + 1) * arrays.theta[i];
            sum += 0.5F * slope * arrays.theta[i];
            if (arrays.gradient != nullptr) {
                arrays.gradient[i] = slope;
            }
        }
        if (arrays.losses != nullptr) {
            arrays.losses[0] = sum;
        }
    }
    std::size_t examples(BatchKey, Want) const override { return 16; }
    std::size_t steps_per_epoch() const override { return 8; }
    std::vector<std::string> metric_keys() const override { return {}; }
    std::unique_ptr<Objective> clone(Backend&) const override { return std::make_unique<Bowl>(); }

    static float first(std::size_t i) { return 1.0F - 0.25F * static_cast<float>(i); }

    std::vector<Call> calls;

private:
    Layout layout_;
    Layout buffer_layout_;
};

struct BowlLane {
    BowlLane(const std::string& key, const Values& values)
        : backend(make_cpu_backend(1)),
          stepper(*backend, bowl, find_optimizer(key), params_of(find_optimizer(key).schema, values), {.seed = 5})
    {
        stepper.start({});
    }
    void advance(std::uint64_t steps) { stepper.advance(steps, 1, records); }

    std::unique_ptr<Backend> backend;
    Bowl bowl;
    Stepper stepper;
    std::vector<StepRecord> records;
};

bool near(float got, double expected)  // some ten roundings of numbers of size 10
{
    return std::abs(static_cast<double>(got) - expected) < 1e-5;
}

constexpr std::size_t kDim = 10;
constexpr const char* kOver[] = {"sam", "asam"};

}  // namespace

class AscentTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void every_method_that_can_is_a_base()
    {
        std::set<std::string> expected;
        for (const OptimizerEntry* entry : optimizer_entries()) {
            if (entry->can_be_base) {
                expected.insert(entry->key);
            }
            QVERIFY2(entry->can_be_base == (entry->base == nullptr), entry->key.c_str());
        }
        for (const char* key : kOver) {
            const ParamSchema& schema = find_optimizer(key).schema;
            const auto base = std::find_if(schema.begin(), schema.end(), [](const auto& s) { return s.key == "base"; });
            QCOMPARE(std::set<std::string>(base->choices.begin(), base->choices.end()), expected);
            QCOMPARE(std::get<std::string>(base->default_value), std::string("sgd"));
            QVERIFY(!base->live);
        }
    }

    // Parameters of one name are one parameter, so the methods must mean the same by it.
    void methods_agree_about_the_names_that_they_share()
    {
        for (const char* over : kOver) {
            const Params flat(find_optimizer(over).schema);
            for (const OptimizerEntry* base : optimizer_entries()) {
                if (!base->can_be_base) {
                    continue;
                }
                QCOMPARE(base->schema.begin()->key, std::string("step_size"));
                for (const ParamSpec& spec : base->schema) {
                    const std::string own = base->key + "_" + spec.key;
                    const std::string key = flat.has(own) ? own : spec.key;
                    const auto joined = std::find_if(flat.schema().begin(), flat.schema().end(),
                                                     [&](const ParamSpec& each) { return each.key == key; });
                    QVERIFY2(joined != flat.schema().end(), key.c_str());
                    QVERIFY2(joined->type == spec.type && joined->minimum == spec.minimum &&
                                 joined->maximum == spec.maximum && joined->choices == spec.choices &&
                                 joined->exclusive_minimum == spec.exclusive_minimum && joined->live == spec.live &&
                                 joined->symbol == spec.symbol,
                             (base->key + " means something else by " + key).c_str());
                }
            }
        }
    }

    void a_parameter_acts_with_its_base()
    {
        const auto acts = [](const char* over, const std::string& key, const Values& values) {
            const Params params = params_of(find_optimizer(over).schema, values);
            const auto spec = std::find_if(params.schema().begin(), params.schema().end(),
                                           [&](const ParamSpec& each) { return each.key == key; });
            return holds(spec->enabled_if, [&](const std::string& other) { return &params.value(other); });
        };
        const auto base = [](const char* key) { return std::pair<std::string, ParamValue>("base", std::string(key)); };
        for (const char* key : {"step_size", "rho", "base", "weight_decay"}) {
            QVERIFY2(acts("sam", key, {base("sgld")}), key);
        }
        QVERIFY(acts("sam", "momentum", {}) && acts("sam", "momentum", {base("rwp")}));
        QVERIFY(!acts("sam", "momentum", {base("adamw")}) && acts("sam", "beta1", {base("adamw")}));
        QVERIFY(!acts("sam", "sigma", {}) && acts("sam", "sigma", {base("rwp")}));
        QVERIFY(!acts("sam", "sigma", {base("fsgld")}));  // coupled
        QVERIFY(acts("sam", "sigma", {base("fsgld"), {"coupling", false}}));
        QVERIFY(acts("sam", "eta", {base("fsgld")}) && !acts("sam", "eta", {}));
        QVERIFY(acts("asam", "eta", {}) && acts("asam", "eta", {base("fsgld")}));
        QVERIFY(!acts("asam", "fsgld_eta", {}) && acts("asam", "fsgld_eta", {base("fsgld")}));
    }

    void the_bases_parameters_are_taken_out_of_the_flat_ones()
    {
        const Params params = params_of(
            find_optimizer("asam").schema,
            {{"base", std::string("fsgld")}, {"eta", 0.5}, {"fsgld_eta", 0.25}, {"beta", 30.0}, {"antithetic", true}});
        const Params base = optim::base_params(params);
        QCOMPARE(base.number("eta"), 0.25);
        QCOMPARE(base.number("beta"), 30.0);
        QVERIFY(base.flag("antithetic") && !base.has("rho"));
        QCOMPARE(base.schema().size(), find_optimizer("fsgld").schema.get().size());
    }

    void what_the_base_refuses_is_refused()
    {
        const OptimizerEntry& sam = find_optimizer("sam");
        Params params(sam.schema);
        params.set("nesterov", true);
        QVERIFY_EXCEPTION_THROWN(sam.check(params), std::invalid_argument);  // without momentum
        params.set("base", std::string("adamw"));
        sam.check(params);  // AdamW has no such switch
        for (const char* base : {"sam", "asam", "adam"}) {
            QVERIFY_EXCEPTION_THROWN(params.set("base", std::string(base)), std::invalid_argument);
        }
    }

    void over_a_sampler_no_measure_is_claimed()
    {
        for (const char* over : kOver) {
            for (const char* base : {"sgld", "fsgld"}) {
                const OptimizerEntry& entry = find_optimizer(over);
                const Params params =
                    params_of(entry.schema, {{"base", std::string(base)}, {"coupling", false}, {"sigma", 0.3}});
                QCOMPARE(entry.measure(params, 0, 0).beta, 0.0);
                QCOMPARE(entry.measure(params, 0, 0).sigma, std::string(base) == "fsgld" ? 0.3 : 0.0);
            }
        }
    }

    // fSGLD asks at two points a step; each is answered uphill, on one batch; the first of all four gives the loss and
    // may update buffers.
    void each_gradient_is_asked_for_twice_on_one_batch()
    {
        BowlLane lane("sam", {{"base", std::string("fsgld")}, {"antithetic", true}, {"rho", 0.3}});
        lane.advance(2);
        QCOMPARE(lane.bowl.calls.size(), 8U);
        for (std::size_t i = 0; i < 8; ++i) {
            const Bowl::Call& call = lane.bowl.calls[i];
            QCOMPARE(call.step, i / 4);
            QCOMPARE(call.draw, 0U);
            QCOMPARE(call.want.losses, i % 4 == 0);
            QCOMPARE(call.want.update_buffers, i % 4 == 0);
            double distance = 0;  // from the point before: the radius, uphill
            for (std::size_t k = 0; k < kDim && i % 2 == 1; ++k) {
                distance += std::pow(static_cast<double>(call.at[k] - lane.bowl.calls[i - 1].at[k]), 2);
            }
            QVERIFY(i % 2 == 0 || near(static_cast<float>(std::sqrt(distance)), 0.3));
        }
        QCOMPARE(lane.stepper.counts().gradients, 8U);
        QCOMPARE(lane.stepper.counts().losses, 0U);
        QCOMPARE(lane.stepper.counts().examples, 8U * 16U);
        // The loss of a step is that of its first point.
        double loss = 0;
        for (std::size_t k = 0; k < kDim; ++k) {
            loss += 0.5 * static_cast<double>(k + 1) * std::pow(static_cast<double>(lane.bowl.calls[4].at[k]), 2);
        }
        QVERIFY(near(static_cast<float>(lane.records.back().loss), loss));
    }

    // T = |w| + eta in the weight, 1 in bias and gain.
    void asam_scales_weights_alone()
    {
        BowlLane lane("asam", {{"step_size", 0.01}, {"rho", 0.5}, {"eta", 0.01}});
        lane.advance(1);
        double metric[kDim];
        double gradient[kDim];
        double norm = 0;
        for (std::size_t i = 0; i < kDim; ++i) {
            const auto w = static_cast<double>(Bowl::first(i));
            metric[i] = i < 6 ? std::abs(w) + 0.01 : 1.0;
            gradient[i] = static_cast<double>(i + 1) * w;
            norm += std::pow(metric[i] * gradient[i], 2);
        }
        for (std::size_t i = 0; i < kDim; ++i) {
            const double e = 0.5 * metric[i] * metric[i] * gradient[i] / std::sqrt(norm);
            const double w = static_cast<double>(Bowl::first(i));
            QVERIFY(near(lane.bowl.calls[1].at[i], w + e));
            QVERIFY(near(lane.stepper.theta()[i], w - 0.01 * static_cast<double>(i + 1) * (w + e)));
        }
    }

    // Two rows of three, a bias and a gain: four filters.
    void rwp_perturbs_in_units_of_each_filters_norm()
    {
        BowlLane lane("rwp", {{"sigma", 0.2}});
        lane.advance(1);
        const std::size_t ends[] = {3, 6, 8, 10};
        std::size_t i = 0;
        for (const std::size_t end : ends) {
            double squares = 0;
            for (std::size_t k = i; k < end; ++k) {
                squares += std::pow(static_cast<double>(Bowl::first(k)), 2);
            }
            for (; i < end; ++i) {
                const auto draw = static_cast<double>(
                    philox::normal_at({.seed = 5, .stream = Stream::perturbation, .step = 0, .draw = 0, .lane = 0}, i));
                QVERIFY(near(lane.bowl.calls[0].at[i],
                             static_cast<double>(Bowl::first(i)) + 0.2 * std::sqrt(squares) * draw));
            }
        }
        QCOMPARE(lane.stepper.counts().gradients, 1U);
    }
};

QTEST_APPLESS_MAIN(AscentTest)
#include "ascent_test.moc"
