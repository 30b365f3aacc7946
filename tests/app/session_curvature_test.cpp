// A person looks at curvature and slices of a network, in the real window.
#include <QCheckBox>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QRegularExpression>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <cmath>
#include <filesystem>

#include "core/network/network.h"
#include "core/run/slice_files.h"
#include "session.h"
#include "widgets/panels/lane_table.h"
#include "widgets/panels/sharpness_panel.h"
#include "widgets/panels/slice_panel.h"
#include "widgets/panels/slice_presenter.h"
#include "widgets/panels/spectrum_panel.h"

using namespace basin;

namespace {

using State = RunController::State;

ExperimentSpec moons(const char* extra = "")
{
    const std::string json = std::string(R"({"version": 1, "name": "moons", "steps": 400,
        "objective": {"network": "mlp", "dataset": "two_moons", "moons": {"count": 200}, "batch_size": 50, "widths": [8],
                      "activation": "tanh"},
        "lanes": [{"label": "SGD", "optimizer": "sgd", "step_size": 0.2},
                  {"label": "SAM", "optimizer": "sam", "step_size": 0.2, "rho": 0.1}])") +
                             extra + "}";
    return parse_spec(json, "test");
}

QString text(const Session& session, const char* label)
{
    return session.find<QLabel>(QString::fromLatin1(label))->text();
}

}  // namespace

class SessionCurvatureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!networks_available()) {
            QSKIP("this build has no networks");
        }
    }

    void measured_now_beside_the_run()
    {
        Session session;
        QVERIFY(session.open(moons(), false));
        session.run().setPace(RunController::kUnlimited);
        session.run().start();
        QVERIFY(session.waitFor(State::finished));
        session.find<QDockWidget>("spectrumDock")->raise();
        QVERIFY(session.frames(2));
        session.click("spectrumNow");
        auto* spectrum = session.find<SpectrumPanel>("spectrumPanel");
        QTRY_VERIFY_WITH_TIMEOUT(spectrum->chart().curves().size() == 2 && spectrum->chart().curves()[1].spectrum,
                                 kPatience);
        QCOMPARE(spectrum->chart().curves()[0].spectrum->eigenvalues.size(), std::size_t{10});
        QVERIFY(text(session, "spectrumWords").contains(QStringLiteral("SAM, step 400 (live): top ")));

        session.find<QDockWidget>("sharpnessDock")->raise();
        QVERIFY(session.frames(2));
        session.click("sharpnessNow");
        auto* table = session.find<LaneTable>("sharpnessTable");
        QTRY_VERIFY_WITH_TIMEOUT(table->table().contains("\"SAM\",\"400\","), kPatience);
        // The top eigenvalue is the spectrum's: both to their residuals, on one sample.
        const double top = spectrum->chart().curves()[1].spectrum->eigenvalues.front();
        const CurveReadout readout = session.find<SharpnessPanel>("sharpnessPanel")->chart().readout(100);
        QVERIFY(readout.lines.size() >= 2);
        QVERIFY2(std::abs(readout.lines[1].y - top) < 2e-3 * std::abs(top), "two probes, one eigenvalue");
    }

    void what_it_takes_is_said_before_the_first_one()
    {
        Session session;
        QVERIFY(session.open(moons(), false));
        session.find<QDockWidget>("spectrumDock")->raise();
        // Not one step has been done yet; a product is a gradient and some of 200 points.
        QTRY_VERIFY_WITH_TIMEOUT(
            text(session, "spectrumActivity").startsWith(QStringLiteral("A lane takes up to about ")), kPatience);
        const QString before = text(session, "spectrumActivity");
        QVERIFY2(before.contains(QRegularExpression(QStringLiteral(", up to \\d+ products, \\d+ MB$"))),
                 qPrintable(before));
        session.find<QCheckBox>("spectrumLayers")->setChecked(true);
        QTRY_VERIFY_WITH_TIMEOUT(text(session, "spectrumActivity") != before, kPatience);
    }

    void layers_and_eigenvectors_by_hand()
    {
        Session session;
        QVERIFY(session.open(moons(), false));
        session.run().setPace(RunController::kUnlimited);
        session.run().start();
        QVERIFY(session.waitFor(State::finished));
        session.find<QDockWidget>("spectrumDock")->raise();
        session.find<QCheckBox>("spectrumLayers")->setChecked(true);
        session.find<QCheckBox>("spectrumVectors")->setChecked(true);
        QVERIFY(session.frames(2));
        session.click("spectrumNow");
        auto* spectrum = session.find<SpectrumPanel>("spectrumPanel");
        QTRY_VERIFY_WITH_TIMEOUT(spectrum->chart().curves().size() == 2 && spectrum->chart().curves()[1].spectrum,
                                 kPatience);
        auto* layer = session.find<QComboBox>("spectrumLayer");
        QCOMPARE(layer->count(), 5);
        layer->setCurrentText(QStringLiteral("hidden1.weight"));  // 8 x 2
        QCOMPARE(spectrum->chart().curves()[0].spectrum->eigenvalues.size(), std::size_t{10});
        QTemporaryDir folder;
        QCOMPARE(spectrum->save_vectors(folder.path()), QString());
        QFile file(folder.filePath(QStringLiteral("eigenvectors_hidden1.weight_1_400.npy")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("'shape': (10, 16)"));
        QVERIFY(session.find<QToolButton>("spectrumSaveVectors")->isVisible());
    }

    void scheduled_ones_come_by_themselves()
    {
        Session session;
        QVERIFY(session.open(moons(R"(, "probes": [{"probe": "sharpness", "every": 100, "sample": 0}])"), false));
        session.run().setPace(RunController::kUnlimited);
        session.run().start();
        QVERIFY(session.waitFor(State::finished));
        // What the experiment measures by itself is in front.
        QTRY_VERIFY(!session.find<QWidget>("sharpnessPanel")->visibleRegion().isEmpty());
        auto* panel = session.find<SharpnessPanel>("sharpnessPanel");
        QTRY_VERIFY_WITH_TIMEOUT(panel->chart().x_range().high >= 100, kPatience);  // epochs of four steps
        QTRY_VERIFY_WITH_TIMEOUT(panel->table().table().contains("\"SGD\",\"400\","), kPatience);
    }

    void a_plane_through_the_paths()
    {
        Session session;
        QVERIFY(session.open(moons(), false));
        session.run().setPace(RunController::kUnlimited);
        session.run().start();
        QVERIFY(session.waitFor(State::finished));
        auto* centre = session.find<QTabWidget>("centre");
        auto* panel = session.find<SlicePanel>("slicePanel");
        centre->setCurrentWidget(panel);
        session.find<QComboBox>("sliceCount")->setCurrentIndex(0);
        session.click("sliceCompute");
        QTRY_VERIFY_WITH_TIMEOUT(text(session, "sliceState").startsWith(QStringLiteral("441 points in ")), kPatience);
        QCOMPARE(panel->chart().paths().size(), std::size_t{2});
        QVERIFY(panel->chart().paths()[0].stops.size() > 10);
        QCOMPARE(panel->chart().paths()[0].stops.back().step, std::uint64_t{400});
        QVERIFY(text(session, "sliceWords").contains(QStringLiteral("of the paths' variation lies along α, ")));

        // Saved, opened again, and refused where the experiment is another.
        auto* presenter = session.window().findChild<SlicePresenter*>();
        presenter->save(session.path("slice"));
        const SavedSlice saved = load_slice(session.path("slice").toStdString());
        QCOMPARE(saved.values.done, std::size_t{441});
        presenter->save(session.path("slice.png"));
        QVERIFY(!QImage(session.path("slice.png")).isNull());
        presenter->save(session.path("slice.csv"));
        QFile table(session.path("slice.csv"));
        QVERIFY(table.open(QIODevice::ReadOnly));
        QCOMPARE(table.readLine(), QByteArray("alpha,beta,\"training loss\",\"training accuracy\"\n"));
        QCOMPARE(table.readAll().count('\n'), 441);
        panel->begin();
        presenter->open(session.path("slice"));
        QTRY_VERIFY_WITH_TIMEOUT(text(session, "sliceState").startsWith(QStringLiteral("441 points")), kPatience);
        session.run().setSeed(99);
        QTRY_COMPARE_WITH_TIMEOUT(session.run().state(), State::ready, kPatience);
        presenter->open(session.path("slice"));
        QTRY_VERIFY_WITH_TIMEOUT(text(session, "sliceState").contains(QStringLiteral("another")), kPatience);
    }

    // Thetas come and go while paths are thinned, and a new one may lie where an old one lay.
    void paths_stand_where_their_thetas_are()
    {
        Session session;
        ExperimentSpec spec = moons();
        spec.steps = 100000;
        QVERIFY(session.open(spec, false));
        RunController& run = session.run();
        session.find<QTabWidget>("centre")->setCurrentWidget(session.find<SlicePanel>("slicePanel"));
        session.find<QComboBox>("sliceCount")->setCurrentIndex(0);
        run.setPace(400);
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(run.step() > 100, kPatience);
        session.click("sliceCompute");
        QTRY_VERIFY_WITH_TIMEOUT(text(session, "sliceState").startsWith(QStringLiteral("441 points in ")), kPatience);
        run.setPace(RunController::kUnlimited);
        QTRY_VERIFY_WITH_TIMEOUT(run.step() > 600, kPatience);
        session.click("pause");
        QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
        session.window().findChild<SlicePresenter*>()->save(session.path("plane"));
        const Plane plane = load_slice(session.path("plane").toStdString()).spec.plane;
        const auto& paths = session.find<SlicePanel>("slicePanel")->chart().paths();
        QTRY_COMPARE_WITH_TIMEOUT(paths[1].stops.back().step, run.lanePath(1).steps.back(), kPatience);
        for (std::size_t lane = 0; lane < paths.size(); ++lane) {
            const LanePath path = run.lanePath(lane);
            QCOMPARE(paths[lane].stops.size(), path.steps.size());
            for (std::size_t i = 0; i < path.steps.size(); ++i) {
                const SlicePath::Stop& stop = paths[lane].stops[i];
                const PlanePoint foot = plane.project(std::span<const float>(*path.thetas[i]));
                QCOMPARE(stop.step, path.steps[i]);
                QVERIFY2(std::hypot(stop.alpha - foot.alpha, stop.beta - foot.beta) < 1e-4,
                         qPrintable(QString::number(stop.step)));
            }
        }
    }

    void a_line_between_two_lanes()
    {
        Session session;
        QVERIFY(session.open(moons(), false));
        session.run().setPace(RunController::kUnlimited);
        session.run().start();
        QVERIFY(session.waitFor(State::finished));
        session.find<QTabWidget>("centre")->setCurrentWidget(session.find<SlicePanel>("slicePanel"));
        session.find<QComboBox>("sliceKind")->setCurrentText(QStringLiteral("Line between two lanes"));
        session.click("sliceCompute");
        QTRY_VERIFY_WITH_TIMEOUT(text(session, "sliceState").startsWith(QStringLiteral("51 points in ")), kPatience);
        QVERIFY(text(session, "sliceWords").contains(QStringLiteral("barrier of the training loss: ")));
        // A lane and itself: one sentence, no picture of nothing.
        session.find<QComboBox>("sliceLane1")->setCurrentIndex(0);
        session.click("sliceCompute");
        QTRY_VERIFY_WITH_TIMEOUT(text(session, "sliceState").contains(QStringLiteral("direction")), kPatience);
    }
};

int main(int argc, char** argv)
{
    return run_session_test<SessionCurvatureTest>(argc, argv);
}
#include "session_curvature_test.moc"
