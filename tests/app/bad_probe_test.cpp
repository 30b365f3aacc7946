// What measurements are not given: wrong words end with status 2 before anything begins; what only a theta can show (a
// sample that the data do not have, memory, a loss that is not finite) is one sentence beside the step, and the run
// goes on.
#include <QtTest>

#include "workplace.h"

namespace {

QByteArray network_spec(const QByteArray& probe, const QByteArray& network = R"("widths": [4])",
                        const QByteArray& step_size = "0.1")
{
    return R"({"version": 1, "steps": 4, "seed": 3,
        "objective": {"network": "mlp", "dataset": "two_moons", "moons": {"count": 50}, "batch_size": 10, )" +
           network + R"(}, "lanes": [{"label": "A", "optimizer": "sgd", "step_size": )" + step_size +
           R"(}], "probes": [)" + probe + "]}";
}

}  // namespace

class BadProbeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wrong_words_data()
    {
        QTest::addColumn<QByteArray>("probe");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* probe, const char* expected) {
            QTest::newRow(name) << QByteArray(probe) << QByteArray("a.json: probes[0]") + expected;
        };
        row("misspelt probe", R"({"probe": "hesian_spectrum"})", ".probe must be ");
        row("the probe that was meant", R"({"probe": "sharpnes"})", ".probe must be ");
        row("misspelt key", R"({"probe": "sharpness", "roh": 0.1})", " has no key \"roh\"; did you mean \"rho\"?");
        row("key of another probe", R"({"probe": "hessian_trace", "rho": 0.1})", " has no key \"rho\"");
        row("a radius of zero", R"({"probe": "sharpness", "rho": 0})", ".rho must be ");
        row("a scale below zero", R"({"probe": "sharpness", "sigma": -0.1})", ".sigma must be ");
        row("one pair", R"({"probe": "sharpness", "pairs": 1})", ".pairs must be ");
        row("no steps of ascent", R"({"probe": "sharpness", "ascent_steps": 0})", ".ascent_steps must be ");
        row("a tolerance above 1", R"({"probe": "hessian_spectrum", "tolerance": 2})", ".tolerance must be ");
        row("half an eigenvalue", R"({"probe": "hessian_spectrum", "top": 2.5})", ".top must be ");
        row("too many eigenvalues", R"({"probe": "hessian_spectrum", "bottom": 101})", ".bottom must be ");
        row("no steps of Lanczos", R"({"probe": "hessian_spectrum", "steps": 0})", ".steps must be ");
        row("probes below zero", R"({"probe": "hessian_spectrum", "probes": -1})", ".probes must be ");
        row("unknown matrix", R"({"probe": "hessian_spectrum", "matrix": "fisher"})", ".matrix must be ");
        row("unknown layers", R"({"probe": "hessian_spectrum", "layers": "conv1"})", ".layers must be ");
        row("eigenvectors in words", R"({"probe": "hessian_spectrum", "eigenvectors": "all"})",
            ".eigenvectors must be ");
        row("unknown method", R"({"probe": "hessian_trace", "method": "hutch"})", ".method must be ");
        row("too few products", R"({"probe": "hessian_trace", "maximum_products": 5})", ".maximum_products must be ");
        row("a sample below zero", R"({"probe": "hessian_trace", "sample": -1})", ".sample must be ");
        row("no memory", R"({"probe": "hessian_trace", "memory": 0})", ".memory must be ");
        row("an interval below zero", R"({"probe": "sharpness", "every": -5})", ".every must be ");
    }
    void wrong_words()
    {
        QFETCH(QByteArray, probe);
        QFETCH(QByteArray, expected);
        const Workplace place;
        place.write(QStringLiteral("a.json"), network_spec(probe));
        const auto before = place.contents();
        const Workplace::Result result =
            place.run({QStringLiteral("a.json"), QStringLiteral("--out"), QStringLiteral("r")});
        QVERIFY(!result.crashed);
        QVERIFY2(result.status == 2, result.error.constData());
        QCOMPARE(result.error.count('\n'), 1);
        QVERIFY2(result.error.contains(expected), result.error.constData());
        QCOMPARE(place.contents(), before);
    }

    void what_shows_at_theta_data()
    {
        QTest::addColumn<QByteArray>("probe");
        QTest::addColumn<QByteArray>("objective");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* probe, const char* objective, const char* expected) {
            QTest::newRow(name) << QByteArray(probe) << QByteArray(objective) << QByteArray(expected);
        };
        row("a sample larger than the data", R"({"probe": "sharpness", "every": 2, "sample": 51})", R"("widths": [4])",
            "sample: 51 examples are wanted, but there are 50");
        row("memory that does not fit",
            R"({"probe": "hessian_spectrum", "every": 2, "sample": 0, "steps": 2000, "memory": 1})",
            R"("widths": [400])",
            "memory: is 1 MB and this measurement needs 128.1 MB; allow as much, or take fewer steps");
        row("a loss that is not finite", R"({"probe": "sharpness", "every": 4, "sample": 0, "sigma": 1})",
            R"("widths": [400], "activation": "relu")", "the loss is not finite at step 4");
        row("the distance to a measure that no network has", R"({"probe": "gibbs_distance", "every": 2})",
            R"("widths": [4])", "gibbs_distance: needs a landscape");
    }
    void what_shows_at_theta()
    {
        QFETCH(QByteArray, probe);
        QFETCH(QByteArray, objective);
        QFETCH(QByteArray, expected);
        const Workplace place;
        place.write(QStringLiteral("a.json"),
                    network_spec(probe, objective, expected.contains("finite") ? "1e6" : "0.1"));
        const Workplace::Result result =
            place.run({QStringLiteral("a.json"), QStringLiteral("--out"), QStringLiteral("r")});
        QVERIFY(!result.crashed);
        const QByteArray said =
            result.error + place.read(QStringLiteral("r/probes/0_") + QString::fromLatin1(probe.split('"').value(3)) +
                                      QStringLiteral("_notes.csv"));
        QVERIFY2(said.contains(expected), said.constData());
        // Either it was refused at once, or the run went on to its end.
        QVERIFY2(result.status == 2 || place.contents().contains(QStringLiteral("r/theta_0.npy")),
                 result.error.constData());
    }
};

QTEST_GUILESS_MAIN(BadProbeTest)
#include "bad_probe_test.moc"
