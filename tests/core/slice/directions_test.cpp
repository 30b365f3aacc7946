// Directions against the known numbers of the network 2-3-1 (computed in NumPy, double, printed to ten digits).
#include <QTest>
#include <cmath>
#include <functional>
#include <limits>

#include "core/slice/filter_normalised.h"
#include "core/slice/hessian_plane.h"
#include "core/slice/make_plane.h"
#include "tests/core/slice/tiny_network.h"

using namespace basin;
using tiny::refusal;

namespace {

constexpr double kPrinted = 6e-11;  // half a unit of the last digit that the known numbers have

double loss_at(const Plane& plane, double alpha, double beta = 0)
{
    std::vector<double> point(plane.dim());
    plane.at(alpha, beta, point);
    return tiny::loss(point);
}

double number(const Plane& plane, const std::string& name)
{
    for (const auto& [key, value] : plane.numbers) {
        if (key == name) {
            return value;
        }
    }
    throw std::logic_error(name);
}

SharedTheta shared(const std::vector<double>& theta)
{
    return std::make_shared<const std::vector<float>>(theta.begin(), theta.end());
}

/// Only what make_plane asks of an objective.
class Shape : public Objective {
public:
    const Layout& layout() const override { return layout_; }
    const Layout& buffer_layout() const override { return none_; }
    void start(std::span<float>, std::span<float>, std::size_t, const StartSpec&, std::uint64_t) override {}
    void evaluate(const EvaluationArrays&, BatchKey, Want) override {}
    std::size_t examples(BatchKey, Want) const override { return 0; }
    std::size_t steps_per_epoch() const override { return 0; }
    std::vector<std::string> metric_keys() const override { return {}; }
    std::unique_ptr<Objective> clone(Backend&) const override { return std::make_unique<Shape>(); }

private:
    Layout layout_ = tiny::layout();
    Layout none_;
};

}  // namespace

class DirectionsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_network_is_the_known_one()
    {
        QVERIFY(std::abs(tiny::loss(tiny::start()) - 0.059266654741) < 6e-13);
        QVERIFY(std::abs(norm(tiny::gradient(tiny::start())) - 0.180520220529) < 6e-13);
    }

    void filters_get_their_own_length()
    {
        const std::vector<double> raw = tiny::numbered([](double k) { return std::cos(2 * k); });
        const std::vector<double> d = filter_normalised(tiny::layout(), tiny::start(), raw);
        QVERIFY(std::abs(norm(d) - 1.0850136825312) < 1e-12);  // tests/golden/make_slices.py
        const Plane line{"line", tiny::start(), {d}};
        const std::array<std::array<double, 2>, 5> known{
            {{-1, 0.1199773914}, {-0.5, 0.0766013498}, {0, 0.0592666547}, {0.5, 0.0705481436}, {1, 0.1343046685}}};
        for (const auto& [t, loss] : known) {
            QVERIFY2(std::abs(loss_at(line, t) - loss) < kPrinted, qPrintable(QString::number(t)));
        }
        for (const std::size_t bias : {6, 7, 8, 12}) {
            QCOMPARE(d[bias], 0.0);
        }
    }

    void random_directions_are_seeded_and_have_every_filters_length()
    {
        const Layout layout = tiny::layout();
        const std::vector<double> theta = tiny::start();
        const Plane plane = random_plane(layout, theta, 5);
        QVERIFY(random_plane(layout, theta, 5).directions == plane.directions);
        QVERIFY(random_plane(layout, theta, 6).directions != plane.directions);
        for (const std::vector<double>& d : plane.directions) {
            for (const auto& [first, size] : {std::pair{0, 2}, {2, 2}, {4, 2}, {9, 3}}) {
                const double ratio =
                    norm(std::span(d).subspan(first, size)) / norm(std::span(theta).subspan(first, size));
                QVERIFY(std::abs(ratio - 1) < 1e-9);  // the 1e-10 in the divisor over lengths of some tenths
            }
        }
        const double cosine =
            dot(plane.directions[0], plane.directions[1]) / (norm(plane.directions[0]) * norm(plane.directions[1]));
        QCOMPARE(number(plane, "cosine"), cosine);
    }

    void a_line_runs_from_one_solution_to_the_other()
    {
        const Plane line = line_through(tiny::start(), tiny::numbered([](double k) { return 0.5 * std::cos(k); }));
        const std::array<std::array<double, 2>, 5> known{
            {{0, 0.0592666547}, {0.25, 0.0714624992}, {0.5, 0.0890331558}, {0.75, 0.0866826894}, {1, 0.0654475601}}};
        for (const auto& [t, loss] : known) {
            QVERIFY2(std::abs(loss_at(line, t) - loss) < kPrinted, qPrintable(QString::number(t)));
        }
    }

    void a_plane_holds_its_three_solutions()
    {
        const std::vector<double> a = tiny::start();
        const std::vector<double> b = tiny::numbered([](double k) { return 0.5 * std::cos(k); });
        const std::vector<double> c = tiny::numbered([](double k) { return 1 / k; });
        const Plane plane = plane_through(a, b, c);
        const PlanePoint at_a = plane.project(std::span<const double>(a));
        const PlanePoint at_b = plane.project(std::span<const double>(b));
        const PlanePoint at_c = plane.project(std::span<const double>(c));
        // Distances are sums of 13 differences that are rounding.
        for (const double zero :
             {at_a.alpha, at_a.beta, at_b.alpha - 1, at_b.beta, at_a.distance, at_b.distance, at_c.distance,
              dot(plane.directions[0], plane.directions[1]), norm(plane.directions[0]) - norm(plane.directions[1])}) {
            QVERIFY(std::abs(zero) < 1e-14);
        }
        QVERIFY(at_c.beta > 0);
        std::vector<double> point(plane.dim());
        plane.at(at_c.alpha, at_c.beta, point);
        for (std::size_t i = 0; i < c.size(); ++i) {
            QVERIFY(std::abs(point[i] - c[i]) < 1e-14);
        }
    }

    void projections_on_oblique_directions_leave_what_is_orthogonal()
    {
        const Plane plane{"random", {1, 2, 3, 4}, {{1, 0, 0, 0}, {1, 1, 0, 0}}};
        const std::vector<double> theta{1 + 2 - 3, 2 - 3, 3 + 3, 4 + 4};  // origin + 2 d1 - 3 d2 + (0, 0, 3, 4)
        const PlanePoint at = plane.project(std::span<const double>(theta));
        QVERIFY(std::abs(at.alpha - 2) < 1e-14 && std::abs(at.beta + 3) < 1e-14);
        QVERIFY(std::abs(at.distance - 5) < 1e-14);
    }

    void the_hessians_direction_has_its_eigenvalue_as_curvature()
    {
        tiny::TinyCurvature curvature(tiny::start());
        const Plane plane = hessian_plane(curvature, {.tolerance = 1e-11});
        QVERIFY(std::abs(number(plane, "eigenvalue 1") - 1.658938368448) < 1e-11);
        QVERIFY(std::abs(number(plane, "eigenvalue 2") - 0.284778708938) < 1e-11);
        const std::array<std::array<double, 2>, 4> known{
            {{-0.5, 0.3446755303}, {-0.1, 0.0796142098}, {0.1, 0.0555053135}, {0.5, 0.1866329370}}};
        for (const auto& [t, loss] : known) {
            QVERIFY2(std::abs(loss_at(plane, t) - loss) < kPrinted, qPrintable(QString::number(t)));
        }
        // Second differences over h = 1e-3: h^2/12 L'''' is below 1e-6, rounding 1e-16 / h^2 below 1e-9.
        constexpr double kH = 1e-3;
        for (int axis = 0; axis < 2; ++axis) {
            const auto at = [&](double t) { return axis == 0 ? loss_at(plane, t) : loss_at(plane, 0, t); };
            const double curved = (at(kH) - 2 * at(0) + at(-kH)) / (kH * kH);
            QVERIFY(std::abs(curved - number(plane, axis == 0 ? "eigenvalue 1" : "eigenvalue 2")) < 2e-6);
        }
    }

    void the_other_end_is_the_most_negative_direction()
    {
        tiny::TinyCurvature curvature(tiny::start());
        const Plane plane = hessian_plane(curvature, {.pair = HessianPair::top_and_bottom, .tolerance = 1e-10});
        QVERIFY(std::abs(number(plane, "eigenvalue 1") - 1.658938368448) < 1e-10);
        QVERIFY(std::abs(number(plane, "eigenvalue 2") + 0.161377251036) < 1e-10);
        QVERIFY(std::abs(dot(plane.directions[0], plane.directions[1])) < 1e-9);
    }

    void a_stopped_search_has_no_directions()
    {
        tiny::TinyCurvature curvature(tiny::start());
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(hessian_plane(curvature, {}, stop.get_token()).directions.empty());
    }

    void every_kind_is_made_and_marked()
    {
        Shape shape;
        PlaneRequest request;
        const auto scaled = [](double by) { return tiny::numbered([by](double k) { return by * std::sin(by * k); }); };
        request.lanes = {{"SGD", {0, 8, 16}, {shared(scaled(0.5)), shared(scaled(0.6)), shared(scaled(0.7))}},
                         {"SAM", {0, 8}, {shared(scaled(0.5)), shared(scaled(0.9))}},
                         {"fSGLD", {16}, {shared(scaled(1.1))}}};
        for (const PlaneKind kind : {PlaneKind::line, PlaneKind::random, PlaneKind::points, PlaneKind::line_and_random,
                                     PlaneKind::principal}) {
            request.kind = kind;
            const Plane plane = make_plane(request, shape);
            QCOMPARE(plane.kind, std::string(plane_kind_name(kind)));
            QCOMPARE(plane.marks.size(), std::size_t{6});
            QCOMPARE(plane.marks[4].label, std::string("SAM"));
            QCOMPARE(plane.marks[4].step, std::uint64_t{8});
            std::vector<double> foot(plane.dim());
            plane.at(plane.marks[4].at.alpha, plane.marks[4].at.beta, foot);
            double left = 0;  // |theta - foot| another way than project's
            for (std::size_t i = 0; i < foot.size(); ++i) {
                left = std::hypot(left, static_cast<double>((*request.lanes[1].thetas[1])[i]) - foot[i]);
            }
            QVERIFY(std::abs(left - plane.marks[4].at.distance) < 1e-12);
            for (const SliceAxis& axis : suggested_axes(plane, 11)) {
                QVERIFY(axis.lower < axis.upper);
            }
        }
    }

    void directions_that_lead_nowhere_are_refused_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("starts");
        QTest::addColumn<QString>("holds");
        QTest::newRow("equal ends") << 0 << "directions[0]: is zero"
                                    << "differ";
        QTest::newRow("parallel") << 1 << "directions: the two are parallel"
                                  << "line";
        QTest::newRow("antiparallel in float") << 2 << "directions: the two are parallel"
                                               << "line";
        QTest::newRow("all filters zero") << 3 << "directions[0]: is zero"
                                          << "";
        QTest::newRow("one lane for a line") << 4 << "lanes: a slice of kind line needs 2"
                                             << "1";
        QTest::newRow("theta is NaN") << 5 << "lane \"SGD\": its theta at step 8 is not finite"
                                      << "";
        QTest::newRow("another network") << 6 << "lane \"SGD\": has 12 parameters"
                                         << "13";
        QTest::newRow("no Hessian") << 7 << "kind: this objective has no second derivatives"
                                    << "random";
        QTest::newRow("no solution yet") << 8 << "lane \"SGD\": has no solution yet"
                                         << "";
        QTest::newRow("lengths differ") << 9 << "directions: the two points have"
                                        << "2 and 13";
        QTest::newRow("infinite direction") << 10 << "directions[0]: is not finite"
                                            << "";
        QTest::newRow("no direction") << 11 << "directions: there are 0"
                                      << "";
    }
    void directions_that_lead_nowhere_are_refused()
    {
        QFETCH(int, which);
        QFETCH(QString, starts);
        QFETCH(QString, holds);
        Shape shape;
        const std::vector<double> a = tiny::start();
        const std::vector<double> b = tiny::numbered([](double k) { return k; });
        const auto lanes = [&](PlaneKind kind, std::vector<double> theta) {
            PlaneRequest request;
            request.kind = kind;
            request.lanes = {{"SGD", {8}, {shared(theta)}}};
            return [request, &shape] { make_plane(request, shape); };
        };
        const double inf = std::numeric_limits<double>::infinity();
        std::vector<double> nearly(a.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            nearly[i] = static_cast<double>(static_cast<float>(a[i] - 0.5 * (b[i] - a[i]))) - a[i];
        }
        const std::vector<std::function<void()>> calls{
            [&] { line_through(a, a); },
            [&] {
                plane_through_line(
                    a, b,
                    std::vector<double>{plane_through(a, b, tiny::numbered([](double) { return 1.0; })).directions[0]});
            },
            [&] { plane_through_line(a, b, nearly); },
            [&] { random_plane(tiny::layout(), std::vector<double>(13, 0.0), 1); },
            lanes(PlaneKind::line, a),
            lanes(PlaneKind::random, tiny::numbered([](double k) { return k == 3 ? std::nan("") : k; })),
            lanes(PlaneKind::random, std::vector<double>(12, 1.0)),
            lanes(PlaneKind::hessian_top, a),
            [&] {
                PlaneRequest request;
                request.lanes = {{"SGD", {}, {}}};
                make_plane(request, shape);
            },
            [&] {
                line_through(a, std::vector<double>{1, 2});
            },
            [&] {
                check_plane({"line", a, {std::vector<double>(13, inf)}});
            },
            [&] {
                check_plane({"line", a, {}});
            },
        };
        const QString said = refusal(calls[static_cast<std::size_t>(which)]);
        QVERIFY2(said.startsWith(starts) && said.contains(holds) && !said.contains('\n'), qPrintable(said));
    }
};

QTEST_APPLESS_MAIN(DirectionsTest)
#include "directions_test.moc"
