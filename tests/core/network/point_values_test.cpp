// Values at points against the two other ways to the same numbers: whole-data metrics and a curvature's loss.
#include <QTest>
#include <cmath>
#include <limits>
#include <memory>

#include "tests/core/network/golden.h"

using namespace basin;
using golden::entry;
using idx_files::refusal;

namespace {

/// Both sides sum some hundred float losses in other batches.
constexpr double kTolerance = 2e-6;

struct Place {
    golden::Network golden;
    QTemporaryDir folder;
    std::unique_ptr<Backend> backend = make_cpu_backend(1);
    std::unique_ptr<Objective> objective;
    std::vector<float> theta;
    std::vector<double> wide;

    Place()
    {
        golden.write_files(folder);
        objective = make_network_objective(entry("lenet"), golden.params(folder, "mnist"), *backend, golden.seed());
        theta.resize(objective->dim());
        objective->start(theta, {}, 1, {}, golden.seed());
        wide.assign(theta.begin(), theta.end());
    }
    std::vector<double> at(const PointRequest& request)
    {
        std::vector<double> values(request.values.size());
        objective->point_values({}, request)->at(wide, values);
        return values;
    }
    double metric(const std::string& key)
    {
        const std::vector<std::string> keys = objective->metric_keys();
        const std::vector<double> values = objective->metrics(theta, {});
        return values[static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin())];
    }
};

}  // namespace

class PointValuesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void over_all_data_they_are_the_metrics()
    {
        Place place;
        const std::vector<double> values =
            place.at({.values = {"test_accuracy", "train_loss", "test_loss"}, .train_sample = 0, .test_sample = 0});
        QCOMPARE(values[0], place.metric("test_accuracy"));
        QVERIFY(std::abs(values[1] - place.metric("train_loss")) < kTolerance);
        QVERIFY(std::abs(values[2] - place.metric("test_loss")) < kTolerance);
    }

    void training_accuracy_counts_the_labels_as_given()
    {
        Place place;
        const double n = place.golden.number("train_size");
        const double accuracy = place.at({.values = {"train_accuracy"}, .train_sample = 0})[0];
        // Between what can be right when all flipped ones are missed and when all are hit; exactly, in examples:
        const double clean = place.metric("clean_accuracy");
        const double fitted = place.metric("flipped_fitted");
        bool matches = false;  // for some number of flipped examples, which metrics do not tell
        for (double flipped = 1; flipped < n; ++flipped)
            matches = matches || std::abs(clean * (n - flipped) + fitted * flipped - n * accuracy) < 1e-9;
        QVERIFY(matches);
    }

    void a_sample_is_the_curvatures_sample()
    {
        Place place;
        for (const std::uint64_t seed : {1U, 2U}) {
            const double loss = place.at({.values = {"train_loss"}, .train_sample = 13, .seed = seed})[0];
            const auto curvature =
                place.objective->curvature(place.theta, {}, CurvatureRequest{.sample = 13, .seed = seed});
            QVERIFY(std::abs(loss - curvature->loss()) < kTolerance);
        }
    }

    void asking_leaves_the_run_as_it_is()
    {
        Place place;
        std::vector<float> before(place.theta.size());
        std::vector<float> after(place.theta.size());
        EvaluationArrays arrays;
        arrays.theta = place.theta.data();
        arrays.gradient = before.data();
        place.objective->evaluate(arrays, {.seed = 1}, {});
        const auto points = place.objective->point_values({}, {.values = {"train_loss"}, .train_sample = 5});
        double loss = 0;
        points->at(place.wide, {&loss, 1});
        arrays.gradient = after.data();
        place.objective->evaluate(arrays, {.seed = 1}, {});
        QCOMPARE(after, before);
    }

    void a_point_does_not_depend_on_the_one_before()
    {
        Place place;
        const auto points = place.objective->point_values(
            {}, {.values = {"train_loss", "test_accuracy"}, .train_sample = 9, .test_sample = 0});
        std::vector<double> first(2);
        std::vector<double> again(2);
        points->at(place.wide, first);
        std::vector<double> lost(place.wide.size(), std::numeric_limits<double>::quiet_NaN());
        points->at(lost, again);
        QVERIFY(!std::isfinite(again[0]));
        points->at(place.wide, again);
        QCOMPARE(again, first);
    }

    void what_cannot_be_had_is_said()
    {
        Place place;
        const auto said = [&](const PointRequest& request) {
            return refusal([&] { place.objective->point_values({}, request); });
        };
        const QString much = said({.values = {"train_loss"}, .train_sample = 33});
        QVERIFY2(much.startsWith("train_sample: 33") && much.contains("32"), qPrintable(much));
        const QString tests = said({.values = {"test_loss"}, .test_sample = 17});
        QVERIFY2(tests.startsWith("test_sample: 17") && tests.contains("16"), qPrintable(tests));
        // A split that nobody asks for may be as small as it likes.
        QVERIFY(said({.values = {"train_loss"}, .train_sample = 4, .test_sample = 999}).isEmpty());
        QVERIFY(said({.values = {}}).startsWith("values: name at least one"));
        QVERIFY(said({.values = {"train_los"}, .train_sample = 4}).contains("did you mean \"train_loss\""));
        QVERIFY(said({.values = {"train_loss", "train_loss"}, .train_sample = 4}).contains("twice"));
    }
};

QTEST_APPLESS_MAIN(PointValuesTest)
#include "point_values_test.moc"
