// A network's steps on a GPU: losses come back in sixteens, and are those of the CPU.
#include <QTest>
#include <cstring>
#include <limits>

#include "tests/core/optim/lane.h"
#include "tests/core/optim/pretended_gpu.h"

using namespace basin;
using namespace basin::testing;

namespace {

/// u = |x|^2 / 2 in four numbers; from step `bad` on not finite, at step `full` there is no memory.
class Bowl : public Objective {
public:
    std::uint64_t bad = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t full = std::numeric_limits<std::uint64_t>::max();

    Bowl() { layout_.append("x", {4}, BlockRole::weight); }
    const Layout& layout() const override { return layout_; }
    const Layout& buffer_layout() const override { return buffer_layout_; }
    void start(std::span<float> theta, std::span<float>, std::size_t, const StartSpec&, std::uint64_t) override
    {
        std::fill(theta.begin(), theta.end(), 1.0F);
    }
    void evaluate(const EvaluationArrays& arrays, BatchKey key, Want want) override
    {
        if (key.step >= full) {
            throw OutOfMemory("there is not enough memory");
        }
        float sum = 0;
        for (std::size_t i = 0; i < layout_.size(); ++i) {
            sum += 0.5F * arrays.theta[i] * arrays.theta[i];
            if (want.gradient) {
                arrays.gradient[i] = arrays.theta[i];
            }
        }
        if (want.losses) {
            arrays.losses[0] = key.step >= bad ? std::numeric_limits<float>::infinity() : sum;
        }
    }
    std::size_t examples(BatchKey, Want) const override { return 16; }
    std::size_t steps_per_epoch() const override { return 8; }
    std::vector<std::string> metric_keys() const override { return {}; }
    std::unique_ptr<Objective> clone(Backend&) const override { return std::make_unique<Bowl>(); }

private:
    Layout layout_;
    Layout buffer_layout_;
};

struct Run {
    explicit Run(Backend& backend)
        : stepper(backend, bowl, find_optimizer("fsgld"),
                  params_of(find_optimizer("fsgld").schema, {{"step_size", 0.01}, {"beta", 100.0}}), {.seed = 3})
    {
        stepper.start({});
    }
    std::string advance(std::uint64_t steps, std::uint64_t record_every = 1)
    {
        try {
            stepper.advance(steps, record_every, records);
        } catch (const std::exception& error) {
            return error.what();
        }
        return {};
    }
    std::vector<float> theta() const { return {stepper.theta(), stepper.theta() + stepper.dim()}; }

    Bowl bowl;
    Stepper stepper;
    std::vector<StepRecord> records;
};

bool same(const std::vector<StepRecord>& a, const std::vector<StepRecord>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const StepRecord& x, const StepRecord& y) {
        return x.step == y.step && x.gradients == y.gradients && x.loss == y.loss && x.escaped == y.escaped;
    });
}

}  // namespace

class QueuedLossesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void records_are_those_of_the_cpu_however_the_steps_are_cut()
    {
        for (const std::uint64_t record_every : {1U, 7U, 100U}) {
            const auto cpu = make_cpu_backend(1);
            Run expected(*cpu);
            expected.advance(200, record_every);
            for (const std::uint64_t cut : {1U, 5U, 16U, 23U, 200U}) {
                PretendedGpu gpu;
                Run run(gpu);
                while (run.stepper.step() < 200) {
                    run.advance(std::min<std::uint64_t>(cut, 200 - run.stepper.step()), record_every);
                }
                QVERIFY(same(run.records, expected.records));
                QCOMPARE(run.theta(), expected.theta());
                QVERIFY(run.stepper.counts() == expected.stepper.counts());
            }
        }
    }

    void sixteen_steps_bring_numbers_back_once()
    {
        PretendedGpu gpu;
        Run run(gpu);
        const std::size_t before = gpu.downloads;
        run.advance(160);
        QCOMPARE(gpu.downloads - before, std::size_t{10});
    }

    void the_step_that_failed_is_named()
    {
        const auto cpu = make_cpu_backend(1);
        PretendedGpu gpu;
        for (Backend* backend : {cpu.get(), static_cast<Backend*>(&gpu)}) {
            Run run(*backend);
            run.bowl.bad = 36;  // finished steps: the 37th fails
            QCOMPARE(run.advance(100), "step 37: the loss is " +
                                           format_number(std::numeric_limits<double>::infinity()) +
                                           "; try a smaller step size");
            QCOMPARE(run.stepper.step(), std::uint64_t{37});
            QCOMPARE(run.stepper.counts().gradients, std::uint64_t{37});
            QCOMPARE(run.records.size(), std::size_t{36});
            QCOMPARE(run.records.back().step, std::uint64_t{36});
        }
    }

    void what_was_finished_before_memory_ran_out_is_recorded()
    {
        PretendedGpu gpu;
        Run run(gpu);
        run.bowl.full = 21;
        QCOMPARE(run.advance(100), std::string("there is not enough memory"));
        QCOMPARE(run.records.size(), std::size_t{21});
        QCOMPARE(run.stepper.step(), std::uint64_t{21});
    }
};

QTEST_APPLESS_MAIN(QueuedLossesTest)
#include "queued_losses_test.moc"
