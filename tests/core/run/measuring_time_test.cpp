// How long a measurement will take, said before it begins: by a clock that the test moves.
#include <QtTest>

#include "core/compute/cores.h"
#include "core/run/measuring_speed.h"
#include "core/run/probe_worker.h"
#include "tests/core/probe/curved_objective.h"

using namespace basin;

namespace {

constexpr double kExamples = 200;

CurvedBench priced()
{
    CurvedBench bench = CurvedBench::quadratic(Eigen::MatrixXd::Identity(300, 300), Eigen::VectorXd::Ones(300));
    bench.objective->cost = CurvatureCost{kExamples, 1.25, 0.5, 7000};
    return bench;
}

Params params_of(const char* probe, const std::map<std::string, ParamValue>& values)
{
    Params params(find_probe(probe).schema);
    for (const auto& [key, value] : values) {
        params.set(key, value);
    }
    return params;
}

const std::map<std::string, ParamValue> kDensity{{"top", std::int64_t{0}}, {"bottom", std::int64_t{0}}};

/// A worker whose objective does `cost`, with a gradient of an example in `seconds`.
std::unique_ptr<ProbeWorker> worker(CurvedBench& bench, std::optional<double> seconds, int team)
{
    ProbeWorker::Parts parts;
    parts.backend = make_cpu_backend(1);
    parts.objective = std::move(bench.objective);
    parts.find = find_probe;
    parts.team = team;
    parts.example_seconds = seconds;
    return std::make_unique<ProbeWorker>(std::move(parts), [] {});
}

}  // namespace

class MeasuringTimeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void work_is_products_and_evaluations_in_gradients_of_an_example()
    {
        const CurvedBench bench = priced();
        const ProbeCost density = bench.probe("hessian_spectrum", kDensity)->cost(bench.input());
        QCOMPARE(density.products, std::uint64_t{640});
        // A loss and a gradient at theta come first.
        QCOMPARE(density.example_gradients, kExamples * (640 * 1.25 + 1 + 0.5));
        QCOMPARE(density.kept_bytes, std::uint64_t{7000});
        QVERIFY(!density.adaptive);
        QCOMPARE(bench.objective->cost_request.sample, std::size_t{1024});
        QCOMPARE(bench.objective->cost_request.kept_bytes, std::size_t{1'024'000'000} - density.bytes);
        QVERIFY(bench.probe("hessian_spectrum")->cost(bench.input()).adaptive);
        const ProbeCost sharpness =
            bench.probe("sharpness", {{"pairs", std::int64_t{10}}, {"ascent_steps", std::int64_t{3}}})
                ->cost(bench.input());
        QCOMPARE(sharpness.example_gradients,
                 kExamples * (static_cast<double>(sharpness.products) * 1.25 + 4 + 0.5 * 23));
        const CurvedBench unknown = CurvedBench::tiny();
        QCOMPARE(unknown.probe("hessian_spectrum")->cost(unknown.input()).example_gradients, 0.0);
    }

    /// The first evaluation is slow, the third slower than the second: 0.5 s for 200 examples.
    void speed_is_that_of_the_faster_gradient()
    {
        const CurvedBench bench = priced();
        double clock = 100;
        bench.asked->on_evaluation = [&] {
            clock += std::array{0.0, 0.9, 0.5, 2.0}.at(static_cast<std::size_t>(bench.asked->evaluations));
        };
        QCOMPARE(*seconds_per_example(*bench.objective, 3, [&] { return clock; }), 0.5 / kExamples);
        QCOMPARE(bench.asked->evaluations, 3);
        QCOMPARE(bench.asked->products, 0);
        QCOMPARE(bench.asked->request.sample, std::size_t{200});
        bench.objective->cost.reset();
        QVERIFY(!seconds_per_example(*bench.objective, 3, [&] { return clock; }));
        QCOMPARE(bench.asked->evaluations, 3);
    }

    void a_long_evaluation_is_not_repeated()
    {
        const CurvedBench bench = priced();
        double clock = 100;
        bench.asked->on_evaluation = [&] { clock += 9; };
        QCOMPARE(*seconds_per_example(*bench.objective, 3, [&] { return clock; }), 9 / kExamples);
        QCOMPARE(bench.asked->evaluations, 1);
    }

    void time_is_known_before_the_first_measurement()
    {
        CurvedBench bench = priced();
        const ProbeInput input = bench.input();
        const ProbeCost cost = bench.probe("hessian_spectrum", kDensity)->cost(input);
        const auto alone = worker(bench, 0.002, core_count());
        const MeasurementEstimate estimate =
            alone->estimate("hessian_spectrum", params_of("hessian_spectrum", kDensity), input);
        QCOMPARE(estimate.cost.products, cost.products);
        QCOMPARE(*estimate.seconds, 0.002 * cost.example_gradients);
        // Lanes on all cores leave it a fifth of one.
        alone->set_lanes_run(true);
        QCOMPARE(*alone->estimate("hessian_spectrum", params_of("hessian_spectrum", kDensity), input).seconds,
                 5 * *estimate.seconds);
        CurvedBench other = priced();
        const auto beside = worker(other, 0.002, core_count() - 1);
        beside->set_lanes_run(true);
        QCOMPARE(*beside->estimate("hessian_spectrum", params_of("hessian_spectrum", kDensity), input).seconds,
                 *estimate.seconds);
        CurvedBench unknown = priced();
        QVERIFY(!worker(unknown, {}, 1)
                     ->estimate("hessian_spectrum", params_of("hessian_spectrum", kDensity), input)
                     .seconds);
    }
};

QTEST_APPLESS_MAIN(MeasuringTimeTest)
#include "measuring_time_test.moc"
