// Slices of a network through LibTorch: every point against a curvature's loss there, and the Hessian's directions.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/slice/make_plane.h"
#include "core/slice/slice.h"
#include "tests/core/network/golden.h"

using namespace basin;

class NetworkSliceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hessian_directions_and_every_point()
    {
        const golden::Network golden;
        QTemporaryDir folder;
        golden.write_files(folder);
        const auto backend = make_cpu_backend(1);
        Params params = golden.params(folder, "mnist", "mlp");
        params.set("widths", std::vector<double>{6});
        params.set("activation", std::string("tanh"));
        const auto objective = make_network_objective(golden::entry("mlp"), params, *backend, golden.seed());
        std::vector<float> theta(objective->dim());
        objective->start(theta, {}, 1, {}, golden.seed());

        PlaneRequest request;
        request.kind = PlaneKind::hessian_top;
        request.sample = 20;
        request.seed = 3;
        request.lanes = {{"SGD", {0}, {std::make_shared<const std::vector<float>>(theta)}}};
        SliceSpec spec;
        spec.plane = make_plane(request, *objective);
        const auto curvature = objective->curvature(theta, {}, {.sample = 20, .seed = 3});
        for (std::size_t i = 0; i < 2; ++i) {
            const std::vector<double>& d = spec.plane.directions[i];
            const double value = spec.plane.numbers[2 * i].second;
            std::vector<double> image(d.size());
            curvature->product(CurvatureMatrix::hessian, d, image);
            for (std::size_t k = 0; k < d.size(); ++k) {
                image[k] -= value * d[k];
            }
            QVERIFY(norm(image) <= 1e-3 * spec.plane.numbers[0].second);  // the wanted residual, of |H|
        }

        spec.axes = {{-1, 1, 5}, {-1, 1, 4}};
        spec.points = {.values = {"train_loss", "test_accuracy"}, .train_sample = 20, .test_sample = 0, .seed = 3};
        Slice slice(spec);
        const auto values = objective->point_values({}, spec.points);
        slice.advance(*values, nullptr, std::numeric_limits<std::size_t>::max());
        std::vector<double> point(objective->dim());
        for (std::size_t at = 0; at < 20; ++at) {
            spec.plane.at(spec.axes[0].at(at % 5), spec.axes[1].at(at / 5), point);
            const double direct = curvature->evaluate(point, {});
            // Both in float, summed in other batches.
            QVERIFY(std::abs(slice.values().of("train_loss")[at] - direct) < 2e-6 * std::max(1.0, direct));
            const std::vector<float> narrow(point.begin(), point.end());
            const std::vector<double> metrics = objective->metrics(narrow, {});
            QCOMPARE(slice.values().of("test_accuracy")[at], metrics[2]);
        }
    }
};

QTEST_APPLESS_MAIN(NetworkSliceTest)
#include "network_slice_test.moc"
