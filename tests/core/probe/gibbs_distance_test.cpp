// The probe on particles whose places are known, or drawn from the measures themselves.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>

#include "core/field/wasserstein.h"
#include "core/objective/landscape_objective.h"
#include "core/probe/probe.h"
#include "tests/core/landscape/golden.h"

using namespace basin;

namespace {

class NoLandscape final : public LandscapeObjective {
public:
    using LandscapeObjective::LandscapeObjective;
    const Landscape* landscape() const override { return nullptr; }
};

struct Bench {
    std::unique_ptr<Backend> backend = make_cpu_backend(1, Isa::baseline);
    std::shared_ptr<const Landscape> landscape;
    std::unique_ptr<LandscapeObjective> objective;
    std::unique_ptr<Probe> probe;

    explicit Bench(std::unique_ptr<const Landscape> made, double sigma = 0) : landscape(std::move(made))
    {
        objective = std::make_unique<LandscapeObjective>(landscape, 0.0, *backend);
        const ProbeEntry& entry = find_probe("gibbs_distance");
        Params params(entry.schema);
        params.set("sigma", sigma);
        probe = entry.make(params, *objective);
    }
    ProbeResult measure(const ProbeInput& input, std::stop_token stop = {})
    {
        return probe->measure(input, std::move(stop), [](double) {});
    }
};

Bench flagship()
{
    const LandscapeEntry& entry = find_landscape("gaussian_wells");
    return Bench(entry.make(Params(entry.schema)));
}

ProbeInput particles(std::vector<float> theta, OptimizerEntry::Measure measure, std::size_t start_groups = 1)
{
    ProbeInput input;
    input.chains = theta.size() / 2;
    input.theta = std::move(theta);
    input.start_groups = start_groups;
    input.measure = measure;
    return input;
}

/// n independent draws: a cell by its mass, then a place in the cell (uniform: cells are far smaller than the wells).
std::vector<float> draw(const GibbsMeasure& law, std::size_t n, unsigned seed)
{
    std::mt19937_64 engine(seed);
    std::discrete_distribution<std::size_t> cell(law.mass.values.begin(), law.mass.values.end());
    std::uniform_real_distribution<double> offset(-0.5, 0.5);
    std::vector<float> theta;
    const Lattice& cells = law.mass.lattice;
    for (std::size_t i = 0; i < n; ++i) {
        const Point at = cells.middle(cell(engine));
        theta.push_back(static_cast<float>(at.x + offset(engine) * cells.cell_width()));
        theta.push_back(static_cast<float>(at.y + offset(engine) * cells.cell_height()));
    }
    return theta;
}

ProbeValue find(const ProbeResult& result, const std::string& key)
{
    for (const ProbeValue& value : result.values)
        if (value.key == key)
            return value;
    qWarning("no value %s", key.c_str());
    return {key, std::numeric_limits<double>::quiet_NaN(), 0};
}

std::vector<std::string> keys(const ProbeResult& result)
{
    std::vector<std::string> all;
    for (const ProbeValue& value : result.values)
        all.push_back(value.key);
    return all;
}

const std::vector<float> kEight{-1.6F, 0, -1.7F, 0.1F, -1.5F, 0,     1, 0, /* second start: */ 1,
                                0.5F,  2, 0,     1.5F, 0,     -1.6F, 0};

}  // namespace

class GibbsDistanceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void shares_are_counts_by_basin_and_start()
    {
        const ProbeResult result = flagship().measure(particles(kEight, {20, 0.469342547}, 2));
        QCOMPARE(find(result, "share_0").value, 0.5);
        QCOMPARE(find(result, "share_0").error, std::sqrt(0.25 / 8));
        QCOMPARE(find(result, "share_1").value, 0.5);
        QCOMPARE(find(result, "share_none").value, 0.0);
        QCOMPARE(find(result, "share_0_start_0").value, 0.75);
        QCOMPARE(find(result, "share_1_start_1").value, 0.75);
        QCOMPARE(find(result, "mass_right").value, 0.5);
        QCOMPARE(find(result, "mass_right_start_0").value, 0.25);
        QCOMPARE(find(result, "mass_right_start_1").value, 0.75);
        QVERIFY(result.note.find("0 at (-1.64, 0), 1 at (0.96, 0)") != std::string::npos);
    }

    // Golden masses right of u's saddle (given with eight digits), by an independent quadrature.
    void targets_of_the_flagship()
    {
        const ProbeResult result = flagship().measure(particles(kEight, {20, 0.469342547}));
        const nlohmann::json golden = read_golden();
        bool found = false;
        for (const auto& row : golden.at("measures")) {
            if (row.at("name") != "flagship" || row.at("split_x").get<double>() != -0.48241918)
                continue;
            found = true;
            for (const std::string law : {"u", "v", "g"}) {
                const double expected = row.at("laws").at(law).at("mass_right_of_split").get<double>();
                QVERIFY(std::abs(find(result, "target_right_" + law).value - expected) < 3e-6);
            }
        }
        QVERIFY(found);
        for (const std::string law : {"u", "v", "g"}) {
            const double sum = find(result, "target_0_" + law).value + find(result, "target_1_" + law).value;
            QVERIFY(std::abs(sum - 1) < 1e-9);
        }
        QCOMPARE(find(result, "validity").value, 0.0);
    }

    // 20,000 draws of pi_g: at the floor of pi_g (5 deviations, fixed seed), and the true distance away from pi_u
    // (1.259 by quadrature) and pi_v (0.0484): 5 standard errors and, for pi_v, the floor.
    void draws_of_a_law_are_at_its_floor()
    {
        Bench bench = flagship();
        const auto laws = *gibbs_laws(*bench.landscape, 20, coupled_sigma(20, 0.01));
        const ProbeResult result = bench.measure(particles(draw(laws.g, 20000, 1), {20, laws.sigma}));
        for (const std::string axis : {"x_", "y_"}) {
            const ProbeValue floor = find(result, "floor_" + axis + "g");
            QVERIFY(std::abs(find(result, "w1_" + axis + "g").value - floor.value) < 5 * floor.error);
        }
        const double to_u = wasserstein(marginal(laws.u, Axis::x), marginal(laws.g, Axis::x));
        const double to_v = wasserstein(marginal(laws.v, Axis::x), marginal(laws.g, Axis::x));
        QVERIFY(std::abs(find(result, "w1_x_u").value - to_u) < 5 * find(result, "w1_x_u").error);
        QVERIFY(std::abs(find(result, "w1_x_v").value - to_v) <
                5 * find(result, "w1_x_v").error + find(result, "floor_x_v").value);
        QVERIFY(std::abs(find(result, "mass_right").value - find(result, "target_right_g").value) < 0.015);
    }

    void a_lane_without_sigma_is_compared_at_the_reference_scale()
    {
        Bench bench = flagship();
        QCOMPARE(find(bench.measure(particles(kEight, {20, 0})), "sigma").value, coupled_sigma(20, 0.01));
        QCOMPARE(find(bench.measure(particles(kEight, {20, 0.2})), "sigma").value, 0.2);
        Bench fixed(find_landscape("gaussian_wells").make(Params(find_landscape("gaussian_wells").schema)), 0.7);
        QCOMPARE(find(fixed.measure(particles(kEight, {20, 0})), "sigma").value, 0.7);
        Bench suggested(find_landscape("himmelblau").make(Params(find_landscape("himmelblau").schema)));
        QCOMPARE(find(suggested.measure(particles(kEight, {1, 0})), "sigma").value, 0.3);
    }

    void a_method_without_temperature_has_shares_only()
    {
        Bench bench = flagship();
        const ProbeResult cold = bench.measure(particles(kEight, {0, 0}, 2));
        const ProbeResult warm = bench.measure(particles(kEight, {20, 0}, 2));
        QCOMPARE(keys(cold), keys(warm));
        QCOMPARE(find(cold, "share_0").value, 0.5);
        QVERIFY(std::isnan(find(cold, "w1_x_u").value));
        QVERIFY(std::isnan(find(cold, "target_0_g").value));
        QVERIFY(cold.note.find("no temperature") != std::string::npos);
    }

    void what_is_kept_does_not_change_an_answer()
    {
        Bench bench = flagship();
        for (int i = 1; i <= 9; ++i)  // eight are kept: the first is computed again, the last is not
            bench.measure(particles(kEight, {2.0 * i, 0.3}));
        for (const int i : {9, 1}) {
            const auto input = particles(kEight, {2.0 * i, 0.3});
            const ProbeResult kept = bench.measure(input);
            const ProbeResult fresh = flagship().measure(input);
            for (const char* key : {"w1_x_g", "floor_y_u", "target_0_v", "share_0"})
                QCOMPARE(find(kept, key).value, find(fresh, key).value);
        }
    }

    void the_lost_are_counted_and_shrink_the_shares()
    {
        const float nan = std::nanf("");
        const ProbeResult result =
            flagship().measure(particles({-1.6F, 0, nan, nan, 1, 0, 1000, 0}, {20, 0.469342547}));
        QCOMPARE(find(result, "escaped").value, 1.0);
        QCOMPARE(find(result, "outside").value, 1.0);
        QCOMPARE(find(result, "share_0").value, 0.25);
        QCOMPARE(find(result, "share_none").value, 0.5);
        QVERIFY(result.note.find("lower bound") != std::string::npos);
    }

    void all_lost_gives_no_distance()
    {
        const float nan = std::nanf("");
        const ProbeResult result = flagship().measure(particles({nan, nan}, {20, 0.4}));
        QVERIFY(std::isnan(find(result, "w1_x_u").value));
        QCOMPARE(find(result, "share_none").value, 1.0);
    }

    void the_narrow_wells_warn_of_v()
    {
        Bench bench(golden_landscape(read_golden().at("landscapes").at("narrow_wells")));
        const ProbeResult result = bench.measure(particles(kEight, {10, coupled_sigma(10, 0.01)}));
        QCOMPARE(find(result, "validity").value, 2.0);
        QVERIFY(result.note.find("do not trust pi_v") != std::string::npos);
    }

    void curves_are_densities()
    {
        const ProbeResult result = flagship().measure(particles(kEight, {20, 0.469342547}));
        for (const std::string name : {"density_x_u", "density_y_v", "density_x_g", "density_y_particles"}) {
            const std::vector<double>& curve = result.arrays.at(name);
            const std::vector<double>& at = result.arrays.at(name.substr(8, 1));
            QCOMPARE(curve.size(), at.size());
            double sum = 0;
            for (const double density : curve)
                sum += density * (at[1] - at[0]);
            QVERIFY(std::abs(sum - 1) < 1e-9);
        }
        QCOMPARE(result.arrays.at("minima_x").size(), std::size_t{2});
    }

    void landscapes_without_a_pair_of_wells_have_no_right_side()
    {
        Bench bench(find_landscape("himmelblau").make(Params(find_landscape("himmelblau").schema)));
        for (const std::string& key : keys(bench.measure(particles({3, 2, -3, 3}, {1, 0.3}))))
            QVERIFY(key.find("right") == std::string::npos);
    }

    void a_stopped_measurement_ends_with_nothing()
    {
        std::stop_source source;
        source.request_stop();
        QVERIFY(flagship().measure(particles(kEight, {20, 0}), source.get_token()).values.empty());
    }

    void a_network_is_refused()
    {
        const auto backend = make_cpu_backend(1, Isa::baseline);
        const LandscapeEntry& entry = find_landscape("quadratic");
        NoLandscape objective(entry.make(Params(entry.schema)), 0.0, *backend);
        const ProbeEntry& probe = find_probe("gibbs_distance");
        QVERIFY_EXCEPTION_THROWN(probe.make(Params(probe.schema), objective), std::invalid_argument);
    }

    void a_misspelt_probe_names_the_nearest()
    {
        try {
            find_probe("gibs_distance");
            QFAIL("it was found");
        } catch (const std::invalid_argument& error) {
            QVERIFY(std::string(error.what()).find("\"gibbs_distance\"") != std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(GibbsDistanceTest)
#include "gibbs_distance_test.moc"
