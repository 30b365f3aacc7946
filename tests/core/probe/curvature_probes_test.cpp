// The probes of curvature on a quadratic and on the 2-3-1 network of the figures.
#include <Eigen/Eigenvalues>
#include <QTest>
#include <cstring>
#include <random>

#include "tests/core/probe/curved_objective.h"

using namespace basin;

namespace {

Eigen::VectorXd normals(Eigen::Index n, unsigned seed)
{
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    return Eigen::VectorXd::NullaryExpr(n, [&] { return normal(engine); });
}

Eigen::MatrixXd bowl(Eigen::Index n)
{
    const Eigen::MatrixXd root = Eigen::MatrixXd::NullaryExpr(
        n, n, [](Eigen::Index i, Eigen::Index j) { return std::sin(static_cast<double>(3 * i + 7 * j * j + i * j)); });
    return root * root.transpose() / static_cast<double>(n);
}

/// The largest rise of g'e + e'Ae/2 over |e| = rho, by e = (nu I - A)^-1 g with nu > the top eigenvalue.
double ball_maximum(const Eigen::MatrixXd& a, const Eigen::VectorXd& g, double rho)
{
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(a);
    const double top = solver.eigenvalues()(a.rows() - 1);
    const Eigen::VectorXd h = solver.eigenvectors().transpose() * g;
    double low = top;
    double high = top + g.norm() / rho;
    Eigen::VectorXd e;
    for (int i = 0; i < 200; ++i) {
        const double nu = 0.5 * (low + high);
        e = h.array() / (nu - solver.eigenvalues().array());
        (e.norm() > rho ? low : high) = nu;
    }
    return h.dot(e) + 0.5 * e.dot(Eigen::VectorXd(solver.eigenvalues().array() * e.array()));
}

const std::map<std::string, ParamValue> kFine{{"tolerance", 1e-9}};

}  // namespace

class CurvatureProbesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Test 5d: SAM's sharpness to the 12 digits that were printed; averages within their errors.
    void sharpness_of_the_tiny_network()
    {
        const CurvedBench bench = CurvedBench::tiny();
        ProbeInput input = bench.input();
        input.measure.sigma = 0.7;
        input.step_size = 0.1;
        const ProbeResult result =
            bench.probe("sharpness", {{"pairs", std::int64_t{400}}, {"tolerance", 1e-9}, {"sigma", 0.1}})
                ->measure(input, {}, [](double) {});
        QVERIFY(std::abs(value_of(result, "top_eigenvalue").value - 1.658938368448) < 1e-11);
        QVERIFY(value_of(result, "top_eigenvalue").error < 1.7e-9);
        QCOMPARE(value_of(result, "two_over_step_size").value, 20.0);
        QVERIFY(std::abs(value_of(result, "sam_step").value - 0.010025700512) < 1e-12);
        QVERIFY(std::abs(value_of(result, "sam_ascent").value - 0.010201233745) < 1e-12);
        QVERIFY(std::abs(value_of(result, "gradient_norm").value - 0.180520220529) < 1e-12);
        const ProbeValue average = value_of(result, "average_sharpness");
        QVERIFY(std::abs(average.value - 1.00153e-2) < 4 * average.error + 2.7e-5);
        QVERIFY(average.error < 1e-3);  // sqrt(sum lambda^2 / 2) sigma^2 / sqrt(400) = 6e-4
        const ProbeValue trace = value_of(result, "trace");
        QVERIFY(std::abs(trace.value - 1.983172486867) < 4 * trace.error);
        QCOMPARE(value_of(result, "products").value, bench.asked->products);
        QVERIFY(std::isnan(value_of(bench.measure("sharpness"), "two_over_step_size").value));
    }

    /// A quadratic: everything is known in closed form.
    void sharpness_of_a_quadratic()
    {
        const Eigen::MatrixXd a = bowl(20);
        const Eigen::VectorXd away = 0.1 * normals(20, 4);
        const Eigen::VectorXd g = a * away;
        const CurvedBench bench = CurvedBench::quadratic(a, away, 2.5);
        const ProbeResult result = bench.measure("sharpness", {{"rho", 0.3},
                                                               {"ascent_steps", std::int64_t{1000}},
                                                               {"sigma", 0.2},
                                                               {"pairs", std::int64_t{2000}},
                                                               {"relative_error", 0.02}});
        const double rho = 0.3;
        QVERIFY(std::abs(value_of(result, "loss").value - (2.5 + 0.5 * away.dot(g))) < 1e-13);
        const double step = rho * g.norm() + 0.5 * rho * rho * g.dot(a * g) / g.squaredNorm();
        QVERIFY(std::abs(value_of(result, "sam_step").value - step) < 1e-12);
        // The path is 2 rho long, so it need not arrive; but it must not fall short of the single step.
        QVERIFY(value_of(result, "sam_ascent").value <= ball_maximum(a, g, rho) + 1e-12);
        QVERIFY(value_of(result, "sam_ascent").value > step);
        const ProbeValue average = value_of(result, "average_sharpness");
        QVERIFY(std::abs(average.value - 0.5 * 0.04 * a.trace()) < 4 * average.error);
        // Var of sigma^2/2 eps'A eps is sigma^4/2 |A|_F^2; 2,000 terms know a deviation to a few per cent.
        QVERIFY(std::abs(average.error / (0.04 * a.norm() / std::sqrt(2.0 * 2000)) - 1) < 0.15);
        const ProbeValue trace = value_of(result, "trace");
        QVERIFY(std::abs(trace.value - a.trace()) < 4 * trace.error);
    }

    void trace_by_both_methods()
    {
        const Eigen::MatrixXd a = bowl(60);
        const CurvedBench bench = CurvedBench::quadratic(a, normals(60, 2));
        for (const char* method : {"hutchinson", "hutch_plus_plus"}) {
            const ProbeResult result = bench.measure(
                "hessian_trace", {{"method", std::string(method)}, {"maximum_products", std::int64_t{150}}});
            const ProbeValue trace = value_of(result, "trace");
            QVERIFY(std::abs(trace.value - a.trace()) < 4 * trace.error);
            QVERIFY(trace.error <= 0.05 * trace.value);
            QVERIFY(result.note.empty());
        }
        const ProbeResult poor =
            bench.measure("hessian_trace", {{"relative_error", 1e-6}, {"maximum_products", std::int64_t{20}}});
        QCOMPARE(value_of(poor, "products").value, 20.0);
        QVERIFY(poor.note.find("not reached in 20 products") != std::string::npos);
    }

    void the_matrix_is_the_one_that_was_chosen()
    {
        const Eigen::MatrixXd a = bowl(10);
        const CurvedBench bench = CurvedBench::quadratic(a, normals(10, 2));
        const double top = value_of(bench.measure("hessian_spectrum", kFine), "top_0").value;
        for (const auto& [name, factor] : {std::pair{"gauss_newton", 2.0}, std::pair{"empirical_fisher", 3.0}}) {
            const ProbeResult result =
                bench.measure("hessian_spectrum", {{"tolerance", 1e-9}, {"matrix", std::string(name)}});
            QVERIFY(std::abs(value_of(result, "top_0").value - factor * top) < 1e-9);
        }
        QCOMPARE(bench.asked->request.sample, std::size_t{1024});
        QCOMPARE(bench.asked->request.seed, std::uint64_t{3});
        bench.measure("hessian_trace", {{"sample", std::int64_t{17}}});
        QCOMPARE(bench.asked->request.sample, std::size_t{17});
    }

    void what_it_costs_is_said_before_data()
    {
        QTest::addColumn<QString>("key");
        QTest::newRow("spectrum") << "hessian_spectrum";
        QTest::newRow("trace") << "hessian_trace";
        QTest::newRow("sharpness") << "sharpness";
    }
    void what_it_costs_is_said_before()
    {
        QFETCH(QString, key);
        const std::string name = key.toStdString();
        for (const CurvedBench& bench : {CurvedBench::tiny(), CurvedBench::quadratic(bowl(200), normals(200, 1))}) {
            const auto probe = bench.probe(name.c_str());
            const ProbeCost cost = probe->cost(bench.input());
            QCOMPARE(bench.asked->products, 0);
            std::vector<double> shares;
            probe->measure(bench.input(), {}, [&](double share) { shares.push_back(share); });
            QVERIFY(bench.asked->products > 0);
            QVERIFY(static_cast<std::uint64_t>(bench.asked->products) <= cost.products);
            QVERIFY(static_cast<std::uint64_t>(bench.asked->evaluations) <= cost.evaluations);
            QVERIFY(cost.bytes > 0);
            QVERIFY(std::is_sorted(shares.begin(), shares.end()));
            QCOMPARE(shares.back(), 1.0);
        }
    }

    void a_density_alone_takes_exactly_what_was_said()
    {
        const CurvedBench bench = CurvedBench::quadratic(bowl(200), normals(200, 1));
        const std::map<std::string, ParamValue> values{{"top", std::int64_t{0}}, {"bottom", std::int64_t{0}}};
        QCOMPARE(bench.probe("hessian_spectrum", values)->cost(bench.input()).products, std::uint64_t{640});
        const ProbeResult result = bench.measure("hessian_spectrum", values);
        QCOMPARE(bench.asked->products, 640);
        QCOMPARE(value_of(result, "products").value, 640.0);
    }

    void equal_inputs_give_equal_bytes_data() { what_it_costs_is_said_before_data(); }
    void equal_inputs_give_equal_bytes()
    {
        QFETCH(QString, key);
        const std::string name = key.toStdString();
        const CurvedBench bench = CurvedBench::tiny();
        const auto probe = bench.probe(name.c_str());
        const ProbeResult one = probe->measure(bench.input(), {}, [](double) {});
        const ProbeResult two = probe->measure(bench.input(), {}, [](double) {});
        const ProbeResult fresh = CurvedBench::tiny().measure(name.c_str());
        for (const ProbeResult* other : {&two, &fresh}) {
            QVERIFY(keys_of(one) == keys_of(*other));
            QCOMPARE(one.note, other->note);
            for (std::size_t i = 0; i < one.values.size(); ++i) {
                QCOMPARE(std::memcmp(&one.values[i].value, &other->values[i].value, sizeof(double)), 0);
                QCOMPARE(std::memcmp(&one.values[i].error, &other->values[i].error, sizeof(double)), 0);
            }
            for (const auto& [array, numbers] : one.arrays) {
                QCOMPARE(other->arrays.at(array).size(), numbers.size());
                QCOMPARE(std::memcmp(other->arrays.at(array).data(), numbers.data(), numbers.size() * sizeof(double)),
                         0);
            }
        }
    }

    void a_stop_in_the_middle_ends_with_nothing_data() { what_it_costs_is_said_before_data(); }
    void a_stop_in_the_middle_ends_with_nothing()
    {
        QFETCH(QString, key);
        for (const int after : {1, 5, 9}) {
            const CurvedBench bench = CurvedBench::quadratic(bowl(50), normals(50, 1));
            bench.asked->stop_after = after;
            const ProbeResult result = bench.measure(key.toStdString().c_str());
            QCOMPARE(bench.asked->products, after);
            QVERIFY(result.values.empty() && result.arrays.empty());
            QCOMPARE(result.note, std::string("The measurement was stopped."));
        }
    }

    void bad_places_are_said_in_a_sentence_data() { what_it_costs_is_said_before_data(); }
    void bad_places_are_said_in_a_sentence()
    {
        QFETCH(QString, key);
        const std::string name = key.toStdString();
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const CurvedBench lost = CurvedBench::quadratic(bowl(5), normals(5, 1), nan);
        QCOMPARE(refusal_of([&] { lost.measure(name.c_str()); }),
                 std::string("the loss is not finite at step 40, so there is no curvature to measure"));
        Eigen::MatrixXd a = bowl(200);
        CurvedBench bench = CurvedBench::quadratic(a, Eigen::VectorXd::Zero(200));
        a(7, 7) = nan;
        bench.objective =
            std::make_unique<CurvedObjective>(bench.objective->layout(), bench.asked, [&](const CurvatureRequest&) {
                return std::make_unique<QuadraticCurvature>(bench.objective->layout(), a, Eigen::VectorXd::Zero(200), 0,
                                                            bench.asked);
            });
        QVERIFY(refusal_of([&] { bench.measure(name.c_str()); }).find("is not finite") != std::string::npos);
        CurvedBench none;
        Layout layout;
        layout.append("w", {4}, BlockRole::weight);
        none.objective = std::make_unique<CurvedObjective>(layout, none.asked, CurvedObjective::Make{});
        QVERIFY(refusal_of([&] { none.measure(name.c_str()); }).find("offers no second derivatives") !=
                std::string::npos);
    }

    void a_zero_gradient_has_no_direction()
    {
        const CurvedBench bench = CurvedBench::quadratic(bowl(10), Eigen::VectorXd::Zero(10));
        const ProbeResult result = bench.measure("sharpness");
        QVERIFY(std::isnan(value_of(result, "sam_step").value) && std::isnan(value_of(result, "sam_ascent").value));
        QVERIFY(result.note.find("SAM has no direction") != std::string::npos);
        QVERIFY(value_of(result, "top_eigenvalue").value > 0);
    }

    void losses_that_overflow_nearby_are_said()
    {
        CurvedBench bench = CurvedBench::quadratic(bowl(10), 0.1 * normals(10, 1));
        bench.objective =
            std::make_unique<CurvedObjective>(bench.objective->layout(), bench.asked, [&](const CurvatureRequest&) {
                auto made = std::make_unique<QuadraticCurvature>(bench.objective->layout(), bowl(10),
                                                                 0.1 * normals(10, 1), 0, bench.asked);
                made->reach = 2;
                return made;
            });
        QVERIFY(refusal_of([&] {
                    bench.measure("sharpness", {{"rho", 1e-3}, {"sigma", 100.0}});
                }).find("take a smaller sigma") != std::string::npos);
        QVERIFY(refusal_of([&] {
                    bench.measure("sharpness", {{"rho", 100.0}, {"sigma", 1e-3}});
                }).find("take a smaller rho") != std::string::npos);
    }

    /// 200,000 parameters: a basis of 80 is 131 MB.
    void what_does_not_fit_is_refused_with_the_figure()
    {
        Layout layout;
        layout.append("w", {200000}, BlockRole::weight);
        CurvedBench bench;
        bench.objective = std::make_unique<CurvedObjective>(layout, bench.asked, CurvedObjective::Make{});
        const std::map<std::string, ParamValue> small{{"memory", 100.0}};
        QCOMPARE(
            refusal_of([&] { bench.measure("hessian_spectrum", small); }),
            std::string("memory: is 100 MB and this measurement needs 133 MB; allow as much, or take fewer steps"));
        QVERIFY(refusal_of([&] {
                    bench.measure("hessian_trace", {{"memory", 100.0}, {"method", std::string("hutch_plus_plus")}});
                }).find("needs 164.8 MB") != std::string::npos);
        QVERIFY(refusal_of([&] { bench.measure("sharpness", {{"memory", 5.0}}); }).find("memory: is 5 MB") == 0);
        QVERIFY(bench.asked->theta.empty());  // nothing was begun
    }

    void memory_that_is_left_over_is_for_products()
    {
        const CurvedBench bench = CurvedBench::quadratic(bowl(200), normals(200, 1));
        bench.measure("hessian_spectrum", {{"memory", 50.0}});
        const std::size_t own = bench.probe("hessian_spectrum", {{"memory", 50.0}})->cost(bench.input()).bytes;
        QCOMPARE(bench.asked->request.kept_bytes, 50000000 - own);
    }

    void a_residual_that_was_not_reached_is_said()
    {
        const Eigen::VectorXd even = Eigen::VectorXd::LinSpaced(3000, 1, 2);
        const CurvedBench bench = CurvedBench::quadratic(even.asDiagonal(), normals(3000, 1));
        const ProbeResult result = bench.measure("hessian_spectrum", {{"tolerance", 1e-9},
                                                                      {"top", std::int64_t{3}},
                                                                      {"bottom", std::int64_t{0}},
                                                                      {"probes", std::int64_t{1}},
                                                                      {"steps", std::int64_t{5}}});
        QVERIFY(result.note.find("The worst relative residual is ") == 0);
        QVERIFY(result.note.find("not 1e-09, after 100 products.") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(CurvatureProbesTest)
#include "curvature_probes_test.moc"
