// The probes of curvature on landscapes, against the formulas of these landscapes written down once more.
#include <QTest>
#include <array>
#include <cmath>
#include <limits>

#include "core/objective/landscape_objective.h"
#include "tests/core/probe/curved_objective.h"

using namespace basin;

namespace {

struct Bench {
    std::unique_ptr<Backend> backend = make_cpu_backend(1, Isa::baseline);
    Params params;
    std::unique_ptr<LandscapeObjective> objective;

    explicit Bench(const char* key) : params(find_landscape(key).schema)
    {
        objective = std::make_unique<LandscapeObjective>(find_landscape(key).make(params), 0.0, *backend);
    }
    std::unique_ptr<Probe> probe(const char* key, const std::map<std::string, ParamValue>& values = {}) const
    {
        Params chosen(find_probe(key).schema);
        for (const auto& [name, value] : values) {
            chosen.set(name, value);
        }
        return find_probe(key).make(chosen, *objective);
    }
    ProbeResult measure(const char* key, std::vector<float> theta,
                        const std::map<std::string, ParamValue>& values = {}) const
    {
        ProbeInput input;
        input.chains = theta.size() / 2;
        input.theta = std::move(theta);
        return probe(key, values)->measure(input, {}, [](double) {});
    }
};

struct Curved {
    double top, bottom, trace;
};

/// Two Gaussian wells in a bowl: H = k I + sum A/w^2 e^(-d^2/2w^2) (I - dd'/w^2).
Curved wells(const Params& p, double x, double y)
{
    double xx = p.number("bowl");
    double xy = 0;
    double yy = xx;
    for (const std::string side : {"left", "right"}) {
        const double dx = x - p.number(side + "_x");
        const double w2 = p.number(side + "_width") * p.number(side + "_width");
        const double e = p.number(side + "_depth") / w2 * std::exp(-(dx * dx + y * y) / (2 * w2));
        xx += e * (1 - dx * dx / w2);
        xy += e * (-dx * y / w2);
        yy += e * (1 - y * y / w2);
    }
    const double root = std::sqrt((xx - yy) * (xx - yy) + 4 * xy * xy);
    return {(xx + yy + root) / 2, (xx + yy - root) / 2, xx + yy};
}

const std::vector<float> kFour{-1.8F, 0, 1.5F, 0.25F, 0.5F, -1, -1, 0.75F};

/// Mean and standard error, the plain way.
std::pair<double, double> mean_of(const std::vector<double>& x)
{
    double sum = 0;
    for (const double each : x) {
        sum += each;
    }
    const double mean = sum / static_cast<double>(x.size());
    double squares = 0;
    for (const double each : x) {
        squares += (each - mean) * (each - mean);
    }
    const auto n = static_cast<double>(x.size());
    return {mean, std::sqrt(squares / (n - 1) / n)};
}

void compare(const ProbeResult& result, const char* key, const std::vector<double>& each)
{
    const ProbeValue value = value_of(result, key);
    const auto [mean, error] = mean_of(each);
    QVERIFY2(std::abs(value.value - mean) < 1e-12, key);
    QVERIFY2(std::abs(value.error - error) < 1e-12, key);
}

const char* const kProbes[] = {"hessian_spectrum", "hessian_trace", "sharpness"};

}  // namespace

class LandscapeCurvatureTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void gaussian_wells()
    {
        const Bench bench("gaussian_wells");
        std::vector<double> top, bottom, trace;
        for (std::size_t i = 0; i < kFour.size(); i += 2) {
            const Curved at = wells(bench.params, static_cast<double>(kFour[i]), static_cast<double>(kFour[i + 1]));
            top.push_back(at.top);
            bottom.push_back(at.bottom);
            trace.push_back(at.trace);
        }
        const ProbeResult spectrum = bench.measure("hessian_spectrum", kFour);
        compare(spectrum, "top_0", top);
        compare(spectrum, "bottom_0", bottom);
        compare(spectrum, "trace", trace);
        QCOMPARE(value_of(spectrum, "products").value, 0.0);
        compare(bench.measure("hessian_trace", kFour), "trace", trace);
        const ProbeResult sharpness = bench.measure("sharpness", kFour);
        compare(sharpness, "top_eigenvalue", top);
        compare(sharpness, "trace", trace);
    }

    /// The density's mass is 1, its mean half the trace, and its band the deviation over the particles / 2.
    void density_over_the_particles()
    {
        const Bench bench("gaussian_wells");
        const ProbeResult result = bench.measure("hessian_spectrum", kFour);
        const std::vector<double>& at = result.arrays.at("density_at");
        const std::vector<double>& density = result.arrays.at("density");
        double mass = 0;
        double mean = 0;
        for (std::size_t i = 0; i < at.size(); ++i) {
            mass += density[i] * (at[1] - at[0]);
            mean += density[i] * at[i] * (at[1] - at[0]);
        }
        QVERIFY(std::abs(mass - 1) < 1e-6);
        QVERIFY(std::abs(mean - value_of(result, "trace").value / 2) < 1e-6);
        const std::size_t peak =
            static_cast<std::size_t>(std::max_element(density.begin(), density.end()) - density.begin());
        QVERIFY(result.arrays.at("density_error")[peak] > 0);
        QVERIFY(bench.measure("hessian_spectrum", kFour, {{"probes", std::int64_t{0}}}).arrays.empty());
    }

    /// u = (2 x^2 + x y + y^2/2)/2 ...: the same curvature everywhere, so no error; all of sharpness in closed form.
    void quadratic()
    {
        const Bench bench("quadratic");
        const double axx = bench.params.number("axx");
        const double axy = bench.params.number("axy");
        const double ayy = bench.params.number("ayy");
        const ProbeResult result = bench.measure("sharpness", {1, 0, 1, 0}, {{"rho", 0.2}, {"sigma", 0.3}});
        const double top = (axx + ayy + std::sqrt((axx - ayy) * (axx - ayy) + 4 * axy * axy)) / 2;
        QVERIFY(std::abs(value_of(result, "top_eigenvalue").value - top) < 1e-14);
        QCOMPARE(value_of(result, "top_eigenvalue").error, 0.0);
        const double norm2 = axx * axx + axy * axy;  // of the gradient (axx, axy) at (1, 0)
        const double curved = axx * axx * axx + 2 * axy * axx * axy + ayy * axy * axy;
        QVERIFY(std::abs(value_of(result, "sam_step").value - (0.2 * std::sqrt(norm2) + 0.02 * curved / norm2)) <
                1e-13);
        QVERIFY(value_of(result, "sam_ascent").value > value_of(result, "sam_step").value);
        QVERIFY(std::abs(value_of(result, "average_sharpness").value - 0.5 * 0.09 * (axx + ayy)) < 1e-13);
        QVERIFY(std::abs(value_of(result, "gradient_norm").value - std::sqrt(norm2)) < 1e-14);
        QVERIFY(std::abs(value_of(result, "loss").value - 0.5 * axx) < 1e-14);
        const ProbeResult spectrum = bench.measure("hessian_spectrum", {1, 0, -2, 1});
        QVERIFY(std::abs(value_of(spectrum, "top_0").value - top) < 1e-14);
        QVERIFY(std::abs(value_of(spectrum, "bottom_0").value - (axx + ayy - top)) < 1e-14);
        for (const double band : spectrum.arrays.at("density_error")) {
            QVERIFY(band < 1e-12);
        }
    }

    void sigma_is_the_probes_whatever_the_lanes()
    {
        const Bench bench("quadratic");
        ProbeInput input;
        input.theta = {1, 0};
        input.measure.sigma = 0.1;
        input.step_size = 0.25;
        const ProbeResult result = bench.probe("sharpness", {{"sigma", 0.5}})->measure(input, {}, [](double) {});
        QVERIFY(std::abs(value_of(result, "average_sharpness").value - 0.125 * 2.5) < 1e-13);
        QCOMPARE(value_of(result, "two_over_step_size").value, 8.0);
        QVERIFY(std::isnan(value_of(bench.measure("sharpness", {1, 0}), "two_over_step_size").value));
    }

    /// 10,000 particles on the x axis: 4,096 of them are taken, at i * 10000 / 4096.
    void an_even_subset_of_many_particles()
    {
        const Bench bench("quadratic");
        std::vector<float> theta;
        for (int i = 0; i < 10000; ++i) {
            theta.insert(theta.end(), {static_cast<float>(i) / 4096.0F, 0.0F});
        }
        double sum = 0;
        for (std::size_t i = 0; i < 4096; ++i) {
            const double x = static_cast<double>(i * 10000 / 4096) / 4096;
            sum += 0.5 * bench.params.number("axx") * x * x;
        }
        ProbeInput input;
        input.chains = 10000;
        QCOMPARE(bench.probe("hessian_trace")->cost(input).evaluations, std::uint64_t{4096});
        QVERIFY(std::abs(value_of(bench.measure("sharpness", theta), "loss").value - sum / 4096) < 1e-12);
    }

    void the_lost_are_left_out_and_counted()
    {
        const float nan = std::nanf("");
        const Bench bench("gaussian_wells");
        for (const char* probe : kProbes) {
            const ProbeResult all = bench.measure(probe, kFour);
            std::vector<float> theta = kFour;
            theta.insert(theta.begin() + 2, {nan, nan});
            const ProbeResult some = bench.measure(probe, theta);
            QVERIFY(keys_of(all) == keys_of(some));
            QCOMPARE(value_of(some, "trace").value, value_of(all, "trace").value);
            QCOMPARE(some.note, std::string("1 of 5 particles have escaped and are left out."));
            QVERIFY(refusal_of([&] { bench.measure(probe, {nan, nan}); }).find("all particles have escaped") == 0);
        }
    }

    void a_particle_at_a_minimum_has_no_direction()
    {
        const Bench bench("quadratic");
        const ProbeResult both = bench.measure("sharpness", {0, 0, 1, 0});
        QCOMPARE(value_of(both, "sam_step").value, value_of(bench.measure("sharpness", {1, 0}), "sam_step").value);
        QVERIFY(both.note.find("1 particles have no gradient") == 0);
        const ProbeResult one = bench.measure("sharpness", {0, 0});
        QVERIFY(std::isnan(value_of(one, "sam_step").value));
        QVERIFY(std::isnan(value_of(one, "trace").error));  // one particle has no error
    }

    void a_stopped_measurement_ends_with_nothing()
    {
        const Bench bench("gaussian_wells");
        std::stop_source source;
        source.request_stop();
        ProbeInput input;
        input.theta = kFour;
        input.chains = 4;
        for (const char* probe : {"hessian_spectrum", "sharpness"}) {
            QVERIFY(bench.probe(probe)->measure(input, source.get_token(), [](double) {}).values.empty());
        }
    }
};

QTEST_APPLESS_MAIN(LandscapeCurvatureTest)
#include "landscape_curvature_test.moc"
