// Slices against direct evaluation, cut and whole; smoothed losses against their closed form; barriers.
#include <QTest>
#include <cmath>
#include <functional>
#include <limits>

#include "core/compute/backend.h"
#include "core/landscape/landscape.h"
#include "core/objective/landscape_objective.h"
#include "core/slice/barrier.h"
#include "core/slice/filter_normalised.h"
#include "core/slice/slice.h"
#include "tests/core/slice/tiny_network.h"

using namespace basin;
using tiny::refusal;

namespace {

SliceSpec tiny_spec(std::size_t columns, std::size_t rows)
{
    SliceSpec spec;
    spec.objective = "2-3-1";
    spec.plane = random_plane(tiny::layout(), tiny::start(), 3);
    spec.axes = {{-1, 1, columns}, {-0.5, 0.75, rows}};
    spec.points.values = {"loss"};
    return spec;
}

/// 0.5 x' A x + b' x + c with its trace and value known.
class Quadratic : public PointValues {
public:
    void at(std::span<const double> x, std::span<double> values) override
    {
        double sum = 0.25;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const auto k = static_cast<double>(i + 1);
            sum += 0.5 * k * x[i] * x[i] - 0.1 * x[i] + (i > 0 ? 0.3 * x[i] * x[i - 1] : 0.0);
        }
        values[0] = sum;
    }
    static double trace(std::size_t dim) { return 0.5 * static_cast<double>(dim * (dim + 1)); }
};

/// Asks for a stop in the middle of its n-th evaluation.
class Stopping : public PointValues {
public:
    Stopping(PointValues& inner, int stop_at, std::stop_source stop) : inner_(inner), left_(stop_at), stop_(stop) {}
    void at(std::span<const double> theta, std::span<double> values) override
    {
        if (--left_ == 0) {
            stop_.request_stop();
        }
        inner_.at(theta, values);
    }

private:
    PointValues& inner_;
    int left_;
    std::stop_source stop_;
};

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

}  // namespace

class SliceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void every_point_is_a_direct_evaluation()
    {
        Slice slice(tiny_spec(15, 9));
        tiny::Values values;
        QCOMPARE(slice.advance(values, nullptr, kAll), std::size_t{135});
        QVERIFY(slice.complete());
        QCOMPARE(values.asked, 135);
        const Plane& plane = slice.spec().plane;
        const std::span<const double> losses = slice.values().of("loss");
        for (std::size_t i = 0; i < 9; ++i) {
            for (std::size_t j = 0; j < 15; ++j) {
                const double alpha = -1 + 2 * static_cast<double>(j) / 14;
                const double beta = -0.5 + 1.25 * static_cast<double>(i) / 8;
                std::vector<double> theta = plane.origin;
                for (std::size_t k = 0; k < theta.size(); ++k) {
                    theta[k] += alpha * plane.directions[0][k] + beta * plane.directions[1][k];
                }
                QVERIFY(std::abs(losses[i * 15 + j] - tiny::loss(theta)) < 1e-15);  // coordinates in another order
            }
        }
    }

    void a_landscape_is_sliced_by_its_own_coordinates()
    {
        const auto backend = make_cpu_backend(1);
        const LandscapeEntry& entry = find_landscape("himmelblau");
        const std::shared_ptr<const Landscape> landscape = entry.make(Params(entry.schema));
        LandscapeObjective objective(landscape, 0.5, *backend);
        SliceSpec spec;
        spec.plane = {"points", {0, 0}, {{1, 0}, {0, 1}}};
        spec.axes = {{-5, 5, 21}, {-5, 5, 21}};
        spec.points.values = objective.point_value_keys();
        Slice slice(spec);
        slice.advance(*objective.point_values({}, spec.points), nullptr, kAll);
        for (std::size_t point = 0; point < slice.order().size(); ++point) {
            const double x = -5 + 0.5 * static_cast<double>(point % 21);
            const double y = -5 + 0.5 * static_cast<double>(point / 21);
            const double known = std::pow(x * x + y - 11, 2) + std::pow(x + y * y - 7, 2);
            QVERIFY(std::abs(slice.values().of("loss")[point] - known) < 1e-10);  // of values up to 890
        }
        QVERIFY(refusal([&] { objective.point_values({}, {.values = {"train_loss"}}); }).contains("loss"));
    }

    void stopping_and_going_on_gives_the_same_bytes()
    {
        SliceSpec spec = tiny_spec(11, 11);
        spec.smoothing = {0.05, 4, "loss"};
        tiny::Values values;
        Slice whole(spec);
        whole.advance(values, &values, kAll);

        // Stopped in every evaluation of its first three points (9 each), then by budgets of 7, handed over each time.
        SliceValues known = Slice(spec).values();
        for (int at = 1; at <= 27; ++at) {
            std::stop_source stop;
            Slice part(spec, known);
            Stopping stopping(values, at, stop);
            part.advance(stopping, &stopping, kAll, stop.get_token());
            QCOMPARE(part.values().done, known.done + static_cast<std::size_t>(at / 9));
            known = part.values();
            if (at % 9 == 0) {
                known = Slice(spec).values();
            }
        }
        while (known.done < 121) {
            Slice part(spec, known);
            part.advance(values, &values, 7);
            known = part.values();
        }
        QCOMPARE(known.arrays, whole.values().arrays);
    }

    void what_is_not_done_is_not_a_number()
    {
        Slice slice(tiny_spec(9, 9));
        tiny::Values values;
        slice.advance(values, nullptr, 10);
        std::size_t known = 0;
        for (const double loss : slice.values().of("loss")) {
            known += std::isnan(loss) ? 0 : 1;
        }
        QCOMPARE(known, std::size_t{10});
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(slice.advance(values, nullptr, 10, stop.get_token()), std::size_t{0});
    }

    void losses_that_are_not_finite_are_infinite()
    {
        class Broken : public PointValues {
        public:
            void at(std::span<const double> theta, std::span<double> values) override
            {
                values[0] = theta[0] > 0 ? std::nan("") : -std::numeric_limits<double>::infinity();
            }
        } broken;
        SliceSpec spec;
        spec.plane = {"line", {0}, {{1}}};
        spec.axes = {{-1, 1, 5}};
        spec.points.values = {"loss"};
        Slice slice(spec);
        slice.advance(broken, nullptr, kAll);
        for (const double loss : slice.values().of("loss")) {
            QCOMPARE(loss, std::numeric_limits<double>::infinity());
        }
    }

    void a_smoothed_quadratic_is_raised_by_half_sigma_squared_trace()
    {
        constexpr std::size_t kDim = 40;
        constexpr double kSigma = 0.3;
        SliceSpec spec;
        spec.plane = {"points", std::vector<double>(kDim, 0.2), {std::vector<double>(kDim), std::vector<double>(kDim)}};
        spec.plane.directions[0][3] = 1;
        spec.plane.directions[1][9] = 1;
        spec.axes = {{-1, 1, 3}, {-1, 1, 3}};
        spec.points.values = {"loss"};
        spec.smoothing = {kSigma, 400, "loss"};
        Slice slice(spec);
        Quadratic quadratic;
        slice.advance(quadratic, &quadratic, kAll);
        const std::span<const double> loss = slice.values().of("loss");
        const std::span<const double> smoothed = slice.values().of("smoothed_loss");
        const std::span<const double> error = slice.values().of("smoothed_loss_error");
        const double exact = 0.5 * kSigma * kSigma * Quadratic::trace(kDim);
        // The variance of e'Ae/2 over normal e is tr A^2 / 2: of one pair sigma^4 tr A^2 / 2.
        double squares = 0;
        for (std::size_t k = 1; k <= kDim; ++k) {
            squares += static_cast<double>(k * k) + (k > 1 ? 2 * 0.3 * 0.3 : 0.0);
        }
        const double known_error = kSigma * kSigma * std::sqrt(squares / 2 / 400);
        for (std::size_t i = 0; i < loss.size(); ++i) {
            QVERIFY(std::abs(smoothed[i] - loss[i] - exact) < 4 * error[i]);
            // The deviation of 400 such terms is itself known to sqrt(1/800) of itself and a little more: 4 of these.
            QVERIFY(std::abs(error[i] / known_error - 1) < 0.2);
            // Antithetic pairs cancel the slope and the vectors are common: a quadratic rises by the same everywhere.
            QVERIFY(std::abs((smoothed[i] - loss[i]) - (smoothed[0] - loss[0])) < 1e-11);
        }
    }

    void one_pair_has_no_error()
    {
        SliceSpec spec = tiny_spec(2, 2);
        spec.smoothing = {0.1, 1, "loss"};
        Slice slice(spec);
        tiny::Values values;
        slice.advance(values, &values, kAll);
        QVERIFY(std::isnan(slice.values().of("smoothed_loss_error")[0]));
        QVERIFY(std::isfinite(slice.values().of("smoothed_loss")[0]));
    }

    void a_barrier_is_the_height_above_the_straight_line()
    {
        // L(t) = t^2 (1 - t)^2 + 0.1 t: 1/16 above its chord at t = 1/2.
        const SliceAxis axis{0, 1, 101};
        std::vector<double> losses;
        for (std::size_t i = 0; i < axis.count; ++i) {
            const double t = axis.at(i);
            losses.push_back(t * t * (1 - t) * (1 - t) + 0.1 * t);
        }
        const auto found = barrier(axis, losses);
        QVERIFY(found);
        QVERIFY(std::abs(found->height - 0.0625) < 1e-15);
        QCOMPARE(found->t, 0.5);
        QVERIFY(std::abs(found->loss - 0.1125) < 1e-15);
        QCOMPARE(found->first, 0.0);
        QVERIFY(std::abs(found->last - 0.1) < 1e-15);

        // Beyond the ends nothing counts, and half-known lines have the barrier of what is known.
        const SliceAxis wide{-0.5, 1.5, 41};
        std::vector<double> bowl;
        for (std::size_t i = 0; i < wide.count; ++i) {
            bowl.push_back(std::pow(wide.at(i) - 0.5, 2));
        }
        QCOMPARE(barrier(wide, bowl)->height, 0.0);
        std::vector<double> half(wide.count, std::nan(""));
        QVERIFY(!barrier(wide, half));
        half[10] = 1;
        half[30] = 3;
        QCOMPARE(barrier(wide, half)->height, 0.0);
        half[25] = 4;  // t = 0.75: chord 2.5
        QCOMPARE(barrier(wide, half)->height, 1.5);
        QVERIFY(refusal([] { barrier({0.1, 1, 5}, std::vector<double>(5)); }).startsWith("axes[0]: has no points at"));
        QVERIFY(refusal([] { barrier({0, 1, 5}, std::vector<double>(4)); }).startsWith("barrier: 4 losses"));
    }

    void the_known_line_of_two_solutions()
    {
        SliceSpec spec;
        spec.plane = line_through(tiny::start(), tiny::numbered([](double k) { return 0.5 * std::cos(k); }));
        spec.axes = {{0, 1, 5}};
        spec.points.values = {"loss"};
        Slice slice(spec);
        tiny::Values values;
        slice.advance(values, nullptr, kAll);
        const auto found = barrier(spec.axes[0], slice.values().of("loss"));
        // 0.0890331558 - (0.0592666547 + 0.0654475601) / 2, known to ten digits
        QVERIFY(std::abs(found->height - 0.0266760484) < 1e-10);
        QCOMPARE(found->t, 0.5);
    }

    void the_hash_is_of_what_the_values_depend_on()
    {
        const SliceSpec spec = tiny_spec(5, 5);
        const std::string hash = slice_hash(spec);
        QCOMPARE(hash.size(), std::size_t{64});
        SliceSpec same = spec;
        same.plane.kind = "other";
        same.plane.marks.push_back({"SGD", 4, {}});
        same.smoothing.pairs = 99;  // without sigma it smooths nothing
        QCOMPARE(slice_hash(same), hash);
        const std::vector<std::function<void(SliceSpec&)>> changes{[](SliceSpec& s) { s.objective += "x"; },
                                                                   [](SliceSpec& s) { s.plane.origin[7] += 1e-15; },
                                                                   [](SliceSpec& s) { s.plane.directions[1][0] = 0; },
                                                                   [](SliceSpec& s) { s.axes[0].upper = 2; },
                                                                   [](SliceSpec& s) { s.axes[1].count = 6; },
                                                                   [](SliceSpec& s) {
                                                                       s.points.values = {"los", "s"};
                                                                   },
                                                                   [](SliceSpec& s) { s.points.train_sample = 0; },
                                                                   [](SliceSpec& s) { s.points.seed = 2; },
                                                                   [](SliceSpec& s) {
                                                                       s.smoothing = {0.1, 8, "loss"};
                                                                   },
                                                                   [](SliceSpec& s) { s.buffers = {1}; }};
        for (const auto& change : changes) {
            SliceSpec other = spec;
            change(other);
            QVERIFY(slice_hash(other) != hash);
        }
    }

    void specs_that_make_no_sense_are_refused()
    {
        const auto said = [](const std::function<void(SliceSpec&)>& change) {
            SliceSpec spec = tiny_spec(5, 5);
            change(spec);
            return refusal([&] { Slice{spec}; });
        };
        QVERIFY(said([](SliceSpec&) {}).isEmpty());
        QVERIFY(said([](SliceSpec& s) { s.axes.pop_back(); }).startsWith("axes: there are 1 for 2 directions"));
        QVERIFY(said([](SliceSpec& s) { s.axes[1] = {1, 1, 5}; }).startsWith("axes[1]: goes from 1 to 1"));
        QVERIFY(said([](SliceSpec& s) { s.axes[0] = {0, std::nan(""), 5}; }).startsWith("axes[0]: goes from"));
        QVERIFY(said([](SliceSpec& s) { s.axes[0].count = 1; }).startsWith("axes[0]: has 1 points"));
        QVERIFY(said([](SliceSpec& s) { s.axes[0].count = s.axes[1].count = 4000; }).contains("more than 4194304"));
        QVERIFY(said([](SliceSpec& s) { s.points.values.clear(); }).startsWith("values: name at least one"));
        QVERIFY(said([](SliceSpec& s) { s.smoothing.sigma = -1; }).startsWith("smoothing.sigma: is -1"));
        QVERIFY(said([](SliceSpec& s) { s.smoothing = {1, 0, "loss"}; }).startsWith("smoothing.pairs: is 0"));
        QVERIFY(said([](SliceSpec& s) {
                    s.smoothing = {1, 2, "accuracy"};
                }).startsWith("smoothing.value: \"accuracy\""));
        QVERIFY(said([](SliceSpec& s) { s.plane.origin[0] = std::nan(""); }).startsWith("origin: is not a point"));
        SliceValues other = Slice(tiny_spec(5, 4)).values();
        QVERIFY(refusal([&] { Slice(tiny_spec(5, 5), other); }).contains("another spec"));
    }

    void axes_show_all_points_with_one_unit()
    {
        const std::vector<PlanePoint> points{{-1, 2, 0}, {3, 2.5, 0}, {0, 3, 0}};
        const std::vector<SliceAxis> axes = axes_around(points, 7);
        QCOMPARE(axes[0], (SliceAxis{1 - 2.6, 1 + 2.6, 7}));
        QCOMPARE(axes[1], (SliceAxis{2.5 - 2.6, 2.5 + 2.6, 7}));
        const std::vector<PlanePoint> one{{4, 4, 0}};
        QCOMPARE(axes_around(one, 7, 0.5)[0], (SliceAxis{3.5, 4.5, 7}));
    }
};

QTEST_APPLESS_MAIN(SliceTest)
#include "slice_test.moc"
